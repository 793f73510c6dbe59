/// Operators, brackets and separators of a plain phrase.
extension PhraseReader {
  mutating func sign(_ byte: UInt8) -> Bool {
    let next = text.byte(at: cursor + 1)
    switch byte {
    case UInt8(ascii: "-"): return minus(next)
    case UInt8(ascii: "+"):
      return last == .operand ? binary("+", 1) : prefixSign("+", 1)
    case UInt8(ascii: "/"):
      guard let next, !next.isLetter || isVariable(at: cursor + 1) else { return false }
      return binary("/", 1)
    case UInt8(ascii: ":"): return ratio(next)
    case UInt8(ascii: "^"): return power(1)
    case UInt8(ascii: "="):
      if next == UInt8(ascii: ">") { return false }
      let length = next == UInt8(ascii: "=") ? 2 : 1
      return last == .nothing ? leadingEquals(length) : binary("=", length)
    default: return relation(byte, next)
    }
  }

  /// `= 6`: the sign says nothing.
  private mutating func leadingEquals(_ length: Int) -> Bool {
    cursor += length
    return true
  }

  private mutating func minus(_ next: UInt8?) -> Bool {
    if last != .operand { return prefixSign("-", 1) }
    if next == UInt8(ascii: ">") || next == UInt8(ascii: "-") { return false }
    // A dash before a word ends a clause: "12 - easy", "3-digit".
    let after = text.skippingBlanks(from: cursor + 1)
    guard let byte = text.byte(at: after), !byte.isSpace else { return false }
    if byte.isLetter, !isVariable(at: after) { return false }
    return binary("-", 1)
  }

  /// A sign before an operand.
  mutating func prefixSign(_ piece: String, _ length: Int) -> Bool {
    let after = text.skippingBlanks(from: cursor + length)
    guard let byte = text.byte(at: after), !byte.isSpace, last != .sign else { return false }
    if byte.isLetter, !isVariable(at: after) { return false }
    if last == .nothing, after > cursor + length, !startsNumber(after), byte != 0x5C {
      return false
    }
    latex += Bytes(piece.utf8)
    cursor += length
    last = .sign
    dangles = true
    return true
  }

  /// Whether the letters at `index` are a variable or a name of mathematics, not a word.
  private func isVariable(at index: Int) -> Bool {
    let name = Self.word(in: text, at: index)
    if name.count == 1 {
      let after = text.skippingBlanks(from: index + 1)
      guard let next = text.byte(at: after), after > index + 1 else { return true }
      return !next.isLetter || Self.isConnective(text, after)
    }
    if PhraseWords.mathematics[name] != nil {
      return !PhraseWords.calls.contains(name)
        || text.byte(at: index + name.utf8.count) == UInt8(ascii: "(")
    }
    return name.count <= 3 && !PhraseWords.shortWords.contains(name)
  }

  private mutating func ratio(_ next: UInt8?) -> Bool {
    guard let next, next.isDigit, latex.last?.isDigit ?? false else { return false }
    return binary(":", 1)
  }

  private mutating func relation(_ byte: UInt8, _ next: UInt8?) -> Bool {
    if next == UInt8(ascii: "/") || next == UInt8(ascii: "<") || next == UInt8(ascii: ">") {
      return false
    }
    if let next, byte == UInt8(ascii: "<"), next.isLetter, !isVariable(at: cursor + 1) {
      return false
    }
    if next == UInt8(ascii: "=") {
      return binary(byte == UInt8(ascii: "<") ? "\\le " : "\\ge ", 2)
    }
    return binary(byte == UInt8(ascii: "<") ? "<" : ">", 1)
  }

  /// `^` or `**` and what is raised to: braces, parentheses, or a number with its sign.
  private mutating func power(_ length: Int) -> Bool {
    guard last == .operand else { return false }
    let start = cursor + length
    var end = start
    if text.byte(at: end) == UInt8(ascii: "-") || text.byte(at: end) == UInt8(ascii: "+") {
      end += 1
    }
    let digits = end
    while let byte = text.byte(at: end), byte.isDigit || (byte == 0x2E && isPoint(end)) { end += 1 }
    if end == digits, let byte = text.byte(at: end), byte.isLetter { end += 1 }
    guard end > digits else { return bracedPower(from: start) }
    latex += Bytes("^{".utf8) + text[start..<end] + [UInt8(ascii: "}")]
    cursor = end
    markSafe()
    return true
  }

  private func isPoint(_ index: Int) -> Bool { text.byte(at: index + 1)?.isDigit ?? false }

  private mutating func bracedPower(from start: Int) -> Bool {
    let pairs: [UInt8: UInt8] = [0x28: 0x29, 0x7B: 0x7D]
    guard let open = text.byte(at: start), let closer = pairs[open] else { return false }
    var depth = 0
    var end = start
    repeat {
      guard end < limit, text[end] != 0x0A else { return false }
      if text[end] == open { depth += 1 }
      if text[end] == closer { depth -= 1 }
      end += 1
    } while depth > 0
    latex += Bytes("^{".utf8) + text[(start + 1)..<(end - 1)] + [UInt8(ascii: "}")]
    cursor = end
    markSafe()
    return true
  }

  /// A star multiplies, two raise; beside emphasis they close or open it.
  mutating func star() -> Bool {
    let isDouble = text.byte(at: cursor + 1) == UInt8(ascii: "*")
    let length = isDouble ? 2 : 1
    if last == .binary || last == .sign || last == .separator {
      // `= **70**`: emphasis opens.
      guard isDouble else { return false }
      cursor += 2
      return true
    }
    if mark == UInt8(ascii: "*") || last != .operand { return false }
    let after = text.skippingBlanks(from: cursor + length)
    guard let byte = text.byte(at: after), !byte.isSpace else { return false }
    let isOperand =
      byte.isDigit || byte == UInt8(ascii: "(") || byte == 0x5C
      || byte >= 0x80 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "$")
      || (byte.isLetter && isVariable(at: after))
    guard isOperand else { return false }
    return isDouble ? power(2) : binary("\\cdot ", 1)
  }

  // MARK: brackets

  mutating func open(_ byte: UInt8, _ piece: String? = nil, _ length: Int = 1) -> Bool {
    if last == .operand, sawBlank || brackets.isEmpty && byte != UInt8(ascii: "(") { return false }
    guard brackets.count < 20 else { return false }
    brackets.append(byte)
    latex += Bytes(
      (piece ?? (byte == UInt8(ascii: "{") ? "\\{" : String(UnicodeScalar(byte)))).utf8)
    cursor += length
    last = .open
    integerEnd = nil
    return true
  }

  mutating func close(_ byte: UInt8, _ piece: String? = nil, _ length: Int = 1) -> Bool {
    guard let opener = brackets.last, last == .operand || last == .open,
      (byte == UInt8(ascii: "}")) == (opener == UInt8(ascii: "{"))
    else { return false }
    brackets.removeLast()
    latex += Bytes(
      (piece ?? (byte == UInt8(ascii: "}") ? "\\}" : String(UnicodeScalar(byte)))).utf8)
    cursor += length
    last = .operand
    dangles = false
    integerEnd = nil
    markSafe()
    return true
  }

  /// `|x|`, not a cell of a table.
  mutating func bar() -> Bool {
    guard last != .operand, last != .nothing else { return false }
    var end = cursor + 1
    while end < limit, text[end] != UInt8(ascii: "|"), text[end] != 0x0A { end += 1 }
    guard text.byte(at: end) == UInt8(ascii: "|"), end > cursor + 1 else { return false }
    return operand(Bytes(text[cursor...end]), end + 1 - cursor)
  }

  // MARK: separators

  mutating func comma(_ byte: UInt8) -> Bool {
    guard last == .operand else { return false }
    if text.matches("...", at: text.skippingBlanks(from: cursor + 1)) { return dots() }
    latex += [byte, 0x20]
    cursor += 1
    last = .separator
    integerEnd = nil
    return true
  }

  /// `1, 2, ..., n`.
  private mutating func dots() -> Bool {
    latex += Bytes(",\\ldots ".utf8)
    cursor = text.skippingBlanks(from: cursor + 1) + 3
    last = .operand
    dangles = false
    markSafe()
    return true
  }

  mutating func wideComma() -> Bool {
    guard last == .operand else { return false }
    latex += Bytes(", ".utf8)
    cursor += 3
    last = .separator
    return true
  }

  /// A factorial inside a phrase; at its end the mark is a sentence's.
  mutating func bang() -> Bool {
    if text.byte(at: cursor + 1) == UInt8(ascii: "=") { return binary("\\ne ", 2) }
    let after = text.skippingBlanks(from: cursor + 1)
    guard let next = text.byte(at: after), Bytes("+-*/^=<>)]},".utf8).contains(next) else {
      return false
    }
    return suffix("!", 1)
  }

  /// `x_1`, `a_{n}`.
  mutating func subscripted() -> Bool {
    guard mark != UInt8(ascii: "_"), last == .operand, latex.last?.isLetter ?? false else {
      return false
    }
    var end = cursor + 1
    if text.byte(at: end) == UInt8(ascii: "{") {
      while end < limit, text[end] != UInt8(ascii: "}"), text[end] != 0x0A { end += 1 }
      guard text.byte(at: end) == UInt8(ascii: "}") else { return false }
      end += 1
    } else {
      guard let next = text.byte(at: end), next.isDigit || next.isLetter else { return false }
      end += 1
    }
    return suffix(Bytes(text[cursor..<end]).text, end - cursor)
  }
}
