/// Repairs operators that are missing their braces.
extension LatexNormalizer {
  mutating func fixOperators() {
    if text.contains("sqrt") || text.contains(UInt8(ascii: "^")) { braceCalls() }
    if text.contains("\\frac") {
      splitDigits(after: "\\frac")
    }
    if text.contains("\\binom") { splitDigits(after: "\\binom") }
    if text.contains("\\log_") { splitDigits(after: "\\log_") }
    if text.contains("\\frac") {
      braceDenominators()
      braceNumerators()
    }
    if text.contains("sqrt") {
      braceRoots()
    }
    if text.contains("\\frac") { braceFractions() }
    braceSlash()
  }

  /// `^(…)` becomes `^{…}` and `\sqrt(…)` becomes `\sqrt{…}`.
  private mutating func braceCalls() {
    let closings = closings(of: UInt8(ascii: "("), UInt8(ascii: ")"))
    var result = text
    for index in text.indices {
      var open = index + 1
      if text[index] == UInt8(ascii: "\\"), text.matches("\\sqrt", at: index) {
        open = index + 5
      } else if text[index] != UInt8(ascii: "^") {
        continue
      }
      if let byte = text.byte(at: open), byte.isSpace { open += 1 }
      guard text.byte(at: open) == UInt8(ascii: "("), let close = closings[open] else { continue }
      result[open] = UInt8(ascii: "{")
      result[close] = UInt8(ascii: "}")
    }
    setText(result)
  }

  /// Where each bracket that opens is closed.
  private func closings(of open: UInt8, _ close: UInt8) -> [Int: Int] {
    var closings: [Int: Int] = [:]
    var stack: [Int] = []
    for (index, byte) in text.enumerated() {
      if index > 0, text[index - 1] == UInt8(ascii: "\\") { continue }
      if byte == open { stack.append(index) }
      if byte == close, let start = stack.popLast() { closings[start] = index }
    }
    return closings
  }

  /// `\frac12` becomes `\frac{1}{2}`: one digit, then all that follow.
  private mutating func splitDigits(after command: String) {
    let length = command.utf8.count
    rewrite(command) { text, start in
      var first = start + length
      if let byte = text.byte(at: first), byte.isSpace { first += 1 }
      guard let digit = text.byte(at: first), digit.isDigit else { return nil }
      var second = first + 1
      if let byte = text.byte(at: second), byte.isSpace { second += 1 }
      var end = second
      while let byte = text.byte(at: end), byte.isDigit { end += 1 }
      guard end > second else { return nil }
      return (Self.braced([digit], Bytes(text[second..<end]), command), end)
    }
  }

  private static func braced(_ a: Bytes, _ b: Bytes, _ command: String) -> Bytes {
    Bytes(command.utf8) + Bytes("{".utf8) + a + Bytes("}{".utf8) + b + Bytes("}".utf8)
  }

  /// `\frac{a}2` becomes `\frac{a}{2}`.
  private mutating func braceDenominators() {
    let closings = closings(of: UInt8(ascii: "{"), UInt8(ascii: "}"))
    var digits: [Int] = []
    var index = 0
    while let start = text.firstIndex(of: "\\frac", from: index) {
      index = start + 5
      var open = index
      if let byte = text.byte(at: open), byte.isSpace { open += 1 }
      guard text.byte(at: open) == UInt8(ascii: "{"), let close = closings[open] else { continue }
      var digit = close + 1
      if let byte = text.byte(at: digit), byte.isSpace { digit += 1 }
      if let byte = text.byte(at: digit), byte.isDigit { digits.append(digit) }
    }
    guard !digits.isEmpty else { return }
    var result = Bytes()
    var start = 0
    for digit in digits.sorted() {
      result += text[start..<digit]
      result += [UInt8(ascii: "{"), text[digit], UInt8(ascii: "}")]
      start = digit + 1
    }
    setText(result + text[start...])
  }

  /// `\frac1{b}` becomes `\frac{1}{b}`.
  private mutating func braceNumerators() {
    rewrite("\\frac") { text, start in
      var first = start + 5
      if let byte = text.byte(at: first), byte.isSpace { first += 1 }
      guard let digit = text.byte(at: first), digit.isDigit else { return nil }
      var open = first + 1
      if let byte = text.byte(at: open), byte.isSpace { open += 1 }
      guard text.byte(at: open) == UInt8(ascii: "{"),
        let close = text[(open + 1)...].firstIndex(of: UInt8(ascii: "}"))
      else { return nil }
      return (Self.braced([digit], Bytes(text[(open + 1)..<close]), "\\frac"), close + 1)
    }
  }

  /// `\sqrt2` becomes `\sqrt{2}`: one character unless a brace or bracket follows.
  private mutating func braceRoots() {
    rewrite("\\sqrt") { text, start in
      let next = text.skippingSpace(from: start + 5)
      guard let byte = text.byte(at: next) else { return (Bytes("\\sqrt".utf8), next) }
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
        return (Bytes("\\sqrt".utf8), next)
      }
      if byte == UInt8(ascii: "\\") { return (Bytes("\\sqrt".utf8), next) }
      var end = next + 1
      while let more = text.byte(at: end), more.isContinuation { end += 1 }
      return (Bytes("\\sqrt{".utf8) + text[next..<end] + [UInt8(ascii: "}")], end)
    }
  }

  /// `\frac ab` becomes `\frac{a}{b}`, one character each.
  private mutating func braceFractions() {
    let original = text
    var failed = false
    rewrite("\\frac") { text, start in
      let next = text.skippingSpace(from: start + 5)
      let segmentEnd = text.firstIndex(of: "\\frac", from: next) ?? text.count
      if text.byte(at: next) == UInt8(ascii: "{"), next < segmentEnd {
        return (Bytes("\\frac".utf8), next)
      }
      guard segmentEnd - next >= 2 else {
        failed = true
        return nil
      }
      let a = text[next]
      let b = text[next + 1]
      // A command as numerator is for the parser.
      if a == UInt8(ascii: "\\") { return (Bytes("\\frac".utf8), next) }
      if b == UInt8(ascii: "{") || b == UInt8(ascii: "\\") {
        return (Bytes("\\frac{".utf8) + [a, UInt8(ascii: "}")], next + 1)
      }
      return (Self.braced([a], [b], "\\frac"), next + 2)
    }
    if failed { setText(original) }
  }

  /// Exactly `a/b` with integers becomes a fraction.
  private mutating func braceSlash() {
    guard let slash = text.firstIndex(of: UInt8(ascii: "/")) else { return }
    let a = Bytes(text[..<slash])
    let b = Bytes(text[(slash + 1)...])
    guard Self.isCanonicalInteger(a), Self.isCanonicalInteger(b) else { return }
    setText(Self.braced(a, b, "\\frac"))
  }

  /// An integer as it would be printed: no leading zero, no blank.
  private static func isCanonicalInteger(_ text: Bytes) -> Bool {
    let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text[...]
    guard let first = digits.first, digits.allSatisfy(\.isDigit) else { return false }
    return first != UInt8(ascii: "0") || text.count == 1
  }

  /// Rewrites every `command` for which `body` gives a replacement and the position after it.
  private mutating func rewrite(_ command: String, _ body: (Bytes, Int) -> (Bytes, Int)?) {
    var result = Bytes()
    result.reserveCapacity(text.count + 8)
    var index = 0
    while index < text.count {
      if text[index] == UInt8(ascii: "\\"), text.matches(command, at: index),
        let (replacement, end) = body(text, index)
      {
        result += replacement
        index = end
      } else {
        result.append(text[index])
        index += 1
      }
    }
    setText(result)
  }
}
