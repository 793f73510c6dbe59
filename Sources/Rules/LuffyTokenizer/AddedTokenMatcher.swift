/// Finds added tokens in a text: the leftmost one, the longest of those that begin there.
struct AddedTokenMatcher: Sendable {
  /// A stretch of the text, with the token that it is or none.
  struct Part {
    let token: Int32?
    let start: Int
    let end: Int
  }

  /// Longer contents are refused when loading: a search may look at so many bytes anywhere.
  static let longestContent = 1024

  /// By content, bytewise
  private let tokens: [AddedToken]
  private let isFirst: [Bool]

  init(_ tokens: [AddedToken]) {
    self.tokens = tokens.filter { !$0.content.isEmpty }
      .sorted { $0.content.lexicographicallyPrecedes($1.content) }
    var isFirst = [Bool](repeating: false, count: 256)
    for token in self.tokens { isFirst[Int(token.content[0])] = true }
    self.isFirst = isFirst
  }

  var isEmpty: Bool { tokens.isEmpty }

  /// The parts of a text, in order. A token that strips may overlap what follows it.
  func parts(of text: UnsafeBufferPointer<UInt8>) -> [Part] {
    if tokens.isEmpty { return [Part(token: nil, start: 0, end: text.count)] }
    var parts: [Part] = []
    var done = 0
    var index = 0
    // The white space that was looked at last: a text of nothing else is not looked at again from each of its tokens.
    var space = 0..<0
    while let (at, token) = unsafe next(in: text, from: index) {
      let end = at + token.content.count
      index = end
      if token.isSingleWord, unsafe !isSingleWord(text, at, end) { continue }
      var start = at
      var stop = end
      if token.stripsLeft {
        start = unsafe max(spaceStart(text, before: at, notBefore: done), done)
      }
      if token.stripsRight {
        if !space.contains(end) { space = unsafe end..<spaceEnd(text, from: end) }
        stop = space.upperBound
      }
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
    unsafe isFirst.withUnsafeBufferPointer { isFirst in
      var index = start
      while index < text.count {
        if unsafe isFirst[Int(text[index])], let token = unsafe longest(text, at: index) {
          return (index, token)
        }
        index += 1
      }
      return nil
    }
  }

  /// The longest token that begins here. With each byte, the range of tokens that have begun like
  /// the text shrinks; the token that ends with that byte, if any, is the first of the range.
  private func longest(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> AddedToken? {
    var range = 0..<tokens.count
    var found: AddedToken?
    var depth = 0
    while start + depth < text.count {
      let byte = unsafe text[start + depth]
      let low = firstIndex(in: range, depth: depth) { $0 >= byte }
      range = low..<firstIndex(in: low..<range.upperBound, depth: depth) { $0 > byte }
      if range.isEmpty { break }
      depth += 1
      if tokens[range.lowerBound].content.count == depth { found = tokens[range.lowerBound] }
    }
    return found
  }

  /// The first token of a range whose byte at `depth` is large enough; one that ends there is not.
  private func firstIndex(
    in range: Range<Int>, depth: Int, where isEnough: (UInt8) -> Bool
  ) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      let content = tokens[middle].content
      if content.count > depth, isEnough(content[depth]) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private func isSingleWord(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
  ) -> Bool {
    if let before = unsafe UTF8Scan.lastScalar(text, before: start), isWord(before.scalar) {
      return false
    }
    if end < text.count, let after = unsafe UTF8Scan.scalar(text, at: end), isWord(after) {
      return false
    }
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

  private func spaceStart(
    _ text: UnsafeBufferPointer<UInt8>, before end: Int, notBefore least: Int
  ) -> Int {
    var start = end
    while start > least, let last = unsafe UTF8Scan.lastScalar(text, before: start),
      last.scalar.properties.isWhitespace
    {
      start = last.start
    }
    return start
  }

  private func spaceEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var end = start
    while end < text.count, let scalar = unsafe UTF8Scan.scalar(text, at: end),
      scalar.properties.isWhitespace
    {
      end += UTF8.width(scalar)
    }
    return end
  }
}
