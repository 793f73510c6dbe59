/// Finds the unit at the end of a value: `5 \text{ cm}^2`, `9.8\ \text{m/s}^2`, `12 km/h`, `7 students`,
/// `5\,\frac{\text{m}}{\text{s}}`.
struct UnitScanner {
  let text: Bytes
  /// Where the value with its unit ends.
  let end: Int
  /// Whether nothing, not even a blank, follows: only then is a `\text{…}` taken for a unit, as Math-Verify does.
  let isTight: Bool

  /// A unit is not longer.
  private static let longest = 96

  /// What a unit is made of.
  private struct Parts {
    var strength = UnitWords.Strength.word
    var count = 0
    /// Words in `\text{…}` or the like.
    var isStyled = false
    var isOpenSlash = false
  }

  /// Where the value before a trailing unit ends; nil where there is no unit.
  func valueEnd(from start: Int) -> Int? {
    var first = max(start + 1, end - Self.longest)
    while first < end {
      defer { first += 1 }
      let byte = text[first]
      guard byte.isLetter || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "{"),
        !(byte.isLetter && text[first - 1].isLetter),
        !(byte.isLetter && text[first - 1] == UInt8(ascii: "\\"))
      else { continue }
      var parts = Parts()
      guard unit(first, end, depth: 0, into: &parts), parts.count > 0 else { continue }
      if let value = value(before: first, start: start, parts) { return value }
    }
    return nil
  }

  // MARK: units

  /// Whether `range` is nothing but units.
  private func unit(_ start: Int, _ end: Int, depth: Int, into parts: inout Parts) -> Bool {
    var index = skippingBlanks(start, end)
    var isFirst = true
    while index < end {
      if !isFirst, let next = separatorEnd(index) { index = skippingBlanks(next, end) }
      guard let next = atom(index, end, depth: depth, into: &parts) else { return false }
      index = skippingBlanks(exponentEnd(next, end), end)
      isFirst = false
    }
    return !isFirst
  }

  private func separatorEnd(_ index: Int) -> Int? {
    if text[index] == UInt8(ascii: "/") || text[index] == UInt8(ascii: "*") { return index + 1 }
    return text.matches("\\cdot", at: index) ? index + 5 : nil
  }

  private func atom(_ index: Int, _ end: Int, depth: Int, into parts: inout Parts) -> Int? {
    guard index < end, depth < 4 else { return nil }
    if text[index].isLetter { return word(index, end, into: &parts) }
    if text.matches("\\text{", at: index) || text.matches("\\mbox{", at: index) {
      guard let close = closing(index + 5, end), close > index + 7,
        text[close - 2] != UInt8(ascii: "%")
      else { return nil }
      parts.count += 1
      parts.isStyled = true
      return close
    }
    if text.matches("\\frac{", at: index), let middle = closing(index + 5, end),
      text.byte(at: middle) == UInt8(ascii: "{"), let close = closing(middle, end),
      unit(index + 6, middle - 1, depth: depth + 1, into: &parts),
      unit(middle + 1, close - 1, depth: depth + 1, into: &parts)
    {
      return close
    }
    if text[index] == UInt8(ascii: "{"), let close = closing(index, end),
      unit(index + 1, close - 1, depth: depth + 1, into: &parts)
    {
      return close
    }
    return nil
  }

  private func word(_ start: Int, _ end: Int, into parts: inout Parts) -> Int? {
    var cursor = start
    while cursor < end, text[cursor].isLetter { cursor += 1 }
    guard let strength = UnitWords.strength(Bytes(text[start..<cursor])) else { return nil }
    if parts.count == 0 || strength.rawValue > parts.strength.rawValue { parts.strength = strength }
    parts.count += 1
    return cursor
  }

  /// After `^2`, `^{2}` or `^{-1}`.
  private func exponentEnd(_ start: Int, _ end: Int) -> Int {
    let index = skippingBlanks(start, end)
    guard index < end, text[index] == UInt8(ascii: "^"), let next = text.byte(at: index + 1) else {
      return start
    }
    if next.isDigit { return index + 2 }
    guard next == UInt8(ascii: "{"), let close = closing(index + 1, end), close <= index + 6,
      text[(index + 2)..<(close - 1)].allSatisfy({ $0.isDigit || $0 == UInt8(ascii: "-") })
    else { return start }
    return close
  }

  private func closing(_ open: Int, _ end: Int) -> Int? {
    var depth = 0
    for index in open..<max(open, end) {
      if text[index] == UInt8(ascii: "{") { depth += 1 }
      if text[index] == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { return index + 1 }
      }
    }
    return nil
  }

  private func skippingBlanks(_ start: Int, _ end: Int) -> Int {
    var index = start
    while index < end {
      if text[index].isSpace {
        index += 1
      } else if text[index] == UInt8(ascii: "\\"), let next = text.byte(at: index + 1),
        Bytes(",;: !".utf8).contains(next)
      {
        index += 2
      } else {
        break
      }
    }
    return index
  }

  // MARK: the value before

  /// Where the value before a unit ends, if it is one that a unit can follow.
  private func value(before unit: Int, start: Int, _ parts: Parts) -> Int? {
    var blank = unit
    while blank > start {
      if text[blank - 1].isSpace {
        blank -= 1
      } else if blank - 1 > start, text[blank - 2] == UInt8(ascii: "\\"),
        Bytes(",;: !".utf8).contains(text[blank - 1])
      {
        blank -= 2
      } else if blank - 4 > start, text[..<blank].suffix(5).elementsEqual("\\quad".utf8) {
        blank -= 5
      } else {
        break
      }
    }
    guard blank > start else { return nil }
    let last = text[blank - 1]
    let isGroup =
      last == UInt8(ascii: "}") || last == UInt8(ascii: ")") || last == UInt8(ascii: "]")
    let isAfterBlank = blank < unit
    if parts.isStyled {
      guard isTight else { return nil }
      let isName = last.isLetter || last == UInt8(ascii: "!") || last == UInt8(ascii: "%")
      return last.isDigit || isGroup || isName || last == UInt8(ascii: ".") ? blank : nil
    }
    switch parts.strength {
    case .word:
      return isAfterBlank || last.isDigit || last == UInt8(ascii: "}") ? blank : nil
    case .short:
      if isPlainNumber(start, blank) { return blank }
      return isAfterBlank && (last.isDigit || isGroup) ? blank : nil
    case .letter:
      if parts.count > 1 { return isPlainNumber(start, blank) ? blank : nil }
      return isAfterBlank && isPlainNumber(start, blank) ? blank : nil
    }
  }

  /// Whether digits alone stand before `end`, back to the start or to an equals sign.
  private func isPlainNumber(_ start: Int, _ end: Int) -> Bool {
    var index = end
    while index > start {
      let byte = text[index - 1]
      guard byte.isDigit || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",") else { break }
      index -= 1
    }
    guard index < end else { return false }
    while index > start, text[index - 1].isSpace { index -= 1 }
    if index > start, text[index - 1] == UInt8(ascii: "-") { index -= 1 }
    while index > start, text[index - 1].isSpace { index -= 1 }
    return index == start || Bytes("=,;(<>≈".utf8).contains(text[index - 1])
  }
}
