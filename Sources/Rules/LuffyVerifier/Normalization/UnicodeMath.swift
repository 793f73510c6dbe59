/// Rewrites mathematical characters that the grammar does not know as LaTeX: superscripts, roots,
/// fractions, the middle dot, ∈.
enum UnicodeMath {
  private static let superscripts: [(String, String)] = [
    ("⁰", "0"), ("¹", "1"), ("²", "2"), ("³", "3"), ("⁴", "4"), ("⁵", "5"), ("⁶", "6"),
    ("⁷", "7"), ("⁸", "8"), ("⁹", "9"), ("⁻", "-"), ("ⁿ", "n"),
  ]
  private static let symbols: [(String, String)] = [
    ("√", "\\sqrt"), ("·", "\\cdot "), ("∈", "\\in "),
    ("…", "\\ldots "), ("–", "-"), ("⁄", "/"), ("∑", "\\sum "), ("∫", "\\int "),
    ("∏", "\\prod "), ("∣", "\\mid "),
    ("，", ","), ("：", ":"), ("；", ";"), ("（", "("), ("）", ")"), ("％", "%"), ("＝", "="), ("、", ","),
    ("。", "."), ("－", "-"), ("＋", "+"),
    ("₀", "_{0}"), ("₁", "_{1}"), ("₂", "_{2}"), ("₃", "_{3}"), ("₄", "_{4}"), ("₅", "_{5}"),
    ("₆", "_{6}"), ("₇", "_{7}"), ("₈", "_{8}"), ("₉", "_{9}"),
    ("½", "\\frac{1}{2}"), ("⅓", "\\frac{1}{3}"), ("⅔", "\\frac{2}{3}"), ("¼", "\\frac{1}{4}"),
    ("¾", "\\frac{3}{4}"), ("⅕", "\\frac{1}{5}"), ("⅖", "\\frac{2}{5}"), ("⅗", "\\frac{3}{5}"),
    ("⅘", "\\frac{4}{5}"), ("⅙", "\\frac{1}{6}"), ("⅚", "\\frac{5}{6}"), ("⅛", "\\frac{1}{8}"),
    ("⅜", "\\frac{3}{8}"), ("⅝", "\\frac{5}{8}"), ("⅞", "\\frac{7}{8}"),
  ]

  static func rewritten(_ text: Bytes) -> Bytes {
    guard text.contains(where: { $0 >= 0x80 }) else { return text }
    var result = Bytes()
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if text[index] < 0x80 {
        result.append(text[index])
        index += 1
      } else if let (power, end) = superscript(text, at: index) {
        result += Bytes("^{".utf8) + power + Bytes("}".utf8)
        index = end
      } else if let (name, latex) = symbols.first(where: { text.matches($0.0, at: index) }) {
        result += Bytes(latex.utf8)
        index += name.utf8.count
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }

  /// A run of superscript characters as plain ones.
  private static func superscript(_ text: Bytes, at start: Int) -> (Bytes, Int)? {
    var digits = Bytes()
    var index = start
    while index < text.count,
      let (raised, plain) = superscripts.first(where: { text.matches($0.0, at: index) })
    {
      digits += Bytes(plain.utf8)
      index += raised.utf8.count
    }
    return digits.isEmpty ? nil : (digits, index)
  }
}
