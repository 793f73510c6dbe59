/// Finds LaTeX environments: `$$…$$`, `\[…\]`, `$…$`, `\(…\)`, ` […] ` and bare `\frac{n}{n}`.
///
/// The pairing rules are Math-Verify's: `$` right after a digit or backslash opens nothing, inline
/// environments end with their line, no environment is empty.
struct EnvironmentScanner {
  let text: Bytes
  /// Only environments that hold a `\boxed{…}` count.
  let needsBox: Bool
  /// Where an opener's closer was not found, no later opener before that point has one: without
  /// this a text full of openers would be read again for each.
  private var dead = [Range<Int>](repeating: 0..<0, count: 5)
  private var lastOpen = [-1, -1, -1, -1, -1]
  private var lastClose = [-1, -1, -1, -1, -1]

  /// The box that follows the last content asked about.
  private var boxAhead = (asked: 0, start: -1, brace: 0)

  private enum Kind: Int { case displayDollar, displayBracket, inlineDollar, parenthesis, bracket }

  init(_ text: Bytes, needsBox: Bool = false) {
    self.text = text
    self.needsBox = needsBox
  }

  /// One to six environments joined by `,`, `and`, `or`, from exactly `start`.
  ///
  /// `floor` is the first position that white space before a bracket may be taken back from.
  mutating func environments(at start: Int) -> [Environment]? {
    guard let first = environment(at: start) else { return nil }
    var found = [first]
    while found.count < 6, let next = joined(after: found[found.count - 1].end) {
      found.append(next)
    }
    return found
  }

  /// The position after trailing white space that belongs to the match.
  func matchEnd(_ found: [Environment]) -> Int {
    let end = found[found.count - 1].end
    return needsBox ? text.skippingSpace(from: end) : end
  }

  private mutating func joined(after end: Int) -> Environment? {
    let cursor = text.skippingSpace(from: end)
    let comma = text.byte(at: cursor) == UInt8(ascii: ",")
    for (word, length) in [("and", 3), ("or", 2)] {
      if comma, text.matches(word, at: cursor + 1),
        let found = spaced(from: cursor + 1 + length)
      {
        return found
      }
      if text.matches(word, at: cursor), let found = spaced(from: cursor + length) { return found }
    }
    return comma ? spaced(from: cursor + 1) : nil
  }

  /// White space, then an environment; a bracket environment wants one blank of it for itself.
  mutating func spaced(from start: Int) -> Environment? {
    let cursor = text.skippingSpace(from: start)
    if let found = environment(at: cursor) { return found }
    return cursor > start ? environment(at: cursor - 1) : nil
  }

  private mutating func environment(at start: Int) -> Environment? {
    guard start < text.count else { return nil }
    switch text[start] {
    case UInt8(ascii: "$"): return dollar(at: start)
    case UInt8(ascii: "\\"):
      if text.byte(at: start + 1) == UInt8(ascii: "[") {
        return escaped(.displayBracket, at: start)
      }
      if text.byte(at: start + 1) == UInt8(ascii: "(") { return escaped(.parenthesis, at: start) }
      return needsBox ? nil : fraction(at: start)
    case UInt8(ascii: "-"): return needsBox ? nil : fraction(at: start)
    case let byte where byte.isSpace: return bracket(at: start)
    default: return nil
    }
  }

  private mutating func finish(_ content: Range<Int>, closer: Int) -> Environment? {
    if needsBox && !holdsBox(content) { return nil }
    let cursor = text.skippingSpace(from: closer)
    if let after = percentEnd(at: cursor) {
      return Environment(content: content, end: after, isPercent: true)
    }
    return Environment(content: content, end: cursor, isPercent: false)
  }

  private func percentEnd(at cursor: Int) -> Int? {
    if text.matches("\\%", at: cursor) { return cursor + 2 }
    return PercentWord.end(in: text, at: cursor)
  }

  private mutating func holdsBox(_ content: Range<Int>) -> Bool {
    // Starts between the last one asked for and the box found from there share that box.
    if content.lowerBound < boxAhead.asked || content.lowerBound > boxAhead.start {
      boxAhead = nextBox(from: content.lowerBound)
    }
    return boxAhead.start + 8 < content.upperBound && boxAhead.brace < content.upperBound
  }

  /// The first box command at or after `asked`, and the first closing brace after it.
  private func nextBox(from asked: Int) -> (asked: Int, start: Int, brace: Int) {
    var index = asked
    while index < text.count {
      if text[index] == UInt8(ascii: "\\"),
        text.matches("\\boxed{", at: index) || text.matches("\\fbox{", at: index)
      {
        if boxAhead.brace >= index + 7, boxAhead.start < index {
          return (asked, index, boxAhead.brace)
        }
        let brace = text[min(index + 7, text.count)...].firstIndex(of: UInt8(ascii: "}"))
        return (asked, index, brace ?? text.count)
      }
      index += 1
    }
    return (asked, text.count, text.count)
  }

  private mutating func dollar(at start: Int) -> Environment? {
    let before = text.byte(at: start - 1)
    guard before != UInt8(ascii: "\\") else { return nil }
    if text.byte(at: start + 1) == UInt8(ascii: "$"),
      let close = close(.displayDollar, from: start + 2),
      let found = finish(start + 2..<close, closer: close + 2)
    {
      return found
    }
    if let before, before.isDigit { return nil }
    guard let close = close(.inlineDollar, from: start + 1), close > start + 1 else { return nil }
    return finish(start + 1..<close, closer: close + 1)
  }

  private mutating func escaped(_ kind: Kind, at start: Int) -> Environment? {
    guard text.byte(at: start - 1) != UInt8(ascii: "\\"),
      let close = close(kind, from: start + 2), close > start + 2
    else { return nil }
    return finish(start + 2..<close, closer: close + 2)
  }

  private mutating func bracket(at start: Int) -> Environment? {
    guard text.byte(at: start + 1) == UInt8(ascii: "["),
      let close = close(.bracket, from: start + 2),
      close > start + 2, let after = text.byte(at: close + 1), after.isSpace
    else { return nil }
    return finish(start + 2..<close, closer: close + 2)
  }

  /// The closer for content that begins at `start`, remembered between calls.
  private mutating func close(_ kind: Kind, from start: Int) -> Int? {
    let slot = kind.rawValue
    if dead[slot].contains(start) { return nil }
    if lastOpen[slot] >= 0, start >= lastOpen[slot], start < lastClose[slot],
      kind != .displayDollar, kind != .inlineDollar
    {
      return lastClose[slot]
    }
    let (found, stop) = scan(kind, from: start)
    if let found {
      lastOpen[slot] = start
      lastClose[slot] = found
    } else {
      dead[slot] = start..<max(start, stop)
    }
    return found
  }

  private func scan(_ kind: Kind, from start: Int) -> (close: Int?, stop: Int) {
    var index = start
    while index < text.count {
      let byte = text[index]
      switch (kind, byte) {
      case (.inlineDollar, UInt8(ascii: "\n")), (.parenthesis, UInt8(ascii: "\n")),
        (.bracket, UInt8(ascii: "\n")):
        return (nil, index)
      case (.bracket, UInt8(ascii: "[")): return (nil, index)
      case (.bracket, UInt8(ascii: "]")): return (index, index)
      case (.inlineDollar, UInt8(ascii: "$")): return (index, index)
      case (.inlineDollar, UInt8(ascii: "\\")) where text.byte(at: index + 1) == UInt8(ascii: "$"):
        index += 1
      case (.displayDollar, UInt8(ascii: "$")) where text.byte(at: index + 1) == UInt8(ascii: "$"):
        let closes = index > start && text[index - 1] != UInt8(ascii: "\\")
        return (closes ? index : nil, index)
      case (.displayBracket, UInt8(ascii: "\\")), (.parenthesis, UInt8(ascii: "\\")):
        let closer = kind == .parenthesis ? UInt8(ascii: ")") : UInt8(ascii: "]")
        if text.byte(at: index + 1) == closer {
          let closes = index > start && text[index - 1] != UInt8(ascii: "\\")
          return (closes ? index : nil, index)
        }
      default: break
      }
      index += 1
    }
    return (nil, text.count)
  }

  /// `\frac{n}{n}` with plain numbers, bare in the text.
  private mutating func fraction(at start: Int) -> Environment? {
    var cursor = start
    if text[cursor] == UInt8(ascii: "-") { cursor += 1 }
    guard text.matches("\\frac{", at: cursor) else { return nil }
    guard let upper = simpleNumber(at: cursor + 6), text.matches("}{", at: upper),
      let lower = simpleNumber(at: upper + 2), text.byte(at: lower) == UInt8(ascii: "}")
    else { return nil }
    return finish(start..<lower + 1, closer: lower + 1)
  }

  private func simpleNumber(at start: Int) -> Int? {
    var cursor = start
    if text.byte(at: cursor) == UInt8(ascii: "-") { cursor += 1 }
    let digits = cursor
    while let byte = text.byte(at: cursor), byte.isDigit { cursor += 1 }
    guard cursor > digits else { return nil }
    if let mark = text.byte(at: cursor), mark == UInt8(ascii: ".") || mark == UInt8(ascii: ","),
      let next = text.byte(at: cursor + 1), next.isDigit
    {
      cursor += 1
      while let byte = text.byte(at: cursor), byte.isDigit { cursor += 1 }
    }
    return cursor
  }
}
