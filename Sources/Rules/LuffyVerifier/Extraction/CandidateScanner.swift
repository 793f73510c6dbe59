/// Lists what may be the answer, one priority after the other.
///
/// Priorities and their order are Math-Verify's: "final answer is … I hope" (0), "final answer … is"
/// and boxes (50), "answer:" (100), "answer" (200), anything (300). Inside one priority the match
/// that ends last comes first, the longer one where two end together.
struct CandidateScanner {
  enum Priority: Int, CaseIterable {
    case hash, boxedFirst, finalHope, finalIs, answerColon, answer, whole, anywhere
  }

  let text: Bytes
  let options: ExtractionOptions
  var numbers: NumberScanner
  private var environments: EnvironmentScanner
  let budget: WorkBudget
  let anchors: AnswerAnchors
  /// Whether plain text holds numbers and arithmetic only, as in Math-Verify, unless it is an answer whole.
  let isLiteral: Bool

  init(
    _ text: Bytes, options: ExtractionOptions, isLiteral: Bool = false, budget: WorkBudget
  ) {
    self.text = text
    self.options = options
    self.budget = budget
    budget.charge(scanned: text.count)
    numbers = NumberScanner(text: text, budget: budget)
    environments = EnvironmentScanner(text)
    self.isLiteral = isLiteral
    anchors = AnswerAnchors(
      text, isStrict: !options.nearAnchor, isLiteral: isLiteral, budget: budget)
  }

  /// The candidates of one priority, best first.
  mutating func candidates(_ priority: Priority) -> [Candidate] {
    var found: [Candidate] = []
    if budget.isExhausted { return found }
    switch priority {
    case .hash: if options.hashAnswer { found += hashAnswer() }
    case .boxedFirst: if options.boxed == .first || options.boxed == .only { found += boxes() }
    case .finalHope:
      guard options.boxed != .only, !anchors.finals.isEmpty else { break }
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
    case .whole, .anywhere:
      guard options.boxed != .only, options.withoutAnchor else { break }
      if priority == .whole { return options.expression ? wholeText() : [] }
      if options.latex { found += latexAnywhere() }
      if options.expression { found += plainAnywhere() }
    }
    return Self.sorted(found)
  }

  /// The match that ends last first, the longer one where two end together.
  private static func sorted(_ found: [Candidate]) -> [Candidate] {
    found.enumerated().sorted { first, second in
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
    for start in anchors.finals where start >= cursor {
      if anchors.readsPlainly(start + 6) { continue }
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
  func isPositions(after start: Int, newlines: Bool) -> [Int] {
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
    for anchor in anchors.all where anchor.start >= cursor && (!colon || anchor.hasColon) {
      if anchor.readsPlainly || (!options.nearAnchor && !anchor.isEnvironment) { continue }
      let start = anchor.start
      var content = anchor.end
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

  /// Of candidates without an anchor only the last ones can be tried.
  static let keptLimit = 256

  private static func scan(_ scanner: inout EnvironmentScanner) -> [Candidate] {
    var found: [Candidate] = []
    var cursor = 0
    while cursor < scanner.text.count {
      if let envs = scanner.environments(at: cursor) {
        let end = scanner.matchEnd(envs)
        found.append(Candidate(start: cursor, end: end, content: .latex(envs)))
        if found.count > 4 * keptLimit { found.removeFirst(3 * keptLimit) }
        cursor = end
      } else {
        cursor += 1
      }
    }
    return Array(found.suffix(keptLimit))
  }

  private func boxes() -> [Candidate] {
    let boxes = ["\\boxed{", "\\fbox{"].compactMap { text.firstIndex(of: $0, from: 0) }
    guard let first = boxes.min() else { return [] }
    var scanner = EnvironmentScanner(text, needsBox: true)
    var found = Self.scan(&scanner)
    if let last = text.lastIndex(of: "}", before: text.count),
      last >= first + (text.matches("\\fbox{", at: first) ? 7 : 8)
    {
      found.append(Candidate(start: first, end: last + 1, content: .rawBox(first..<last + 1)))
    }
    return found
  }

  func nextCharacter(_ index: Int) -> Int {
    var cursor = index + 1
    while cursor < text.count, text[cursor].isContinuation { cursor += 1 }
    return cursor
  }
}
