/// Lists, assignments, tuples, intervals and sets.
extension LatexParser {
  /// One element of a list: usually one value, two for `±`.
  struct Element {
    var values: [Expression]
    /// A plain expression, as the ends of an interval are.
    var isPlain: Bool
  }

  /// `x = 1, 2` and `(x, y) \in S`: everything after the sign belongs to the left side.
  mutating func assignmentToList() throws(ParseFailure) -> Expression {
    let left = try nameList()
    guard take(.equal) || take(.element) else { throw ParseFailure() }
    let groups = try semicolonGroups(relations: false)
    return .relation(.equal, left, Self.listValue(groups.map { $0.flatMap(\.values) }))
  }

  /// One name, or several in parentheses.
  mutating func nameList() throws(ParseFailure) -> Expression {
    guard take(.leftParenthesis) else { return try name() }
    var names = [try name()]
    while take(.comma) { names.append(try name()) }
    try expect(.rightParenthesis)
    return names.count == 1 ? names[0] : .tuple(names)
  }

  mutating func elementList() throws(ParseFailure) -> Expression {
    let groups = try semicolonGroups(relations: true)
    return Self.listValue(groups.map { $0.flatMap(\.values) })
  }

  /// One value is itself, several are a set, groups of several a set of tuples.
  static func listValue(_ groups: [[Expression]]) -> Expression {
    if groups.count == 1 { return groups[0].count == 1 ? groups[0][0] : .set(groups[0]) }
    if groups.allSatisfy({ $0.count == 1 }) { return .set(groups.map { $0[0] }) }
    return .set(groups.map { .tuple($0) })
  }

  mutating func semicolonGroups(relations: Bool) throws(ParseFailure) -> [[Element]] {
    var groups = [try commaElements(relations: relations)]
    while take(.semicolon) { groups.append(try commaElements(relations: relations)) }
    return groups
  }

  private mutating func commaElements(relations: Bool) throws(ParseFailure) -> [Element] {
    var elements = [try element(relations: relations)]
    while take(.comma) { elements.append(try element(relations: relations)) }
    return elements
  }

  /// An element; one with `±` is read once for every choice of the signs.
  private mutating func element(relations: Bool) throws(ParseFailure) -> Element {
    let start = position
    let before = signCount
    let isLeading = kind == .plusMinus
    (signs, signCount) = (0, 0)
    var element = try plainElement(relations: relations)
    let count = signCount
    signCount = before
    guard count > 0 else { return element }
    guard count <= 3 else { throw ParseFailure() }
    let isLinked = tokens[start..<position].contains { $0.kind == .plusMinus && $0.detail == 1 }
    for pattern in isLinked ? [(1 << count) - 1] : Array(1..<(1 << count)) {
      position = start
      (signs, signCount) = (pattern, 0)
      element.values += try plainElement(relations: relations).values
    }
    (signs, signCount) = (0, before)
    element.isPlain = false
    if isLeading { element.values.reverse() }
    return element
  }

  private mutating func plainElement(relations: Bool) throws(ParseFailure) -> Element {
    if let end = bracketEnd(), isElementEnd(end) {
      return try nested { parser throws(ParseFailure) in try parser.setElement() }
    }
    if kind == .systemStart { return Element(values: [try system()], isPlain: false) }
    if kind == .minus, let negative = negatedTuple() { return negative }
    let value = relations ? try relation() : try expression()
    switch value {
    case .relation, .chain: return Element(values: [value], isPlain: false)
    default: return Element(values: [value], isPlain: true)
    }
  }

  /// `-(a, b)`: the pair of −a and −b.
  private mutating func negatedTuple() -> Element? {
    attempt { parser throws(ParseFailure) in
      try parser.expect(.minus)
      guard parser.kind == .leftParenthesis, let end = parser.bracketEnd(),
        parser.isElementEnd(end)
      else { throw ParseFailure() }
      let inner = try parser.nested { parser throws(ParseFailure) in try parser.setElement() }
      switch inner.values.first {
      case .tuple(let values):
        return Element(values: [.tuple(values.map(\.negated))], isPlain: false)
      case .interval(let a, let b, true, true):
        return Element(values: [.tuple([a.negated, b.negated])], isPlain: false)
      default: throw ParseFailure()
      }
    }
  }

  /// The position after the bracket that closes the one here.
  func bracketEnd() -> Int? {
    switch kind {
    case .numberSet: return position + 1
    case .leftParenthesis, .leftBracket, .leftGroup, .leftBrace, .leftSet: break
    case .boxed: return kind(at: 1) == .leftBrace ? closing(from: position + 1) : nil
    default: return nil
    }
    return closing(from: position)
  }

  private func closing(from start: Int) -> Int? {
    var open = 0
    for index in start..<tokens.count {
      switch tokens[index].kind {
      case .leftParenthesis, .leftBracket, .leftGroup, .leftBrace, .leftSet: open += 1
      case .rightParenthesis, .rightBracket, .rightGroup, .rightBrace, .rightSet:
        open -= 1
        if open == 0 { return index + 1 }
      default: break
      }
    }
    return nil
  }

  private func isElementEnd(_ index: Int) -> Bool {
    guard index < tokens.count else { return true }
    switch tokens[index].kind {
    case .comma, .semicolon, .rightParenthesis, .rightBracket, .rightGroup, .rightBrace, .rightSet:
      return true
    default: return false
    }
  }

  /// An interval, tuple, set or number set; parentheses around one value are that value.
  mutating func setElement() throws(ParseFailure) -> Element {
    let token = tokens[position]
    position += 1
    switch token.kind {
    case .numberSet: return Element(values: [numberSet(token)], isPlain: false)
    case .leftBrace:
      if take(.rightBrace) { return Element(values: [.numberSet(.empty)], isPlain: false) }
      return try finiteSet(closing: .rightBrace)
    case .leftSet:
      if take(.rightSet) { return Element(values: [.numberSet(.empty)], isPlain: false) }
      return try finiteSet(closing: .rightSet)
    case .boxed:
      position += 1
      let groups = try semicolonGroups(relations: true)
      try expect(.rightBrace)
      let value = Self.listValue(groups.map { $0.flatMap(\.values) })
      return Element(values: [value], isPlain: groups.count == 1 && groups[0].count == 1)
    default: return try bracketed(token)
    }
  }

  func numberSet(_ token: LatexToken) -> Expression {
    .numberSet(NumberSet(rawValue: token.detail) ?? .empty)
  }

  private mutating func finiteSet(closing: Kind) throws(ParseFailure) -> Element {
    let start = position
    if let builder = setBuilder(closing) { return Element(values: [builder], isPlain: false) }
    let read = attempt { parser throws(ParseFailure) in
      let groups = try parser.semicolonGroups(relations: true)
      try parser.expect(closing)
      return groups
    }
    if let groups = read {
      let values = groups.flatMap { $0.flatMap(\.values) }
      // Braces around braces only group.
      if values.count == 1, closing == .rightBrace, case .finiteSet = values[0] {
        return Element(values: values, isPlain: false)
      }
      let isPlain = values.count == 1 && groups.count == 1 && groups[0][0].isPlain
      return Element(values: [isPlain ? values[0] : .set(values)], isPlain: isPlain)
    }
    // `{n \choose k}` and `{a^b}`: a group of the expression grammar.
    position = start - 1
    return Element(values: [try expression()], isPlain: true)
  }

  private mutating func bracketed(_ open: LatexToken) throws(ParseFailure) -> Element {
    var groups = try semicolonGroups(relations: true)
    guard let close = kind else { throw ParseFailure() }
    position += 1
    if groups.count == 2, groups.allSatisfy({ $0.count == 1 }) { groups = [groups[0] + groups[1]] }
    let leftOpen = open.kind != .leftBracket
    let rightOpen = close != .rightBracket
    let closes = [.rightParenthesis, .rightBracket, .rightGroup].contains(close)
    guard closes else { throw ParseFailure() }
    if groups.count == 1, groups[0].count == 2, groups[0].allSatisfy(\.isPlain) {
      let (a, b) = (groups[0][0].values[0], groups[0][1].values[0])
      return Element(
        values: [interval(a, b, leftOpen: leftOpen, rightOpen: rightOpen)], isPlain: false)
    }
    guard leftOpen == rightOpen, open.kind != .leftGroup else { throw ParseFailure() }
    let values = groups.flatMap { $0.flatMap(\.values) }
    if values.count == 1 {
      return Element(values: values, isPlain: groups[0][0].isPlain)
    }
    return Element(values: [.tuple(values)], isPlain: false)
  }

  /// Ends in the wrong order make a pair, not an interval.
  private func interval(
    _ a: Expression, _ b: Expression, leftOpen: Bool, rightOpen: Bool
  ) -> Expression {
    if leftOpen == rightOpen,
      let low = NumericEvaluator.realValue(a, budget: budget),
      let high = NumericEvaluator.realValue(b, budget: budget)
    {
      if leftOpen ? high <= low : high < low { return .tuple([a, b]) }
    }
    return .interval(
      a, b, leftOpen: leftOpen || a.isInfinite, rightOpen: rightOpen || b.isInfinite)
  }

  // MARK: set expressions

  /// Whether a set operator stands outside every bracket.
  func hasSetOperator() -> Bool {
    tokens.contains { token in
      switch token.kind {
      case .union, .intersection, .setMinus, .notElement, .subset: true
      default: false
      }
    }
  }

  mutating func setRelation() throws(ParseFailure) -> Expression {
    let head = attempt { parser throws(ParseFailure) -> (Expression, Relation) in
      let left = try parser.nameList()
      if parser.take(.notElement) { return (left, .unequal) }
      guard parser.take(.element) || parser.take(.equal) else { throw ParseFailure() }
      return (left, .equal)
    }
    guard let (left, sign) = head else { return try difference() }
    let right = try nested { parser throws(ParseFailure) in try parser.setRelation() }
    return .relation(sign, left, right)
  }

  private mutating func difference() throws(ParseFailure) -> Expression {
    try operations(.setMinus, .difference) { parser throws(ParseFailure) in
      try parser.operations(.union, .union) { parser throws(ParseFailure) in
        try parser.operations(.intersection, .intersection) { parser throws(ParseFailure) in
          try parser.setGroup()
        }
      }
    }
  }

  /// Operands joined by one sign, from the left.
  private mutating func operations(
    _ sign: Kind, _ operation: SetOperation,
    _ operand: (inout LatexParser) throws(ParseFailure) -> Expression
  ) throws(ParseFailure) -> Expression {
    var value = try operand(&self)
    var chain = 0
    if operation == .difference {
      while take(sign) {
        chain += 1
        if chain > Self.chainLimit { throw ParseFailure() }
        value = .setOperation(operation, Self.asSet(value), Self.asSet(try operand(&self)))
      }
      return value
    }
    var operands = [value]
    while take(sign) { operands.append(try operand(&self)) }
    return operands.count == 1 ? value : Self.balanced(operation, operands.map(Self.asSet)[...])
  }

  /// One operation over many sets, nested as little as possible.
  private static func balanced(
    _ operation: SetOperation, _ operands: ArraySlice<Expression>
  ) -> Expression {
    guard operands.count > 2 else {
      guard operands.count == 2, let first = operands.first, let last = operands.last else {
        return operands.first ?? .numberSet(.empty)
      }
      return .setOperation(operation, first, last)
    }
    let middle = operands.startIndex + operands.count / 2
    return .setOperation(
      operation, balanced(operation, operands[..<middle]), balanced(operation, operands[middle...]))
  }

  private static func asSet(_ value: Expression) -> Expression {
    if case .tuple(let values) = value { return .set(values) }
    return value
  }

  private mutating func setGroup() throws(ParseFailure) -> Expression {
    let start = position
    if bracketEnd() != nil {
      let found = attempt { parser throws(ParseFailure) in
        try parser.nested { parser throws(ParseFailure) in try parser.setElement() }
      }
      if let found, found.values.count == 1 {
        // A single value in braces is a set here.
        let value = found.values[0]
        if value.isSetOrTuple { return value }
        if [.leftSet, .leftBrace].contains(tokens[start].kind) { return .set([value]) }
      }
    }
    position = start
    guard take(.leftParenthesis) else { throw ParseFailure() }
    let value = try nested { parser throws(ParseFailure) in try parser.difference() }
    try expect(.rightParenthesis)
    return value
  }
}
