/// Takes what is inside `\boxed{…}` and `\fbox{…}` out of a text.
struct BoxedContent {
  let text: Bytes
  /// Whether stops, currency signs and the like around each content are dropped.
  var trims = false

  /// Which boxes count.
  enum Mode {
    /// Every box.
    case all
    /// The last box, with those just before it that belong to the same answer.
    case last
  }

  /// More boxes than this stand in no answer.
  private static let boxLimit = 320

  /// The contents joined with commas; the text itself where there is no box.
  func extract(_ mode: Mode) -> Bytes {
    var results: [Bytes] = []
    var boxes = 0
    var position = text.count
    var limit = text.count
    var lastStart: Int?
    while let (start, open) = box(before: position, limit: limit) {
      guard open < limit else { break }
      guard text[open] == UInt8(ascii: "{"), let close = closing(open, limit: limit) else {
        if results.isEmpty { results.append(Bytes(text[open...])) }
        break
      }
      let inside = Bytes(text[(open + 1)..<close])
      let content = trims ? AnswerTrimming.bare(inside) : inside.trimmed()
      if mode == .last, let lastStart {
        let previous = results.last ?? []
        guard belongs(close + 1..<lastStart, same: previous == content) else { break }
      }
      if results.last != content { results.append(content) }
      // So many boxes are no answer; the text stays, which is too long to be read.
      boxes += 1
      if boxes > Self.boxLimit { return text }
      lastStart = start
      limit = start
      position = start
    }
    guard !results.isEmpty else { return text }
    return Bytes(results.reversed().joined(separator: [UInt8(ascii: ",")]))
  }

  /// The last box command before `position` and where its argument begins.
  private func box(before position: Int, limit: Int) -> (start: Int, open: Int)? {
    var index = position - 5
    while index >= 0 {
      if text[index] == UInt8(ascii: "\\") {
        let length =
          text.matches("\\boxed", at: index) ? 6 : text.matches("\\fbox", at: index) ? 5 : 0
        if length > 0, index + length <= position {
          var open = index + length
          while open < limit, text[open].isSpace { open += 1 }
          return (index, open)
        }
      }
      index -= 1
    }
    return nil
  }

  private func closing(_ open: Int, limit: Int) -> Int? {
    var depth = 1
    var index = open + 1
    while index < limit {
      if text[index] == UInt8(ascii: "{") { depth += 1 }
      if text[index] == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { return index }
      }
      index += 1
    }
    return nil
  }

  /// Whether two boxes with this text between them are one answer.
  private func belongs(_ between: Range<Int>, same: Bool) -> Bool {
    guard between.lowerBound <= between.upperBound else { return true }
    let length = text[between].reduce(0) { $1.isContinuation ? $0 : $0 + 1 }
    if length < 70, retracts(between) { return false }
    if length < 10 { return true }
    return !same && length < 70 && separates(between)
  }

  /// Whether the words between two boxes take the first one back.
  private func retracts(_ range: Range<Int>) -> Bool {
    let words = text[range].split { !$0.isLetter && $0 != 0x27 }
    return words.contains { Self.retractions.contains(Bytes($0.map(\.lowercased)).text) }
  }

  private static let retractions: Set<String> = [
    "wait", "no", "not", "actually", "correction", "wrong", "mistake", "incorrect", "sorry",
    "oops", "recheck", "instead", "hmm", "should", "error", "redo", "scratch", "but", "thought",
    "correct", "corrected", "however", "let", "reconsider", "revised", "update", "false",
  ]

  private func separates(_ range: Range<Int>) -> Bool {
    for index in range {
      let byte = text[index]
      if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") { return true }
      guard byte == UInt8(ascii: "a") || byte == UInt8(ascii: "o") else { continue }
      for (word, length) in [("and", 3), ("or", 2)]
      where text.matches(word, at: index) && index + length <= range.upperBound {
        let before = index > range.lowerBound && isWord(text[index - 1])
        let after = index + length < range.upperBound && isWord(text[index + length])
        if !before && !after { return true }
      }
    }
    return false
  }

  private func isWord(_ byte: UInt8) -> Bool {
    byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_") || byte >= 0x80
  }
}
