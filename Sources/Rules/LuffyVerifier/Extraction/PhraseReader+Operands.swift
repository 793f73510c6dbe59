/// Numbers, names, commands and symbols of a plain phrase.
extension PhraseReader {
  /// Digits with thousands, decimals and an exponent; an integer before a fraction is mixed.
  mutating func number() -> Bool {
    var end = cursor
    while let byte = text.byte(at: end), byte.isDigit { end += 1 }
    var digits = Bytes(text[cursor..<end])
    if (1...3).contains(digits.count), brackets.isEmpty, digits[0] != UInt8(ascii: "0"),
      let mark = text.byte(at: end), mark == UInt8(ascii: ",") || mark == 0x20
    {
      while text.byte(at: end) == mark, let group = threeDigits(at: end + 1) {
        digits += group
        end += 4
      }
    }
    while text.matches("{,}", at: end), let group = threeDigits(at: end + 3) {
      digits += group
      end += 6
    }
    var isInteger = true
    if text.byte(at: end) == UInt8(ascii: "."), let next = text.byte(at: end + 1), next.isDigit {
      let point = end
      end += 1
      while let byte = text.byte(at: end), byte.isDigit { end += 1 }
      digits += text[point..<end]
      isInteger = false
    } else if isDecimalComma(at: end) {
      let comma = end
      end += 1
      while let byte = text.byte(at: end), byte.isDigit { end += 1 }
      digits.append(UInt8(ascii: "."))
      digits += text[(comma + 1)..<end]
      isInteger = false
    }
    let exponent = exponentEnd(at: end)
    if exponent > end {
      digits =
        Bytes("(".utf8) + digits + Bytes("\\times 10^{".utf8)
        + text[(end + 1)..<exponent].filter { $0 != UInt8(ascii: "+") } + Bytes("})".utf8)
    }
    guard end - cursor <= 600 else { return false }
    let isMixed = isMixedFraction(to: exponent > end ? exponent : end)
    if last == .operand, !isMixed { return false }
    let saved = sawBlank
    if isMixed { sawBlank = false }
    let length = (exponent > end ? exponent : end) - cursor
    holdsNumber = true
    let isRead = operand((isMixed ? Bytes(" ".utf8) : []) + digits, length)
    sawBlank = saved
    integerEnd = isInteger && exponent == end ? cursor : nil
    return isRead
  }

  private func threeDigits(at index: Int) -> Bytes? {
    guard index + 3 <= text.count, text[index..<(index + 3)].allSatisfy(\.isDigit) else {
      return nil
    }
    if let next = text.byte(at: index + 3), next.isDigit { return nil }
    return Bytes(text[index..<(index + 3)])
  }

  /// `3,14` alone is a decimal; `2,3,7` and `(2,3)` are lists.
  private func isDecimalComma(at end: Int) -> Bool {
    guard brackets.isEmpty, last != .separator, text.byte(at: end) == UInt8(ascii: ","),
      let next = text.byte(at: end + 1), next.isDigit
    else { return false }
    var after = end + 1
    while let byte = text.byte(at: after), byte.isDigit { after += 1 }
    return text.byte(at: after) != UInt8(ascii: ",")
  }

  private func exponentEnd(at end: Int) -> Int {
    guard let mark = text.byte(at: end), mark | 0x20 == UInt8(ascii: "e") else { return end }
    var index = end + 1
    if let sign = text.byte(at: index), sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      index += 1
    }
    let digits = index
    while let byte = text.byte(at: index), byte.isDigit { index += 1 }
    if let next = text.byte(at: index), next.isLetter { return end }
    return index > digits ? index : end
  }

  /// `3 2/5`: the integer before has just been read and a fraction of digits begins here.
  private func isMixedFraction(to end: Int) -> Bool {
    guard sawBlank, integerEnd != nil, text.byte(at: end) == UInt8(ascii: "/"),
      let next = text.byte(at: end + 1), next.isDigit
    else { return false }
    return true
  }

  // MARK: words

  mutating func word() -> Bool {
    var end = cursor
    while end < limit, text[end].isLetter { end += 1 }
    let name = Bytes(text[cursor..<end].map(\.lowercased)).text
    if end - cursor <= 8, name == "and" || name == "or" { return conjunction(end) }
    if let next = text.byte(at: end), next == 0x27 { return false }
    if name == "negative" || name == "minus" {
      let after = text.skippingBlanks(from: end)
      return last != .operand && startsNumber(after) && prefixSign("-", end - cursor)
    }
    if let found = PhraseWords.mathematics[name] {
      let isCall = text.byte(at: end) == UInt8(ascii: "(")
      if PhraseWords.calls.contains(name), !isCall { return false }
      if last == .operand { sawBlank = false }
      if isCall { return call(found, end) }
      return operand(Bytes(found.utf8), end - cursor)
    }
    if end - cursor == 1 { return letter() }
    return letters(end)
  }

  /// A function and its parentheses: the brackets may open right after it.
  private mutating func call(_ command: String, _ end: Int) -> Bool {
    if last == .operand, sawBlank { return false }
    latex += Bytes(command.utf8)
    cursor = end
    last = .binary
    dangles = true
    return true
  }

  private mutating func conjunction(_ end: Int) -> Bool {
    guard last == .operand || last == .separator, sawBlank || last == .separator else {
      return false
    }
    if last == .operand { latex += Bytes(", ".utf8) }
    cursor = end
    last = .separator
    return true
  }

  /// One letter: a variable, an `x` that multiplies, or an article.
  private mutating func letter() -> Bool {
    let byte = text[cursor]
    let after = text.skippingBlanks(from: cursor + 1)
    let next = text.byte(at: after)
    if byte | 0x20 == UInt8(ascii: "x"), last == .operand, sawBlank, after > cursor + 1,
      let next, next.isDigit || next == UInt8(ascii: "$") || next == UInt8(ascii: "(")
    {
      return binary("\\times ", 1)
    }
    if let next, next.isLetter, after > cursor + 1, !Self.isConnective(text, after) {
      return false
    }
    if after == cursor + 1, let next, next >= 0xE3 { return false }
    if last == .operand, latex.last?.isDigit ?? false, brackets.isEmpty, isUnitLetter(byte) {
      return false
    }
    let isWide = last == .operand && sawBlank
    if isWide { return false }
    return operand(byte == UInt8(ascii: "e") ? Bytes("e ".utf8) : [byte], 1)
  }

  static func isConnective(_ text: Bytes, _ index: Int) -> Bool {
    ["and", "or"].contains(word(in: text, at: index))
  }

  /// `2600g` at the end of a phrase that is only a number.
  private func isUnitLetter(_ byte: UInt8) -> Bool {
    guard PhraseWords.unitLetters.contains(byte), latex.allSatisfy({ $0.isDigit || $0 == 0x2E })
    else { return false }
    let after = text.skippingBlanks(from: cursor + 1)
    guard let next = text.byte(at: after) else { return true }
    if text.matches("²", at: after) || text.matches("³", at: after) { return true }
    return next.isSpace || Bytes(".,;)*`!?".utf8).contains(next)
  }

  /// Two or three letters beside an operator are a product of variables.
  private mutating func letters(_ end: Int) -> Bool {
    let name = Bytes(text[cursor..<end].map(\.lowercased)).text
    guard end - cursor <= 3, !name.hasPrefix("or"), !name.hasPrefix("and"),
      !PhraseWords.shortWords.contains(name), !(last == .operand && sawBlank)
    else { return false }
    let next = text.byte(at: text.skippingBlanks(from: end))
    let operators = Bytes("+-*/^=<>)]},".utf8)
    let isBeside =
      last == .binary || last == .sign || (next.map { operators.contains($0) } ?? false)
      || (last == .operand && !sawBlank && (next == nil || !(next ?? 0).isLetter))
    guard isBeside else { return false }
    return operand(Bytes(text[cursor..<end]), end - cursor)
  }

  // MARK: commands and symbols

  /// A LaTeX command with its arguments, as it stands.
  mutating func command() -> Bool {
    guard let next = text.byte(at: cursor + 1) else { return false }
    if next == UInt8(ascii: "$") || next == UInt8(ascii: "%") {
      if next == UInt8(ascii: "%") { return suffix("\\%", 2) }
      cursor += 2
      return last != .operand && startsNumber(cursor)
    }
    if next == UInt8(ascii: "{") { return open(next, "\\{", 2) }
    if next == UInt8(ascii: "}") { return close(next, "\\}", 2) }
    if next == UInt8(ascii: ",") || next == UInt8(ascii: ";") || next == UInt8(ascii: " ") {
      cursor += 2
      return true
    }
    guard next.isLetter else { return false }
    var end = cursor + 1
    while end < limit, text[end].isLetter { end += 1 }
    let name = Bytes(text[(cursor + 1)..<end]).text
    if ["boxed", "fbox", "begin", "end", "text", "mbox", "textbf"].contains(name) { return false }
    if let piece = Self.relations[name] { return binary(piece, end - cursor) }
    if name == "left" || name == "right" {
      cursor = end
      return text.byte(at: end).map { Bytes("([{)]}\\|".utf8).contains($0) } ?? false
    }
    guard let argumentsEnd = argumentsEnd(from: end) else { return false }
    if last == .operand { sawBlank = false }
    let source = Bytes(text[cursor..<argumentsEnd])
    return operand(source + (argumentsEnd == end ? [0x20] : []), argumentsEnd - cursor)
  }

  private static let relations: [String: String] = [
    "times": "\\times ", "cdot": "\\cdot ", "div": "\\div ", "le": "\\le ", "leq": "\\le ",
    "ge": "\\ge ", "geq": "\\ge ", "ne": "\\ne ", "neq": "\\ne ", "approx": "\\approx ",
    "in": "\\in ", "cup": "\\cup ", "cap": "\\cap ", "setminus": "\\setminus ", "pm": "\\pm ",
    "lt": "<", "gt": ">", "to": "\\to ",
  ]

  /// After the braces, brackets and scripts that follow a command; nil where one does not close.
  private func argumentsEnd(from start: Int) -> Int? {
    var end = start
    while let byte = text.byte(at: end), end < limit {
      if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") && end == start {
        var depth = 0
        repeat {
          guard end < limit else { return nil }
          if text[end] == UInt8(ascii: "{") || text[end] == UInt8(ascii: "[") { depth += 1 }
          if text[end] == UInt8(ascii: "}") || text[end] == UInt8(ascii: "]") { depth -= 1 }
          if text[end] == 0x0A { return nil }
          end += 1
        } while depth > 0
      } else if end == start, byte.isDigit {
        end += 1
        if let second = text.byte(at: end), second.isDigit { end += 1 }
        return end
      } else {
        break
      }
    }
    return end
  }

  mutating func symbol() -> Bool {
    for (name, piece) in PhraseWords.operators where text.matches(name, at: cursor) {
      if last == .operand { return binary(piece, name.utf8.count) }
      guard piece == "-" || piece == "+" || piece == "\\pm " else { return false }
      return prefixSign(piece, name.utf8.count)
    }
    for (name, piece) in PhraseWords.operands where text.matches(name, at: cursor) {
      if last == .operand { sawBlank = false }
      return operand(Bytes(piece.utf8), name.utf8.count)
    }
    if text.matches("√", at: cursor) { return root() }
    // A dash that touches its number is a sign, one between numbers is none.
    if text.matches("\u{2013}", at: cursor), last != .operand, startsNumber(cursor + 3) {
      return prefixSign("-", 3)
    }
    if text.matches("°", at: cursor) { return suffix("^\\circ ", 2) }
    if text.matches("，", at: cursor) || text.matches("、", at: cursor) { return wideComma() }
    if text.matches("％", at: cursor) { return suffix("\\%", 3) }
    if let currency = currencyLength(at: cursor) {
      cursor += currency
      return last != .operand && startsNumber(text.skippingBlanks(from: cursor))
    }
    return superscript()
  }

  func currencyLength(at index: Int) -> Int? {
    if text.matches("£", at: index) || text.matches("¥", at: index) { return 2 }
    guard text.byte(at: index) == 0xE2, text.byte(at: index + 1) == 0x82,
      let last = text.byte(at: index + 2), last >= 0xA0
    else { return text.matches("￥", at: index) ? 3 : nil }
    return 3
  }

  /// `√3`, `√(x+1)`: the argument is braced by the normaliser.
  private mutating func root() -> Bool {
    if last == .operand { sawBlank = false }
    var end = cursor + 3
    if text.byte(at: end) == UInt8(ascii: "(") { return call("\\sqrt", end) }
    let digits = end
    while let byte = text.byte(at: end), byte.isDigit { end += 1 }
    if end == digits, let byte = text.byte(at: end), byte.isLetter { end += 1 }
    guard end > digits else { return false }
    let piece = Bytes("\\sqrt{".utf8) + text[digits..<end] + [UInt8(ascii: "}")]
    return operand(piece, end - cursor)
  }

  private mutating func superscript() -> Bool {
    guard let (power, end) = UnicodeMath.superscript(text, at: cursor) else { return false }
    return suffix("^{\(power.text)}", end - cursor)
  }
}
