/// Rewrites mathematical characters that the grammar does not know as LaTeX: superscripts, roots,
/// fractions, the middle dot, ∈.
enum UnicodeMath {
  /// The plain character of a raised one, by its scalar.
  private static let superscripts: [UInt32: UInt8] = {
    var table: [UInt32: UInt8] = [:]
    for (raised, plain) in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿ".unicodeScalars, "0123456789-n".utf8) {
      table[raised.value] = plain
    }
    return table
  }()
  private static let spellings: [(String, String)] = [
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

  private static let symbols: [UInt32: Bytes] = {
    var table: [UInt32: Bytes] = [:]
    for (symbol, latex) in spellings {
      if let scalar = symbol.unicodeScalars.first { table[scalar.value] = Bytes(latex.utf8) }
    }
    return table
  }()

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
      } else {
        let (scalar, length) = text.scalar(at: index)
        if let latex = symbols[scalar] {
          result += latex
        } else {
          result += text[index..<index + length]
        }
        index += length
      }
    }
    return result
  }

  /// More raised characters in a row are no power of an answer.
  private static let longestPower = 16

  /// A run of superscript characters as plain ones.
  static func superscript(_ text: Bytes, at start: Int) -> (Bytes, Int)? {
    var digits = Bytes()
    var index = start
    while index < text.count, text[index] >= 0x80, digits.count < longestPower {
      let (scalar, length) = text.scalar(at: index)
      guard let plain = superscripts[scalar] else { break }
      digits.append(plain)
      index += length
    }
    return digits.isEmpty ? nil : (digits, index)
  }
}
