/// Finds added tokens in a text: the leftmost one, the longest of those that begin there.
struct AddedTokenMatcher: Sendable {
  /// A stretch of the text, with the token that it is or none.
  struct Part {
    let token: Int32?
    let start: Int
    let end: Int
  }

  /// Longer contents are refused when loading: the search costs content length × text length.
  static let longestContent = 1024

  private let tokens: [AddedToken]
  /// Tokens by first byte, longest first
  private let byFirst: [[Int]]
  private let isFirst: [Bool]

  init(_ tokens: [AddedToken]) {
    let tokens = tokens.filter { !$0.content.isEmpty }
    var byFirst = [[Int]](repeating: [], count: 256)
    for (index, token) in tokens.enumerated() { byFirst[Int(token.content[0])].append(index) }
    self.tokens = tokens
    self.byFirst = byFirst.map { list in
      list.sorted { tokens[$0].content.count > tokens[$1].content.count }
    }
    isFirst = byFirst.map { !$0.isEmpty }
  }

  var isEmpty: Bool { tokens.isEmpty }

  /// The parts of a text, in order. A token that strips may overlap what follows it.
  func parts(of text: UnsafeBufferPointer<UInt8>) -> [Part] {
    if tokens.isEmpty { return [Part(token: nil, start: 0, end: text.count)] }
    var parts: [Part] = []
    var done = 0
    var index = 0
    while let (at, token) = next(in: text, from: index) {
      let end = at + token.content.count
      index = end
      if token.isSingleWord, !isSingleWord(text, at, end) { continue }
      var start = at
      var stop = end
      if token.stripsLeft { start = max(spaceStart(text, before: at), done) }
      if token.stripsRight { stop = spaceEnd(text, from: end) }
      if done < start { parts.append(Part(token: nil, start: done, end: start)) }
      parts.append(Part(token: token.id, start: start, end: stop))
      done = stop
    }
    if done < text.count { parts.append(Part(token: nil, start: done, end: text.count)) }
    return parts
  }

  private func next(
    in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (at: Int, token: AddedToken)? {
    isFirst.withUnsafeBufferPointer { isFirst in
      var index = start
      while index < text.count {
        if isFirst[Int(text[index])] {
          for candidate in byFirst[Int(text[index])] where matches(candidate, text, index) {
            return (index, tokens[candidate])
          }
        }
        index += 1
      }
      return nil
    }
  }

  private func matches(
    _ candidate: Int, _ text: UnsafeBufferPointer<UInt8>, _ index: Int
  ) -> Bool {
    tokens[candidate].content.withUnsafeBufferPointer { content in
      if content.count > text.count - index { return false }
      for offset in 0..<content.count where content[offset] != text[index + offset] {
        return false
      }
      return true
    }
  }

  private func isSingleWord(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
  ) -> Bool {
    if let before = UTF8Scan.lastScalar(text, before: start), isWord(before.scalar) { return false }
    if end < text.count, let after = UTF8Scan.scalar(text, at: end), isWord(after) { return false }
    return true
  }

  private func isWord(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isAlphabetic || scalar.properties.isJoinControl { return true }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return true
    default: return false
    }
  }

  private func spaceStart(_ text: UnsafeBufferPointer<UInt8>, before end: Int) -> Int {
    var start = end
    while let last = UTF8Scan.lastScalar(text, before: start),
      last.scalar.properties.isWhitespace
    {
      start = last.start
    }
    return start
  }

  private func spaceEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var end = start
    while end < text.count, let scalar = UTF8Scan.scalar(text, at: end),
      scalar.properties.isWhitespace
    {
      end += UTF8.width(scalar)
    }
    return end
  }
}
