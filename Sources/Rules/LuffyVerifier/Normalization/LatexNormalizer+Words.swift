/// One left-to-right pass over words and command variants; what it writes is not read again.
extension LatexNormalizer {
  mutating func replaceWords() {
    var result = Bytes()
    result.reserveCapacity(text.count + 8)
    var index = 0
    while index < text.count {
      if let (replacement, end) = replacement(at: index) {
        result += Bytes(replacement.utf8)
        index = end
      } else {
        result.append(text[index])
        index += 1
      }
    }
    setText(result)
  }

  private func replacement(at index: Int) -> (String, Int)? {
    switch text[index] {
    case UInt8(ascii: "\\"): return command(at: index)
    case UInt8(ascii: "{"):
      if text.byte(at: index + 1) == UInt8(ascii: ".") { return ("{0.", index + 2) }
      return bracedSeparator(at: index) ?? bracedSign(at: index)
    case UInt8(ascii: "~"):
      return text.byte(at: index + 1) == UInt8(ascii: "=")
        ? ("\\approx", index + 2) : index > 0 ? (" ", index + 1) : nil
    case UInt8(ascii: "."):
      return text.matches("...", at: index) ? ("\\ldots ", index + 3) : nil
    case UInt8(ascii: ","): return comma(at: index)
    case let byte where byte.isSpace: return space(at: index)
    case let byte where byte.isLetter: return word(at: index)
    default: return nil
    }
  }

  private func command(at index: Int) -> (String, Int)? {
    if let end = conjunctionInText(at: index) { return (",", end) }
    if let next = text.byte(at: index + 1), next.isSpace,
      index == 0 || text[index - 1] != UInt8(ascii: "\\")
    {
      return (" ", index + 2)
    }
    return nil
  }

  /// `{,}` between digits: a thousands separator before three digits (`10{,}080`), else a decimal point (`0{,}7`);
  /// elsewhere a comma.
  private func bracedSeparator(at index: Int) -> (String, Int)? {
    guard let end = bracedComma(at: index) else { return nil }
    guard index > 0, text[index - 1].isDigit, text.byte(at: end)?.isDigit ?? false else {
      return (",", end)
    }
    var start = index
    while start > 0, text[start - 1].isDigit { start -= 1 }
    var digits = end
    while let byte = text.byte(at: digits), byte.isDigit { digits += 1 }
    let isGroup =
      digits - end == 3 && index - start <= 3 && text[start] != UInt8(ascii: "0")
      || start > 0 && text[start - 1] == UInt8(ascii: "}") && digits - end == 3
    return (isGroup ? "" : ".", end)
  }

  /// `{:}`, `{=}`, `{<}`: a sign in braces, which changes the spacing only.
  private func bracedSign(at index: Int) -> (String, Int)? {
    guard let sign = text.byte(at: index + 1), text.byte(at: index + 2) == UInt8(ascii: "}") else {
      return nil
    }
    for (byte, name) in [(":", ":"), ("=", "="), ("<", "<"), (">", ">"), ("/", "/")]
    where sign == byte.utf8.first { return (name, index + 3) }
    return nil
  }

  /// `{,}` with any white space.
  private func bracedComma(at index: Int) -> Int? {
    guard text.byte(at: index) == UInt8(ascii: "{") else { return nil }
    let comma = text.skippingSpace(from: index + 1)
    guard text.byte(at: comma) == UInt8(ascii: ",") else { return nil }
    let close = text.skippingSpace(from: comma + 1)
    return text.byte(at: close) == UInt8(ascii: "}") ? close + 1 : nil
  }

  /// `and` or `or` that is not part of a word.
  private func conjunction(at index: Int) -> Int? {
    for (word, length) in [("and", 3), ("or", 2)] where text.matches(word, at: index) {
      if let next = text.byte(at: index + length), next.isLetter { continue }
      return index + length
    }
    return nil
  }

  private func conjunctionInText(at index: Int) -> Int? {
    guard text.matches("\\text{", at: index) else { return nil }
    let start = text.skippingSpace(from: index + 6)
    for (word, length) in [("and", 3), ("or", 2)] where text.matches(word, at: start) {
      let close = text.skippingSpace(from: start + length)
      if text.byte(at: close) == UInt8(ascii: "}") { return close + 1 }
    }
    return nil
  }

  private func isLetterBefore(_ index: Int) -> Bool { index > 0 && text[index - 1].isLetter }

  private func comma(at index: Int) -> (String, Int)? {
    let next = text.skippingSpace(from: index + 1)
    if !isLetterBefore(index), let end = conjunction(at: next) { return (",", end) }
    if let end = conjunctionInText(at: next) { return (",", end) }
    return nil
  }

  private func space(at index: Int) -> (String, Int)? {
    if text.byte(at: index + 1) == UInt8(ascii: "."), text.byte(at: index + 2) != UInt8(ascii: ".")
    {
      return (" 0.", index + 2)
    }
    // Further into a run of blanks nothing begins that did not begin at its first two.
    if index >= 2, text[index - 1].isSpace, text[index - 2].isSpace { return nil }
    let next = text.skippingSpace(from: index)
    if let end = bracedComma(at: next) { return (",", end) }
    if !isLetterBefore(index), let end = conjunction(at: next) { return (",", end) }
    if let end = conjunctionInText(at: next) { return (",", end) }
    if let end = percentWord(at: next) { return ("\\%", end) }
    return nil
  }

  /// percentage, percent or pct as a whole word.
  private func percentWord(at index: Int) -> Int? {
    guard text.byte(at: index) == UInt8(ascii: "p"), index == 0 || !isWord(text[index - 1]) else {
      return nil
    }
    for (word, length) in [("percentage", 10), ("percent", 7), ("pct", 3)]
    where text.matches(word, at: index) {
      if let next = text.byte(at: index + length), isWord(next) { continue }
      return index + length
    }
    return nil
  }

  private func isWord(_ byte: UInt8) -> Bool {
    byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_") || byte >= 0x80
  }

  private func word(at index: Int) -> (String, Int)? {
    switch text[index] {
    case UInt8(ascii: "a"), UInt8(ascii: "o"):
      if !isLetterBefore(index), let end = conjunction(at: index) { return (",", end) }
    case UInt8(ascii: "i"):
      if text.matches("infinity", at: index) { return ("\\infty", index + 8) }
      if text.matches("inf", at: index), !text.matches("inity", at: index + 3),
        index == 0 || text[index - 1] != UInt8(ascii: "\\")
      {
        return ("\\infty", index + 3)
      }
    case UInt8(ascii: "p"): if let end = percentWord(at: index) { return ("\\%", end) }
    default: break
    }
    return nil
  }
}
