/// `\text{…}`: numbers and signs come out of it, qualifiers go; what is left is a name
/// or a unit.
extension LatexNormalizer {
  mutating func resolveTexts() {
    guard text.contains("\\text") else { return }
    var result = Bytes()
    result.reserveCapacity(text.count)
    var index = 0
    var qualifiers = 0
    while index < text.count {
      guard text[index] == UInt8(ascii: "\\"), let block = textBlock(at: index) else {
        result.append(text[index])
        index += 1
        continue
      }
      let inner = Bytes(text[block.inner]).trimmed()
      if qualifiers < 8,
        [UInt8(ascii: "f"), UInt8(ascii: "w"), UInt8(ascii: "(")].contains(inner.first?.lowercased)
      {
        qualifiers += 1
        if let next = qualifierEnd(inner, after: block.end, into: &result) {
          index = next
          continue
        }
      }
      if let replacement = Self.replacement(
        inner, isFirst: index == 0, isWhole: index == 0 && block.end == text.count)
      {
        result += replacement
      } else {
        result += text[index..<block.end]
      }
      index = block.end
    }
    setText(result)
  }

  /// The inside of a `\text{…}` and its end, braces counted.
  func textBlock(at index: Int) -> (inner: Range<Int>, end: Int)? {
    guard text.matches("\\text", at: index) else { return nil }
    let open = text.skippingSpace(from: index + 5)
    guard text.byte(at: open) == UInt8(ascii: "{") else { return nil }
    var depth = 0
    for cursor in open..<min(text.count, open + 512) {
      if text[cursor] == UInt8(ascii: "{") { depth += 1 }
      if text[cursor] == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { return (open + 1..<cursor, cursor + 1) }
      }
    }
    return nil
  }

  /// What stands for a text block; nil where it stays.
  private static func replacement(_ inner: Bytes, isFirst: Bool = false, isWhole: Bool) -> Bytes? {
    if inner.isEmpty { return nil }
    if isWhole, inner.last == UInt8(ascii: "}"), inner.matches("\\text{", at: 0) {
      return replacement(Bytes(inner.dropFirst(6).dropLast()), isWhole: true)
    }
    let word = Bytes(inner.map(\.lowercased)).text
    switch word {
    case "mod": return Bytes("\\bmod ".utf8)
    case "negative", "minus": return Bytes("-".utf8)
    case ", and", ", or", ",", "and", "or": return Bytes(",".utf8)
    case "i", "e": return inner[0] == word.utf8.first ? Bytes(" \(word) ".utf8) : nil
    default: break
    }
    if inner == [UInt8(ascii: "-")] { return inner }
    return isWhole ? counted(inner) : isFirst ? subject(word) : nil
  }

  /// Nothing, where the words only announce what follows: `\text{The area is } 7`.
  private static func subject(_ words: String) -> Bytes? {
    let parts = words.split(separator: " ")
    guard let last = parts.last, ["is", "are", "equals"].contains(last) || words.last == ":",
      !parts.contains(where: { ["not", "no", "never", "if", "what"].contains($0) })
    else { return nil }
    return []
  }

  /// A number with a percent sign, or with the words of a unit, which stay text: `25\%`, `7 students`.
  private static func counted(_ inner: Bytes) -> Bytes? {
    if inner.count > 1, inner.last == UInt8(ascii: "."), inner[inner.count - 2].isDigit {
      return counted(Bytes(inner.dropLast()))
    }
    let rest = inner.drop { $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    guard rest.count < inner.count, inner[inner.count - rest.count - 1].isDigit else { return nil }
    if rest.isEmpty || rest.elementsEqual("\\%".utf8) || rest.elementsEqual("%".utf8) {
      return inner
    }
    guard rest.first?.isSpace == true, rest.allSatisfy({ $0.isLetter || $0.isSpace }) else {
      return nil
    }
    return Bytes(inner.dropLast(rest.count)) + Bytes("\\text{".utf8) + rest + [UInt8(ascii: "}")]
  }

  /// Words that say for which values an answer holds: "for any c", "where k is an integer". The condition `k \in S` becomes
  /// an element of its own; one in words is dropped.
  private func qualifierEnd(_ inner: Bytes, after end: Int, into result: inout Bytes) -> Int? {
    var words = inner.split { !$0.isLetter }.map { Bytes($0.map(\.lowercased)).text }
    if inner.first == UInt8(ascii: "("), words.first == "for" || words.first == "where" {
      words.append("(")
    }
    guard let first = words.first, ["for", "where", "with"].contains(first),
      text.count - end <= 200, result.contains(where: { !$0.isSpace })
    else { return nil }
    let rest = Bytes(text[end...])
    if rest.contains("\\in "), !rest.contains("\\text"), !rest.contains("=") {
      result.append(UInt8(ascii: ","))
      return end
    }
    let general: Set<String> = [
      "any", "all", "every", "each", "some", "constant", "constants", "arbitrary", "real",
      "integer",
      "integers", "is", "are",
    ]
    let isGeneral = words.contains(where: general.contains)
    if rest.trimmed().isEmpty { return isGeneral || words.count > 1 ? text.count : nil }
    guard rest.count <= 80, !rest.contains(","), !rest.contains("="), !rest.contains("<"),
      !rest.contains(">")
    else { return nil }
    let isNamed = first == "where" && rest.contains("\\text{ is") || rest.contains("\\text{ are")
    return isGeneral || isNamed ? text.count : nil
  }
}
