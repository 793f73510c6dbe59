/// Units at the end of an answer, or of the elements of a list, are dropped.
extension LatexNormalizer {
  mutating func dropUnits() {
    guard text.contains(where: \.isLetter) else { return }
    loosenPercent()
    dropDegreeScale()
    var result = Bytes()
    result.reserveCapacity(text.count)
    var start = 0
    for end in elementEnds() {
      result += withoutUnits(start, end)
      if end < text.count { result.append(text[end]) }
      start = end + 1
    }
    setText(result)
  }

  /// "percent" in text with a blank after it is a name, as in Math-Verify, where only what ends an answer is a unit.
  private mutating func loosenPercent() {
    guard text.last?.isSpace == true else { return }
    let mark = Bytes("\\text{\\%}".utf8)
    let plain = text.trimmed()
    guard plain.suffix(mark.count).elementsEqual(mark) else { return }
    setText(Bytes(plain.dropLast(mark.count)) + Bytes("\\text{percent} ".utf8))
  }

  /// The Celsius or Fahrenheit that follows a degree sign.
  private mutating func dropDegreeScale() {
    let plain = text.trimmed()
    for scale in ["C", "F", "\\text{C}", "\\text{F}"]
    where plain.suffix(scale.utf8.count).elementsEqual(scale.utf8) {
      let rest = Bytes(plain.dropLast(scale.utf8.count)).trimmed()
      for sign in ["^\\circ", "^{\\circ}", "\\degree"]
      where rest.suffix(sign.utf8.count).elementsEqual(sign.utf8) {
        setText(rest)
        return
      }
    }
  }

  /// The commas and semicolons of a list, and the end.
  private func elementEnds() -> [Int] {
    var ends: [Int] = []
    var depth = 0
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "\\") {
        index += 2
        continue
      }
      if byte == UInt8(ascii: "{") { depth += 1 }
      if byte == UInt8(ascii: "}") { depth -= 1 }
      if depth == 0, byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";"), index > 0,
        ends.count < 256
      {
        ends.append(index)
      }
      index += 1
    }
    ends.append(text.count)
    return ends
  }

  /// Whether `^2` or `^{3}` stands before `end`.
  private func endsInPower(_ end: Int) -> Bool {
    guard end > 3 else { return false }
    if text[end - 1].isDigit { return text[end - 2] == UInt8(ascii: "^") }
    return text[end - 1] == UInt8(ascii: "}") && text[end - 2].isDigit
      && text[end - 3] == UInt8(ascii: "{") && text[end - 4] == UInt8(ascii: "^")
  }

  private func withoutUnits(_ start: Int, _ end: Int) -> Bytes {
    var end = end
    let isNamed = text.matches("\\text{", at: 0)
    for _ in 0..<3 {
      var last = end
      while last > start, text[last - 1].isSpace { last -= 1 }
      guard last > start + 1,
        let value = UnitScanner(
          text: text, end: last,
          isTight: last == end || end < text.count || isNamed || endsInPower(last)
        )
        .valueEnd(from: start)
      else { break }
      end = value
    }
    return Bytes(text[min(start, end)..<end])
  }
}
