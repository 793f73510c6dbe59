/// Fonts, sizes and colours are taken off, so that `\mathbf{7}`, `\textcolor{red}{7}` and `7` are the same.
extension LatexNormalizer {
  mutating func plainStyles() {
    guard text.contains(UInt8(ascii: "\\")) else { return }
    var result = Bytes()
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if let (name, end) = commandName(at: index), let kind = StyleCommands.kinds[name],
        let next = plain(kind, name, at: index, after: end, into: &result)
      {
        index = next
        continue
      }
      // A backslash keeps what follows it: `\{` is no group.
      let length = text[index] == UInt8(ascii: "\\") && index + 1 < text.count ? 2 : 1
      result += text[index..<(index + length)]
      index += length
    }
    setText(result)
  }

  /// The command at `index` and the position after its name.
  func commandName(at index: Int) -> (String, Int)? {
    guard text[index] == UInt8(ascii: "\\") else { return nil }
    var end = index + 1
    while let byte = text.byte(at: end), byte.isLetter, end - index < 20 { end += 1 }
    guard end > index + 1 else { return nil }
    return (Bytes(text[(index + 1)..<end]).text, end)
  }

  /// Writes what stands for the command; the position to go on from, nil to keep the command.
  private func plain(
    _ kind: StyleCommands.Kind, _ name: String, at index: Int, after end: Int,
    into result: inout Bytes
  ) -> Int? {
    let next = text.skippingSpace(from: end)
    switch kind {
    case .size:
      if text.byte(at: next) == UInt8(ascii: ".") { return next + 1 }
      return text.byte(at: next) == nil ? nil : next
    case .ignored:
      result.append(0x20)
      return next
    case .hidden(let count):
      var cursor = next
      for _ in 0..<count {
        guard let close = shortGroupEnd(cursor) else { return nil }
        cursor = text.skippingSpace(from: close)
      }
      return cursor
    case .coloured: return coloured(next, into: &result)
    case .transparent: return text.byte(at: next) == UInt8(ascii: "{") ? next : nil
    case .text:
      guard text.byte(at: next) == UInt8(ascii: "{") else { return nil }
      result += Bytes("\\text".utf8)
      return next
    case .letters: return plainLetters(next, into: &result)
    case .alphabet(let alphabet): return letters(of: alphabet, next, into: &result)
    case .operatorName: return operatorName(next, into: &result)
    case .renamed(let other):
      result += Bytes("\\\(other)".utf8)
      return end
    }
  }

  /// The end of a group of a few bytes, such as a colour's name.
  private func shortGroupEnd(_ open: Int) -> Int? {
    guard text.byte(at: open) == UInt8(ascii: "{") else { return nil }
    var cursor = open + 1
    while let byte = text.byte(at: cursor), cursor < open + 64, byte != UInt8(ascii: "{") {
      if byte == UInt8(ascii: "}") { return cursor + 1 }
      cursor += 1
    }
    return nil
  }

  /// The inside of a group without commands or groups, else one letter; with the end.
  private func simpleArgument(_ start: Int) -> (Bytes, Int)? {
    guard let first = text.byte(at: start) else { return nil }
    if first.isLetter || first.isDigit { return ([first], start + 1) }
    guard first == UInt8(ascii: "{") else { return nil }
    var cursor = start + 1
    while let byte = text.byte(at: cursor) {
      if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "{") { return nil }
      if byte == UInt8(ascii: "}") {
        return (Bytes(text[(start + 1)..<cursor]).trimmed(), cursor + 1)
      }
      cursor += 1
    }
    return nil
  }

  /// `\color{red}` before a number, `\textcolor{red}{7}`.
  private func coloured(_ start: Int, into result: inout Bytes) -> Int? {
    guard let name = shortGroupEnd(start) else { return nil }
    let next = text.skippingSpace(from: name)
    if let (inner, end) = simpleArgument(next), Self.isNumber(inner) {
      result += inner
      return end
    }
    return text.byte(at: next) == UInt8(ascii: "{") ? nil : next
  }

  private static func isNumber(_ text: Bytes) -> Bool {
    text.contains(where: \.isDigit)
      && text.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
  }

  /// Upright and bold letters: e, i, d and T are what they are in italics, numbers are themselves, the rest is a name.
  private func plainLetters(_ start: Int, into result: inout Bytes) -> Int? {
    guard let (inner, end) = simpleArgument(start) else {
      guard text.byte(at: start) == UInt8(ascii: "{") else { return nil }
      result += Bytes("\\text".utf8)
      return start
    }
    if inner.isEmpty || inner == Bytes("th".utf8) { return end }
    // An index such as x_{\mathrm{max}} is a name.
    let isIndex = result.last == UInt8(ascii: "{") || result.last == UInt8(ascii: "_")
    if !isIndex, StyleCommands.functions.contains(inner.text) {
      result += Bytes("\\".utf8) + inner + [0x20]
      return end
    }
    let isConstant = inner.count == 1 && Bytes("eidT".utf8).contains(inner[0])
    if isConstant || Self.isNumber(inner) {
      append(inner, to: &result, before: end)
    } else {
      result += Bytes("\\text{".utf8) + inner + [UInt8(ascii: "}")]
    }
    return end
  }

  /// Appends letters so that they do not run into a command or a word beside them.
  private func append(_ inner: Bytes, to result: inout Bytes, before end: Int) {
    if let last = result.last, last.isLetter, inner[0].isLetter { result.append(0x20) }
    result += inner
    if let next = text.byte(at: end), next.isLetter, inner[inner.count - 1].isLetter {
      result.append(0x20)
    }
  }

  private func letters(of alphabet: String, _ start: Int, into result: inout Bytes) -> Int? {
    guard let (inner, end) = simpleArgument(start), !inner.isEmpty else { return nil }
    result += Bytes("\\\(alphabet){".utf8) + inner + [UInt8(ascii: "}")]
    return end
  }

  private func operatorName(_ start: Int, into result: inout Bytes) -> Int? {
    let open = text.byte(at: start) == UInt8(ascii: "*") ? start + 1 : start
    guard let (inner, end) = simpleArgument(open) else { return nil }
    let name = inner.text
    if StyleCommands.functions.contains(name) {
      result += Bytes("\\\(name) ".utf8)
    } else if StyleCommands.operators.contains(name) {
      result += Bytes("\\operatorname{\(name)}".utf8)
    } else {
      result += Bytes("\\text{".utf8) + inner + [UInt8(ascii: "}")]
    }
    return end
  }
}
