/// The text does not follow the grammar.
struct ParseFailure: Error {}

/// Reads normalised LaTeX into an ``Expression`` by recursive descent.
///
/// The grammar is Math-Verify's: an answer is an assignment to a list (`x = 1, 2`), a list of
/// elements (`1, (2,3), x > 4`), or a set expression (`A \cup B`). Juxtaposition binds tighter than
/// `/`, and a function without parentheses takes the product that follows it.
struct LatexParser {
  typealias Kind = LatexToken.Kind

  let text: Bytes
  let tokens: [LatexToken]
  let budget: WorkBudget
  var position = 0
  var depth = 0
  private var steps = 0
  /// Inside an integral `dx` ends the integrand.
  var integrals = 0
  /// Inside `|…|` a bar closes.
  var openBars = 0
  /// The signs that `±` has in this reading, one bit each from the left; zero is plus.
  var signs = 0
  /// How many `±` have been read.
  var signCount = 0

  /// Nesting past this is no answer; it also keeps the stack small.
  static let depthLimit = 100
  /// Rules tried for one answer: readings that fail inside each other would double otherwise.
  static let stepLimit = 1_500
  /// What a level of nesting costs: about a microsecond, with the tokens that are read in it.
  private static let stepCost = 9
  /// Operators that nest to the left may follow each other so often.
  static let chainLimit = 48

  init(text: Bytes, tokens: [LatexToken], budget: WorkBudget) {
    self.text = text
    self.tokens = tokens
    self.budget = budget
  }

  /// The value of `text`, or of what follows its last `=` where it is a chain of equations that
  /// cannot be read whole.
  static func parse(
    _ text: Bytes, scientific: Bool = true, budget: WorkBudget
  ) -> Expression? {
    guard !text.isEmpty, !AnswerReader.isTooLong(text) else { return nil }
    if let value = parseWhole(text, scientific, budget: budget) { return value }
    guard let last = lastEquation(text) else { return nil }
    return parseWhole(last, scientific, budget: budget)
  }

  /// Whether the text has digits around an `e`, which may be an exponent or Euler's number.
  static func isAmbiguous(_ text: Bytes) -> Bool {
    guard text.count > 2 else { return false }
    for index in 1..<(text.count - 1)
    where text[index] == UInt8(ascii: "e") && text[index - 1].isDigit {
      let next = text[index + 1]
      if next.isDigit || next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { return true }
    }
    return false
  }

  private static func parseWhole(
    _ text: Bytes, _ scientific: Bool, budget: WorkBudget
  ) -> Expression? {
    guard let tokens = LatexLexer.tokens(of: text, scientific: scientific), !tokens.isEmpty else {
      // Cutting goes no further than the first sign that is not known.
      budget.charge(scanned: 8 * text.count)
      return nil
    }
    budget.charge(read: text.count / 8 + tokens.count)
    if let number = groupedNumber(text) { return number }
    var parser = LatexParser(text: text, tokens: tokens, budget: budget)
    return parser.answer()
  }

  /// Exactly `1,234,567` or `1,234.5`: one number, not a list.
  private static func groupedNumber(_ text: Bytes) -> Expression? {
    guard text.contains(UInt8(ascii: ",")) else { return nil }
    let plain = text.trimmed()
    let unsigned = plain.first == UInt8(ascii: "-") ? plain[1...] : plain[...]
    let halves = unsigned.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard let whole = halves.first, halves.count <= 2 else { return nil }
    if halves.count == 2, halves[1].isEmpty || !halves[1].allSatisfy(\.isDigit) { return nil }
    let groups = whole.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard groups.count > 1, (1...3).contains(groups[0].count),
      groups.dropFirst().allSatisfy({ $0.count == 3 }),
      groups.allSatisfy({ $0.allSatisfy(\.isDigit) })
    else { return nil }
    let leadingZero = plain.first == UInt8(ascii: "0")
    let source =
      leadingZero
      ? plain.map { $0 == UInt8(ascii: ",") ? UInt8(ascii: ".") : $0 }
      : plain.filter { $0 != UInt8(ascii: ",") }
    guard let value = try? Rational(decimal: source) else { return nil }
    return halves.count == 2 || leadingZero ? .decimal(value) : .number(value)
  }

  private static func lastEquation(_ text: Bytes) -> Bytes? {
    if text.contains(UInt8(ascii: ",")) || text.contains(UInt8(ascii: ";")) { return nil }
    var marks: [Int] = []
    for (index, byte) in text.enumerated() where byte == UInt8(ascii: "=") {
      let before = text.byte(at: index - 1) ?? 0
      if !Bytes("\\<!>".utf8).contains(before) { marks.append(index) }
    }
    guard marks.count > 1, let last = marks.last else { return nil }
    return Bytes(text[(last + 1)...])
  }

  private mutating func answer() -> Expression? {
    if let value = attempt({ parser throws(ParseFailure) in try parser.assignmentToList() }),
      position == tokens.count
    {
      return value
    }
    (position, depth, integrals, openBars) = (0, 0, 0, 0)
    (signs, signCount) = (0, 0)
    if hasSetOperator() {
      guard let value = try? setRelation(), position == tokens.count else { return nil }
      return value
    }
    guard let value = try? elementList(), position == tokens.count else { return nil }
    return value
  }

  // MARK: tokens

  @inline(__always)
  var kind: Kind? { position < tokens.count ? tokens[position].kind : nil }

  @inline(__always)
  func kind(at offset: Int) -> Kind? {
    position + offset < tokens.count ? tokens[position + offset].kind : nil
  }

  @inline(__always)
  mutating func take(_ wanted: Kind) -> Bool {
    guard kind == wanted else { return false }
    position += 1
    return true
  }

  @inline(__always)
  mutating func expect(_ wanted: Kind) throws(ParseFailure) {
    if !take(wanted) { throw ParseFailure() }
  }

  func source(_ token: LatexToken) -> Bytes { Bytes(text[token.start..<token.end]) }

  /// Counts one level of nesting for as long as `body` runs.
  @inline(__always)
  mutating func nested<T>(
    _ body: (inout LatexParser) throws(ParseFailure) -> T
  ) throws(ParseFailure) -> T {
    depth += 1
    steps += 1
    guard depth < Self.depthLimit, steps < Self.stepLimit, (try? budget.spend(Self.stepCost)) != nil
    else {
      throw ParseFailure()
    }
    let value = try body(&self)
    depth -= 1
    return value
  }

  /// Runs `body`; where it fails everything is as before.
  mutating func attempt<T>(
    _ body: (inout LatexParser) throws(ParseFailure) -> T
  ) -> T? {
    let saved = (position, depth, integrals, openBars, signCount)
    do throws(ParseFailure) {
      return try body(&self)
    } catch {
      (position, depth, integrals, openBars, signCount) = saved
      return nil
    }
  }
}
