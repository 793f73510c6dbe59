/// Cases, systems of equations, sets by a condition, membership.
extension LatexParser {
  /// `\begin{cases} … \end{cases}`: rows without conditions are a system, others value and condition.
  mutating func cases() throws(ParseFailure) -> Expression {
    try nested { parser throws(ParseFailure) in
      let rows = try parser.rows(until: .casesEnd)
      if rows.allSatisfy({ $0.count == 1 }) { return .set(rows.map { $0[0] }) }
      return .call("cases", rows.map { .tuple($0) })
    }
  }

  /// Lines below each other, such as `aligned`.
  mutating func system() throws(ParseFailure) -> Expression {
    try nested { parser throws(ParseFailure) in
      .set(try parser.rows(until: .systemEnd).flatMap { $0 })
    }
  }

  private mutating func rows(until end: Kind) throws(ParseFailure) -> [[Expression]] {
    position += 1
    var rows: [[Expression]] = []
    repeat {
      if kind == end { break }
      var row = [try cell()]
      while takeCellEnd() {
        if kind == .rowEnd || kind == end { break }
        row.append(try cell())
      }
      _ = take(.period)
      rows.append(row)
    } while take(.rowEnd)
    try expect(end)
    return rows
  }

  /// What separates two cells: `&`, a comma, or both.
  private mutating func takeCellEnd() -> Bool {
    let isComma = take(.comma)
    return take(.ampersand) || isComma
  }

  private static let conditionWords: Set<String> = ["if", "for", "when", "where", "as"]
  private static let otherwise: Set<String> = ["otherwise", "else", "elsewhere"]

  /// One cell; the words of a condition say nothing.
  private mutating func cell() throws(ParseFailure) -> Expression {
    while kind == .accent {
      let word = Self.wordOf(source(tokens[position]))
      if Self.otherwise.contains(word) {
        position += 1
        return .symbol("otherwise")
      }
      guard Self.conditionWords.contains(word) else { break }
      position += 1
    }
    let value = try relation()
    if kind == .accent, Self.conditionWords.contains(Self.wordOf(source(tokens[position]))) {
      throw ParseFailure()
    }
    return value
  }

  private static func wordOf(_ source: Bytes) -> String {
    guard let open = source.firstIndex(of: UInt8(ascii: "{")) else { return "" }
    return Bytes(source[(open + 1)..<(source.count - 1)].filter(\.isLetter)).text.lowercased()
  }

  // MARK: sets

  /// `\{x \mid x > 3\}`, `\{x \in \mathbb{Z} : x^2 < 5\}` after the opening brace.
  mutating func setBuilder(_ closing: Kind) -> Expression? {
    attempt { parser throws(ParseFailure) in
      let variable = try parser.nameList()
      var domain = Expression.numberSet(.reals)
      if parser.take(.element) { domain = try parser.membership() }
      guard parser.takeCondition() else { throw ParseFailure() }
      var conditions = [try parser.relation()]
      while parser.take(.comma) { conditions.append(try parser.relation()) }
      guard conditions.allSatisfy(\.isRelation) else { throw ParseFailure() }
      try parser.expect(closing)
      return .call(Expression.builderName, [variable, domain] + conditions)
    }
  }

  private mutating func takeCondition() -> Bool {
    if take(.condition) || take(.bar) || take(.vertical) || take(.semicolon) { return true }
    guard kind == .divide, source(tokens[position]) == [UInt8(ascii: ":")] else { return false }
    position += 1
    return true
  }

  /// What follows `\in`: a set, or a number set with a sign (`\mathbb{Z}^+`).
  mutating func membership() throws(ParseFailure) -> Expression {
    try nested { parser throws(ParseFailure) in
      guard parser.kind == .numberSet else {
        guard let end = parser.bracketEnd(), end > parser.position else { throw ParseFailure() }
        let element = try parser.setElement()
        guard element.values.count == 1 else { throw ParseFailure() }
        return element.values[0]
      }
      let start = parser.position
      let set = parser.numberSet(parser.tokens[start])
      parser.position += 1
      guard parser.kind == .caret || parser.kind == .underscore else { return set }
      parser.position += 1
      let isGroup = parser.take(.leftBrace)
      while let kind = parser.kind,
        [.plus, .minus, .times, .greater, .greaterOrEqual, .number].contains(kind)
      {
        parser.position += 1
        if !isGroup { break }
      }
      if isGroup { try parser.expect(.rightBrace) }
      let suffix = parser.tokens[(start + 1)..<parser.position].flatMap { parser.source($0) }
      return .call("set" + Bytes(suffix).text, [set])
    }
  }
}

extension Expression {
  /// The name under which a set by a condition is kept: its variable, its domain, its conditions.
  static let builderName = "{|}"
  /// The name under which "7.5 percent" is kept, with the word in text: 7.5, or 7.5 % beside a percentage.
  static let percentName = "percent"
}
