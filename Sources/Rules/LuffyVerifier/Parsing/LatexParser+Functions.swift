/// Functions, roots, sums, products, integrals and limits.
extension LatexParser {
  mutating func function() throws(ParseFailure) -> Expression {
    let token = tokens[position]
    switch token.kind {
    case .euler:
      position += 1
      guard take(.caret) else { return .constant(.e) }
      return .apply(.exp, [try exponent()])
    case .function:
      position += 1
      return try single(Function(rawValue: token.detail) ?? .exp)
    case .listFunction:
      position += 1
      return try several(Function(rawValue: token.detail) ?? .gcd)
    case .operatorName: return try operatorName()
    case .gammaFunction: return try gamma()
    case .root: return try root()
    case .limit: return try limit()
    case .integral: return try integral()
    case .bigSum, .bigProduct: return try bigOperator()
    default: throw ParseFailure()
    }
  }

  private struct Marks {
    var lower: Expression?
    var upper: Expression?
  }

  /// A subscript and a power, in either order.
  private mutating func marks() throws(ParseFailure) -> Marks {
    var marks = Marks()
    for _ in 0..<2 {
      if marks.lower == nil, kind == .underscore {
        position += 1
        marks.lower = try exponent()
      } else if marks.upper == nil, kind == .caret {
        position += 1
        marks.upper = try exponent()
      }
    }
    return marks
  }

  /// A parenthesised argument, else the product that follows.
  private mutating func functionArgument() throws(ParseFailure) -> Expression {
    if kind == .leftParenthesis,
      let value = attempt({ parser throws(ParseFailure) in try parser.group(.rightParenthesis) })
    {
      return value
    }
    return try nested { parser throws(ParseFailure) in
      try parser.product(withoutFunctions: true)
    }
  }

  private mutating func single(_ function: Function) throws(ParseFailure) -> Expression {
    let marks = try marks()
    let argument = try functionArgument()
    var function = function
    var power = marks.upper
    if power == .number(.minusOne), let inverse = function.inverse {
      function = inverse
      power = nil
    }
    var value: Expression
    switch function {
    case .log: value = .apply(.log, [argument, marks.lower ?? .integer(10)])
    case .ln where marks.lower != nil:
      value = .apply(.log, [argument, marks.lower ?? .constant(.e)])
    default: value = .apply(function, [argument])
    }
    if let power { value = .power(value, power) }
    return value
  }

  private mutating func several(_ function: Function) throws(ParseFailure) -> Expression {
    let marks = try marks()
    let close: Kind
    switch kind {
    case .leftParenthesis: close = .rightParenthesis
    case .leftSet: close = .rightSet
    case .leftBracket: close = .rightBracket
    case .leftBrace: close = .rightBrace
    default: throw ParseFailure()
    }
    position += 1
    var arguments = [try expression()]
    while take(.comma) { arguments.append(try expression()) }
    try expect(close)
    let value = Expression.apply(function, arguments)
    return marks.upper.map { .power(value, $0) } ?? value
  }

  private mutating func operatorName() throws(ParseFailure) -> Expression {
    position += 1
    try expect(.leftBrace)
    guard kind == .keyword else { throw ParseFailure() }
    let name = source(tokens[position]).text
    position += 1
    try expect(.rightBrace)
    switch name {
    case "gcd": return try several(.gcd)
    case "lcm": return try several(.lcm)
    case "floor": return try single(.floor)
    case "ceil": return try single(.ceiling)
    case "arsinh", "arcsinh": return try single(.arsinh)
    case "arcosh", "arccosh": return try single(.arcosh)
    case "artanh", "arctanh": return try single(.artanh)
    case "rank": return try single(.rank)
    case "trace", "tr": return try single(.trace)
    case "norm": return try single(.norm)
    default: throw ParseFailure()
    }
  }

  /// `\Gamma(x)`; alone it is a constant.
  private mutating func gamma() throws(ParseFailure) -> Expression {
    position += 1
    let value = attempt { parser throws(ParseFailure) in try parser.single(.gamma) }
    return value ?? .constant(.eulerGamma)
  }

  private mutating func root() throws(ParseFailure) -> Expression {
    position += 1
    var degree = Expression.integer(2)
    if kind == .leftBracket { degree = try group(.rightBracket) }
    let base = try argument()
    return .power(base, .dividing(.one, degree))
  }

  // MARK: bound variables

  private mutating func limit() throws(ParseFailure) -> Expression {
    position += 1
    try expect(.underscore)
    try expect(.leftBrace)
    guard case .symbol(let variable) = try name() else { throw ParseFailure() }
    try expect(.approach)
    let target = try expression()
    if take(.caret) {
      try expect(.leftBrace)
      guard take(.plus) || take(.minus) else { throw ParseFailure() }
      try expect(.rightBrace)
    }
    try expect(.rightBrace)
    let body = try product()
    return .bound(.limit, body: body, variable: variable, from: target, to: target)
  }

  private mutating func integral() throws(ParseFailure) -> Expression {
    position += 1
    let marks = try marks()
    guard (marks.lower == nil) == (marks.upper == nil) else { throw ParseFailure() }
    integrals += 1
    var body = Expression.one
    if kind != .differential { body = try expression() }
    integrals -= 1
    var variable = "x"
    if kind == .differential {
      variable = differentialName(tokens[position])
      position += 1
    }
    return .bound(
      .integral, body: body, variable: variable, from: marks.lower ?? .undefined,
      to: marks.upper ?? .undefined)
  }

  private mutating func bigOperator() throws(ParseFailure) -> Expression {
    let isSum = kind == .bigSum
    position += 1
    var variable: String?
    var from = Expression.zero
    var to: Expression?
    for _ in 0..<2 {
      if take(.underscore) {
        try expect(.leftBrace)
        guard case .symbol(let name) = try expression() else { throw ParseFailure() }
        try expect(.equal)
        from = try expression()
        try expect(.rightBrace)
        variable = name
      } else if take(.caret) {
        to = try exponent()
      }
    }
    guard let variable, let to else { throw ParseFailure() }
    let body = try product()
    return .bound(isSum ? .sum : .product, body: body, variable: variable, from: from, to: to)
  }

  // MARK: functions by name

  /// `f(x)`, `C(5, 2)`: a name before one atom or a list in parentheses.
  mutating func call() -> Expression? {
    switch kind {
    case .letter, .greek, .otherSymbol, .accent: break
    default: return nil
    }
    return attempt { parser throws(ParseFailure) in
      try parser.nested { parser throws(ParseFailure) in try parser.readCall() }
    }
  }

  private mutating func readCall() throws(ParseFailure) -> Expression {
    let start = position
    _ = try name()
    let label = Bytes(tokens[start..<position].flatMap { source($0) }).text
    var power: Expression?
    if kind == .caret {
      position += 1
      power = try exponent()
    }
    let close: Kind
    switch kind {
    case .leftParenthesis: close = .rightParenthesis
    case .leftBracket: close = .rightBracket
    default: throw ParseFailure()
    }
    position += 1
    var arguments: [Expression] = []
    let single = attempt { parser throws(ParseFailure) -> Expression in
      let atom = try parser.atom()
      guard parser.kind == close else { throw ParseFailure() }
      return atom
    }
    if let single {
      arguments = [single]
    } else {
      let bars = openBars
      openBars = 0
      defer { openBars = bars }
      arguments.append(try expression())
      guard kind == .comma else { throw ParseFailure() }
      while take(.comma), kind != close { arguments.append(try expression()) }
    }
    try expect(close)
    let value = Expression.call(label, arguments)
    return power.map { .power(value, $0) } ?? value
  }
}

extension Function {
  /// The function that `^{-1}` makes of a trigonometric one.
  var inverse: Function? {
    switch self {
    case .sin: .arcsin
    case .cos: .arccos
    case .tan: .arctan
    case .csc: .arccsc
    case .sec: .arcsec
    case .cot: .arccot
    case .sinh: .arsinh
    case .cosh: .arcosh
    case .tanh: .artanh
    default: nil
    }
  }
}
