/// Lists what may be the answer, one priority after the other.
///
/// Priorities and their order are Math-Verify's: "final answer is … I hope" (0), "final answer … is"
/// and boxes (50), "answer:" (100), "answer" (200), anything (300). Inside one priority the match
/// that ends last comes first, the longer one where two end together.
struct CandidateScanner {
  enum Priority: Int, CaseIterable {
    case hash, boxedFirst, finalHope, finalIs, answerColon, answer, anywhere
  }

  let text: Bytes
  let options: ExtractionOptions
  private let numbers: NumberScanner
  private var environments: EnvironmentScanner
  private let answers: ArraySlice<Int>
  private let finals: ArraySlice<Int>

  init(_ text: Bytes, options: ExtractionOptions) {
    self.text = text
    self.options = options
    numbers = NumberScanner(text: text)
    environments = EnvironmentScanner(text)
    var answers: [Int] = []
    var finals: [Int] = []
    var index = 0
    while index + 6 <= text.count {
      if text[index].lowercased == UInt8(ascii: "a"), text.matchesFolded("answer", at: index) {
        answers.append(index)
        if index >= 6, text.matchesFolded("final ", at: index - 6) { finals.append(index - 6) }
        index += 6
      } else {
        index += 1
      }
    }
    self.answers = answers.suffix(Self.anchorLimit)
    self.finals = finals.suffix(Self.anchorLimit)
  }

  /// Only so many of the last anchors are looked at.
  private static let anchorLimit = 128

  /// The candidates of one priority, best first.
  mutating func candidates(_ priority: Priority) -> [Candidate] {
    var found: [Candidate] = []
    switch priority {
    case .hash: if options.hashAnswer { found += hashAnswer() }
    case .boxedFirst: if options.boxed == .first || options.boxed == .only { found += boxes() }
    case .finalHope:
      guard options.boxed != .only, !finals.isEmpty else { break }
      if options.latex { found += latexFinal(hope: true) }
      if options.expression { found += plainFinal(hope: true) }
    case .finalIs:
      if options.latex, options.boxed != .only { found += latexFinal(hope: false) }
      if options.latex, options.boxed == .ranked { found += boxes() }
      if options.expression, options.boxed != .only { found += plainFinal(hope: false) }
    case .answerColon, .answer:
      guard options.boxed != .only else { break }
      if options.latex { found += latexAnswer(colon: priority == .answerColon) }
      if options.expression { found += plainAnswer(colon: priority == .answerColon) }
    case .anywhere:
      guard options.boxed != .only, options.withoutAnchor else { break }
      if options.latex { found += latexAnywhere() }
      if options.expression { found += plainAnywhere() }
    }
    return found.enumerated().sorted { first, second in
      let (a, b) = (first.element, second.element)
      if a.end != b.end { return a.end > b.end }
      if a.start != b.start { return a.start < b.start }
      return first.offset < second.offset
    }.map(\.element)
  }

  /// What follows the last `####` of the text.
  private func hashAnswer() -> [Candidate] {
    guard let mark = text.lastIndex(of: "####", before: text.count) else { return [] }
    var start = mark + 4
    while start < text.count, text[start] == UInt8(ascii: "#") { start += 1 }
    let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
    let line = Environment(content: start..<end, end: end, isPercent: false)
    return [Candidate(start: mark, end: end, content: .latex([line]))]
  }

  // MARK: LaTeX

  private mutating func latexFinal(hope: Bool) -> [Candidate] {
    var found: [Candidate] = []
    var cursor = 0
    for start in finals where start >= cursor {
      let match = hope ? hopeMatch(at: start) : finalIsMatch(at: start)
      guard let match else { continue }
      found.append(match)
      cursor = match.end
    }
    return found
  }

  private mutating func hopeMatch(at start: Int) -> Candidate? {
    guard text.matchesFolded(" is", at: start + 12) else { return nil }
    var content = start + 15
    if text.byte(at: content) == UInt8(ascii: ":") { content += 1 }
    guard let first = spacedEnvironments(from: content) else { return nil }
    var envs = first
    while let last = envs.last {
      if let end = numbers.hopeEnd(at: last.end) {
        return Candidate(start: start, end: end, content: .latex(envs))
      }
      envs.removeLast()
    }
    return nil
  }

  private mutating func spacedEnvironments(from start: Int) -> [Environment]? {
    let cursor = text.skippingSpace(from: start)
    if let found = environments.environments(at: cursor) { return found }
    return cursor > start ? environments.environments(at: cursor - 1) : nil
  }

  private mutating func finalIsMatch(at start: Int) -> Candidate? {
    for content in isPositions(after: start, newlines: true) {
      if let envs = spacedEnvironments(from: content) {
        return Candidate(
          start: start, end: environments.matchEnd(envs), content: .latex(envs))
      }
    }
    return nil
  }

  /// The positions after ` is[:]` that begin within 100 characters of "final answer".
  private func isPositions(after start: Int, newlines: Bool) -> [Int] {
    var positions: [Int] = []
    var cursor = start + 12
    for _ in 0...100 {
      guard cursor < text.count else { break }
      if text[cursor].isSpace, cursor == start + 12 || !text[cursor - 1].isSpace {
        let word = text.skippingSpace(from: cursor)
        if text.matches("is", at: word) {
          positions.append(text.byte(at: word + 2) == UInt8(ascii: ":") ? word + 3 : word + 2)
        }
      }
      if !newlines, text[cursor] == UInt8(ascii: "\n") { break }
      cursor = nextCharacter(cursor)
    }
    return positions
  }

  private mutating func latexAnswer(colon: Bool) -> [Candidate] {
    var found: [Candidate] = []
    var cursor = 0
    for start in answers where start >= cursor {
      guard var content = contentStart(after: start, colon: colon) else { continue }
      for _ in 0...50 {
        guard content < text.count else { break }
        if let envs = environments.environments(at: content) {
          let end = environments.matchEnd(envs)
          found.append(Candidate(start: start, end: end, content: .latex(envs)))
          cursor = end
          break
        }
        content = nextCharacter(content)
      }
    }
    return found
  }

  private mutating func latexAnywhere() -> [Candidate] {
    Self.scan(&environments)
  }

  private static func scan(_ scanner: inout EnvironmentScanner) -> [Candidate] {
    var found: [Candidate] = []
    var cursor = 0
    while cursor < scanner.text.count {
      if let envs = scanner.environments(at: cursor) {
        let end = scanner.matchEnd(envs)
        found.append(Candidate(start: cursor, end: end, content: .latex(envs)))
        cursor = end
      } else {
        cursor += 1
      }
    }
    return found
  }

  private func boxes() -> [Candidate] {
    guard let first = text.firstIndex(of: "\\boxed{", from: 0) else { return [] }
    var scanner = EnvironmentScanner(text, needsBox: true)
    var found = Self.scan(&scanner)
    if let last = text.lastIndex(of: "}", before: text.count), last >= first + 8 {
      found.append(Candidate(start: first, end: last + 1, content: .rawBox(first..<last + 1)))
    }
    return found
  }

  // MARK: plain

  private func plainFinal(hope: Bool) -> [Candidate] {
    var found: [Candidate] = []
    var cursor = 0
    for start in finals where start >= cursor {
      guard let match = plainFinalMatch(at: start, hope: hope) else { continue }
      found.append(match)
      cursor = match.end
    }
    return found
  }

  private func plainFinalMatch(at start: Int, hope: Bool) -> Candidate? {
    var positions: [Int] = []
    if hope {
      guard text.matchesFolded(" is", at: start + 12) else { return nil }
      var content = start + 15
      if text.byte(at: content) == UInt8(ascii: ":") { content += 1 }
      let end = text.skippingSpace(from: content)
      positions = end > content ? [end, end - 1] : [end]
    } else {
      positions = isPositions(after: start, newlines: false)
    }
    for content in positions {
      if let match = numbers.expressionOrNumber(at: content, before: hope ? .hope : .nothing) {
        return Candidate(start: start, end: match.end, content: match.content)
      }
    }
    return nil
  }

  private func plainAnswer(colon: Bool) -> [Candidate] {
    var found: [Candidate] = []
    var cursor = 0
    for start in answers where start >= cursor {
      guard let content = contentStart(after: start, colon: colon) else { continue }
      guard let match = afterEquals(from: content) ?? nearest(from: content) else { continue }
      found.append(Candidate(start: start, end: match.end, content: match.content))
      cursor = match.end
    }
    return found
  }

  /// A number after the last `=` of the next hundred characters of the line.
  private func afterEquals(from start: Int) -> Candidate? {
    var equals: [Int] = []
    var cursor = start
    for _ in 0...100 {
      guard cursor < text.count, text[cursor] != UInt8(ascii: "\n") else { break }
      if text[cursor] == UInt8(ascii: "=") { equals.append(cursor) }
      cursor = nextCharacter(cursor)
    }
    for mark in equals.reversed() {
      let end = text.skippingSpace(from: mark + 1)
      for position in end > mark + 1 ? [end, end - 1] : [end] {
        if let match = numbers.expressionOrNumber(at: position, before: .noEquals) { return match }
      }
    }
    return nil
  }

  private func nearest(from start: Int) -> Candidate? {
    var cursor = start
    for _ in 0...50 {
      guard cursor < text.count else { break }
      if let match = numbers.expressionOrNumber(at: cursor, before: .noEquals) { return match }
      if text[cursor] == UInt8(ascii: "\n") { break }
      cursor = nextCharacter(cursor)
    }
    return nil
  }

  private func plainAnywhere() -> [Candidate] {
    var found: [Candidate] = []
    for arithmetic in [true, false] {
      var cursor = 0
      while cursor < text.count {
        let match =
          arithmetic
          ? numbers.expression(at: cursor, before: .nothing)
          : numbers.number(at: cursor, before: .nothing)
        if let match {
          found.append(match)
          cursor = max(match.end, cursor + 1)
        } else {
          cursor += 1
        }
      }
    }
    return found
  }

  /// The position after the "answer" at `start`, and after its colon where one is needed.
  private func contentStart(after start: Int, colon: Bool) -> Int? {
    let end = start + 6
    if !colon { return end }
    return text.byte(at: end) == UInt8(ascii: ":") ? end + 1 : nil
  }

  private func nextCharacter(_ index: Int) -> Int {
    var cursor = index + 1
    while cursor < text.count, text[cursor].isContinuation { cursor += 1 }
    return cursor
  }
}
