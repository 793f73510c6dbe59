/// Combinations and permutations with their numbers beside the letter.
extension LatexNormalizer {
  /// `{}^{12}C_5` and `_{12}C_{5}` become `\binom{12}{5}`, with P a quotient of factorials.
  mutating func expandChoices() {
    expandRaisedChoices()
    guard let mark = choiceLetter() else { return }
    guard let (lower, end) = choiceNumber(after: mark + 1, sign: UInt8(ascii: "_")),
      let (upper, start) = numberBefore(mark)
    else { return }
    let isCombination = text[mark] == UInt8(ascii: "C")
    let value =
      isCombination
      ? "\\binom{\(upper.text)}{\(lower.text)}"
      : "\\frac{(\(upper.text))!}{((\(upper.text))-(\(lower.text)))!}"
    setText(Bytes(text[..<start]) + Bytes(value.utf8) + text[end...])
  }

  /// `C_{10}^{4}`, four of ten as it is written in China; only with two numbers, the lower one not smaller.
  private mutating func expandRaisedChoices() {
    guard let mark = text.firstIndex(of: "C_", from: 0),
      !(text.byte(at: mark - 1).map { $0.isLetter || $0.isDigit || $0 == 0x7D || $0 == 0x5C }
        ?? false),
      let (lower, middle) = choiceNumber(after: mark + 1, sign: UInt8(ascii: "_")),
      let (upper, end) = choiceNumber(after: middle, sign: UInt8(ascii: "^")),
      let total = Int(lower.text), let chosen = Int(upper.text), total >= chosen, chosen >= 0
    else { return }
    let value = Bytes("\\binom{\(total)}{\(chosen)}".utf8)
    setText(Bytes(text[..<mark]) + value + text[end...])
  }

  /// A C or P that a number in a raised or lowered place precedes.
  private func choiceLetter() -> Int? {
    guard text.count > 3 else { return nil }
    for index in 2..<(text.count - 1)
    where text[index] == UInt8(ascii: "C") || text[index] == UInt8(ascii: "P") {
      let before = text[index - 1]
      if text[index + 1] == UInt8(ascii: "_"), before == UInt8(ascii: "}") || before.isDigit {
        return index
      }
    }
    return nil
  }

  private func choiceNumber(after start: Int, sign: UInt8) -> (Bytes, Int)? {
    guard text.byte(at: start) == sign, let first = text.byte(at: start + 1) else { return nil }
    if first.isDigit || first.isLetter { return ([first], start + 2) }
    guard first == UInt8(ascii: "{"),
      let close = text[start...].prefix(16).firstIndex(of: UInt8(ascii: "}")), close > start + 2
    else { return nil }
    return (Bytes(text[(start + 2)..<close]), close + 1)
  }

  /// The raised or lowered number that ends before the letter, where nothing else stands before it that could bear it.
  private func numberBefore(_ mark: Int) -> (Bytes, Int)? {
    for length in 2..<18 {
      let start = mark - length
      guard start >= 0 else { return nil }
      guard text[start] == UInt8(ascii: "^") || text[start] == UInt8(ascii: "_"),
        let (number, end) = choiceNumber(after: start, sign: text[start]), end == mark
      else { continue }
      if start >= 2, text[start - 1] == UInt8(ascii: "}"), text[start - 2] == UInt8(ascii: "{") {
        return (number, start - 2)
      }
      let before = text.byte(at: start - 1) ?? UInt8(ascii: " ")
      let isFree = before.isSpace || Bytes("=+-*(,{".utf8).contains(before)
      return isFree ? (number, start) : nil
    }
    return nil
  }
}
