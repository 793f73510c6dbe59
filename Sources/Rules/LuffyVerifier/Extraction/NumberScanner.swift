/// Finds plain numbers and arithmetic as Math-Verify's expression patterns do.
///
/// A number follows the text's start, white space or `=`; a pattern that must be followed by
/// something gives up digits until it is (12 in "12 = x" gives 1), as backtracking does.
struct NumberScanner {
  let text: Bytes
  let budget: WorkBudget
  /// The stretch of digits and operators that was read last: every start inside it shares its end.
  private var run = Run(start: 0, end: -1, firstOperator: nil, lastFit: nil)

  private struct Run {
    let start: Int
    let end: Int
    /// The first operator at or after the last start asked for.
    var firstOperator: Int?
    /// The last end that a fitting character follows.
    let lastFit: (end: Int, matchEnd: Int)?
  }

  init(text: Bytes, budget: WorkBudget) {
    self.text = text
    self.budget = budget
  }

  /// What must follow a match.
  enum Continuation {
    case nothing
    /// `[.] I hope`
    case hope
    /// anything but ` =`
    case noEquals
  }

  /// An arithmetic expression, else a number, whose prefix begins at exactly `start`.
  mutating func expressionOrNumber(at start: Int, before continuation: Continuation) -> Candidate? {
    expression(at: start, before: continuation) ?? number(at: start, before: continuation)
  }

  /// A quick look: a prefix, then a character that a number can begin with.
  @inline(__always)
  private func mayBegin(at start: Int) -> Bool {
    guard start < text.count else { return false }
    if start == 0 { return true }
    guard text[start].isSpace || text[start] == UInt8(ascii: "="), start + 1 < text.count else {
      return false
    }
    let next = text[start + 1]
    if next.isDigit || next >= 0x80 { return true }
    switch next {
    case UInt8(ascii: "-"), UInt8(ascii: "("), UInt8(ascii: "."), UInt8(ascii: "*"),
      UInt8(ascii: "$"):
      return true
    default: return false
    }
  }

  /// What a look for a number costs where one may begin.
  private static let attemptCost = 3

  /// Where content may begin after a prefix at `start`.
  private func contentStarts(_ start: Int) -> [Int] {
    guard start < text.count else { return [] }
    var starts: [Int] = []
    func add(_ position: Int) {
      if text.matches("**", at: position) { starts.append(position + 2) }
      starts.append(position)
    }
    if start == 0 { add(0) }
    if text[start].isSpace || text[start] == UInt8(ascii: "=") { add(start + 1) }
    return starts
  }

  // MARK: arithmetic

  mutating func expression(at start: Int, before continuation: Continuation) -> Candidate? {
    guard mayBegin(at: start) else { return nil }
    budget.charge(Self.attemptCost)
    for content in contentStarts(start) {
      if let (end, matchEnd) = expressionEnd(from: content, before: continuation) {
        return Candidate(start: start, end: matchEnd, content: .expression(content..<end))
      }
    }
    return nil
  }

  private mutating func expressionEnd(from start: Int, before continuation: Continuation) -> (
    Int, Int
  )? {
    var digit = start
    if text.byte(at: digit) == UInt8(ascii: "-") { digit += 1 }
    if text.byte(at: digit) == UInt8(ascii: "(") { digit += 1 }
    if text.byte(at: digit) == UInt8(ascii: "-") { digit += 1 }
    guard let byte = text.byte(at: digit), byte.isDigit else { return nil }
    prepareRun(from: digit + 1)
    guard let firstOperator = run.firstOperator else { return nil }
    let first = characterEnd(at: firstOperator)
    if continuation == .nothing {
      guard let fit = run.lastFit, fit.end > first else { return nil }
      return fit
    }
    var end = min(run.end, digit + Self.anchoredReach)
    while end > first, !budget.isExhausted {
      budget.charge(scanned: 1)
      if let suffix = suffixEnd(at: end), let matchEnd = follow(continuation, at: suffix) {
        return (end, matchEnd)
      }
      end -= 1
      while end > first, text[end].isContinuation { end -= 1 }
    }
    return nil
  }

  /// What follows an anchor is no longer than this.
  private static let anchoredReach = 512

  /// Makes `run` the stretch that holds `start`, with the first operator from there on.
  private mutating func prepareRun(from start: Int) {
    if start >= run.start, start <= run.end {
      guard let known = run.firstOperator, known < start else { return }
      run.firstOperator = nextOperator(from: start)
      return
    }
    var end = start
    while let (next, _) = expressionCharacter(at: end) { end = next }
    var fit = end
    var lastFit: (Int, Int)?
    while fit > start {
      if let suffix = suffixEnd(at: fit) {
        lastFit = (fit, suffix)
        break
      }
      fit -= 1
      while fit > start, text[fit].isContinuation { fit -= 1 }
    }
    run = Run(start: start, end: end, firstOperator: nil, lastFit: lastFit)
    run.firstOperator = nextOperator(from: start)
  }

  private func nextOperator(from start: Int) -> Int? {
    var index = start
    while index < run.end, let (next, isOperator) = expressionCharacter(at: index) {
      if isOperator { return index }
      index = next
    }
    return nil
  }

  /// The character after an operator must exist, so a match ends at least two characters on.
  private func characterEnd(at index: Int) -> Int {
    var cursor = index + 1
    while cursor < text.count, text[cursor].isContinuation { cursor += 1 }
    return cursor
  }

  private func expressionCharacter(at index: Int) -> (next: Int, isOperator: Bool)? {
    guard let byte = text.byte(at: index) else { return nil }
    if byte.isDigit || byte.isSpace || byte == UInt8(ascii: ".") { return (index + 1, false) }
    switch byte {
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "/"),
      UInt8(ascii: "^"), UInt8(ascii: "("), UInt8(ascii: ")"):
      return (index + 1, true)
    case 0xC3:  // × or ÷
      guard let next = text.byte(at: index + 1), next == 0x97 || next == 0xB7 else { return nil }
      return (index + 2, true)
    default: return nil
    }
  }

  private func suffixEnd(at end: Int) -> Int? {
    if text.matches("**", at: end), let after = suffixMark(at: end + 2) { return after }
    return suffixMark(at: end)
  }

  private func suffixMark(at end: Int) -> Int? {
    guard let byte = text.byte(at: end) else { return end == text.count ? end : nil }
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: ")"),
      UInt8(ascii: "$"):
      return end + 1
    default: return byte.isSpace ? end + 1 : nil
    }
  }

  // MARK: numbers

  func number(at start: Int, before continuation: Continuation) -> Candidate? {
    guard mayBegin(at: start) else { return nil }
    budget.charge(Self.attemptCost)
    for prefix in contentStarts(start) {
      let currency = currencyEnd(at: prefix)
      for content in currency > prefix ? [currency, prefix] : [prefix] {
        if let byte = text.byte(at: content - 1), byte.isDigit { continue }
        if let (match, end) = number(from: content, before: continuation) {
          return Candidate(start: start, end: end, content: .number(match))
        }
      }
    }
    return nil
  }

  private func currencyEnd(at index: Int) -> Int {
    guard let byte = text.byte(at: index) else { return index }
    switch byte {
    case UInt8(ascii: "$"): return index + 1
    case 0xC2:  // £ ¥
      let next = text.byte(at: index + 1)
      return next == 0xA3 || next == 0xA5 ? index + 2 : index
    case 0xE0: return text.matches("\u{0E3F}", at: index) ? index + 3 : index
    case 0xE2:  // U+20A0 … U+20BF
      guard text.byte(at: index + 1) == 0x82, let last = text.byte(at: index + 2), last >= 0xA0
      else { return index }
      return index + 3
    default: return index
    }
  }

  private func digitsEnd(_ start: Int) -> Int {
    var cursor = start
    while let byte = text.byte(at: cursor), byte.isDigit { cursor += 1 }
    return cursor
  }

  private func number(
    from start: Int, before continuation: Continuation
  ) -> (NumberMatch, Int)? {
    let digits = text.byte(at: start) == UInt8(ascii: "-") ? start + 1 : start
    let integerEnd = digitsEnd(digits)
    if integerEnd > digits {
      if let found = grouped(from: start, digits: digits, before: continuation) { return found }
      if let mark = text.byte(at: integerEnd),
        mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",")
      {
        var end = digitsEnd(integerEnd + 1)
        while end > integerEnd + 1 {
          if let found = finish(start..<integerEnd, integerEnd..<end, continuation) {
            return found
          }
          end -= 1
        }
      }
      var end = integerEnd
      while end > digits {
        if let found = finish(start..<end, end..<end, continuation) { return found }
        if continuation == .nothing { break }
        end -= 1
      }
      return nil
    }
    guard text.byte(at: start) == UInt8(ascii: ".") else { return nil }
    var end = digitsEnd(start + 1)
    while end > start + 1 {
      if let found = finish(start..<start, start..<end, continuation) { return found }
      end -= 1
    }
    return nil
  }

  /// `1,234.5`, `1 234`: groups of exactly three digits.
  private func grouped(
    from start: Int, digits: Int, before continuation: Continuation
  ) -> (NumberMatch, Int)? {
    guard text[digits] != UInt8(ascii: "0") else { return nil }
    let lead = digitsEnd(digits)
    guard lead - digits <= 3 else { return nil }
    var ends: [Int] = []
    var cursor = lead
    while let mark = text.byte(at: cursor), mark == UInt8(ascii: ",") || mark == UInt8(ascii: " "),
      let a = text.byte(at: cursor + 1), let b = text.byte(at: cursor + 2),
      let c = text.byte(at: cursor + 3), a.isDigit, b.isDigit, c.isDigit
    {
      cursor += 4
      ends.append(cursor)
      if let next = text.byte(at: cursor), next.isDigit { break }
    }
    for end in ends.reversed() {
      if text.byte(at: end) == UInt8(ascii: ".") {
        var decimals = digitsEnd(end + 1)
        while decimals > end + 1 {
          if let found = finish(start..<end, end..<decimals, continuation) { return found }
          decimals -= 1
        }
      }
      if let found = finish(start..<end, end..<end, continuation) { return found }
    }
    return nil
  }

  /// Adds the percent sign, if it fits, and asks what follows.
  private func finish(
    _ integer: Range<Int>, _ decimals: Range<Int>, _ continuation: Continuation
  ) -> (NumberMatch, Int)? {
    let end = max(integer.upperBound, decimals.upperBound)
    let word = text.skippingSpace(from: end)
    budget.charge(scanned: word - end)
    if let percent = PercentWord.end(in: text, at: word),
      let matchEnd = follow(continuation, at: percent)
    {
      let match = NumberMatch(integer: integer, decimals: decimals, end: percent, isPercent: true)
      return (match, matchEnd)
    }
    guard let matchEnd = follow(continuation, at: end) else { return nil }
    return (NumberMatch(integer: integer, decimals: decimals, end: end, isPercent: false), matchEnd)
  }

  // MARK: what follows

  /// Where the match ends if the continuation holds at `end`.
  func follow(_ continuation: Continuation, at end: Int) -> Int? {
    switch continuation {
    case .nothing: return end
    case .noEquals:
      let next = text.skippingSpace(from: end)
      budget.charge(scanned: next - end)
      return text.byte(at: next) == UInt8(ascii: "=") ? nil : end
    case .hope: return hopeEnd(at: end)
    }
  }

  /// `\.?\s?I hope`
  func hopeEnd(at end: Int) -> Int? {
    var cursor = end
    for skip in [true, false] {
      cursor = end
      if skip {
        guard text.byte(at: cursor) == UInt8(ascii: ".") else { continue }
        cursor += 1
      }
      if let byte = text.byte(at: cursor), byte.isSpace,
        text.matches("I hope", at: cursor + 1)
      {
        return cursor + 7
      }
      if text.matches("I hope", at: cursor) { return cursor + 6 }
    }
    return nil
  }
}
