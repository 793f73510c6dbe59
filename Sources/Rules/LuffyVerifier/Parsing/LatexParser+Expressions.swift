/// Relations, sums, products and what juxtaposition means.
extension LatexParser {
  mutating func relation() throws(ParseFailure) -> Expression {
    var left = try expression()
    var links = 0
    while let sign = relationSign() {
      position += 1
      links += 1
      if links > Self.chainLimit { throw ParseFailure() }
      let isCongruence = source(tokens[position - 1]).count > 2
      if sign == .element { return .relation(.equal, left, try membership()) }
      let right = try expression()
      if isCongruence, sign == .equal, case .apply(.modulo, let parts) = right, parts.count == 2 {
        return .relation(.equal, .apply(.modulo, [left, parts[1]]), right)
      }
      switch sign {
      case .approximately:
        // An approximation to a name is its value; else the exact side counts.
        if left.isNamesOnly { left = right }
      default: left = try Self.joined(left, Self.relation(sign), right)
      }
    }
    if take(.congruence) { return try congruent(left, argument()) }
    guard kind == .leftParenthesis, kind(at: 1) == .modulo else { return left }
    position += 2
    let modulus = try expression()
    try expect(.rightParenthesis)
    return try congruent(left, modulus)
  }

  /// `a \equiv b \pmod{m}`: the remainders of both sides.
  private func congruent(
    _ relation: Expression, _ modulus: Expression
  ) throws(ParseFailure) -> Expression {
    guard case .relation(.equal, let left, let right) = relation else { throw ParseFailure() }
    return .relation(
      .equal, .apply(.modulo, [left, modulus]), .apply(.modulo, [right, modulus]))
  }

  private func relationSign() -> Kind? {
    switch kind {
    case .equal, .approximately, .less, .lessOrEqual, .greater, .greaterOrEqual, .unequal, .element:
      return kind
    default: return nil
    }
  }

  private static func relation(_ kind: Kind) -> Relation {
    switch kind {
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .unequal: .unequal
    default: .equal
    }
  }

  private static func joined(
    _ left: Expression, _ sign: Relation, _ right: Expression
  ) throws(ParseFailure) -> Expression {
    switch left {
    case .relation(_, _, let middle): return .chain([left, .relation(sign, middle, right)])
    case .chain(let links):
      guard case .relation(_, _, let middle)? = links.last else { throw ParseFailure() }
      return .chain(links + [.relation(sign, middle, right)])
    default: return .relation(sign, left, right)
    }
  }

  mutating func expression() throws(ParseFailure) -> Expression {
    try nested { parser throws(ParseFailure) in
      var terms = [try parser.product()]
      while true {
        if parser.take(.plus) {
          terms.append(try parser.product())
        } else if parser.take(.minus) {
          terms.append(try parser.product().negated)
        } else if parser.kind == .plusMinus {
          let isMinus = parser.takeSign()
          let term = try parser.product()
          terms.append(isMinus ? term.negated : term)
        } else {
          return terms.count == 1 ? terms[0] : .sum(terms.flatMap(\.terms))
        }
      }
    }
  }

  /// Products; `withoutFunctions` for the argument of a function without parentheses.
  mutating func product(withoutFunctions: Bool = false) throws(ParseFailure) -> Expression {
    var value: Expression
    if let mixed = mixedNumber() {
      value = mixed
    } else {
      value = try unary(withoutFunctions: withoutFunctions)
    }
    var chain = 0
    // The factors of the product that is being read; building it anew at each sign would cost their square.
    var factors: [Expression] = []
    while true {
      if kind == .times {
        position += 1
        if factors.isEmpty { factors = value.factors }
        factors += try unary(withoutFunctions: withoutFunctions).factors
        continue
      }
      if !factors.isEmpty { value = .product(factors) }
      factors = []
      switch kind {
      case .divide:
        position += 1
        chain += 1
        if chain > Self.chainLimit { throw ParseFailure() }
        let divisor = try unary(withoutFunctions: withoutFunctions)
        if divisor.holdsMatrix { throw ParseFailure() }
        value = .dividing(value, divisor)
      case .modulo:
        position += 1
        chain += 1
        if chain > Self.chainLimit { throw ParseFailure() }
        value = .apply(.modulo, [value, try unary(withoutFunctions: withoutFunctions)])
      default: return value
      }
    }
  }

  /// `54 2/5` is 54 + 2/5.
  private mutating func mixedNumber() -> Expression? {
    let sign = kind == .minus ? 1 : 0
    guard kind(at: sign) == .number, kind(at: sign + 1) == .number, kind(at: sign + 2) == .divide,
      kind(at: sign + 3) == .number, !startsOperand(at: sign + 4), kind(at: sign + 4) != .caret,
      kind(at: sign + 4) != .underscore
    else { return nil }
    var parts: [Rational] = []
    for offset in [sign, sign + 1, sign + 3] {
      guard let value = try? Rational(decimal: source(tokens[position + offset])),
        value.isInteger, !source(tokens[position + offset]).contains(UInt8(ascii: "."))
      else { return nil }
      parts.append(value)
    }
    guard let fraction = try? parts[1].divided(by: parts[2]), fraction < .one,
      let sum = try? parts[0].adding(fraction)
    else { return nil }
    position += sign + 4
    return .number(sign == 1 ? -sum : sum)
  }

  mutating func unary(withoutFunctions: Bool) throws(ParseFailure) -> Expression {
    var minuses = 0
    var signs = 0
    var isOpposite = false
    while kind == .plus || kind == .minus || kind == .plusMinus {
      signs += 1
      if signs > 128 { throw ParseFailure() }
      if kind == .plusMinus {
        if takeSign() { isOpposite.toggle() }
        continue
      }
      if kind == .minus { minuses += 1 }
      position += 1
    }
    var value = try juxtaposed(withoutFunctions: withoutFunctions)
    for _ in 0..<minuses { value = value.negated }
    if !isOpposite { return value }
    // A decimal keeps its digits: ±1.414214 is not ±√2.
    if case .decimal = value { return .product([.number(.minusOne), value]) }
    return value.negated
  }

  /// Operands side by side: a product, or a mixed number where an integer meets a fraction.
  private mutating func juxtaposed(withoutFunctions: Bool) throws(ParseFailure) -> Expression {
    var operands = [try operand(withoutFunctions: false)]
    while startsOperand(at: 0, withoutFunctions: withoutFunctions) {
      operands.append(try operand(withoutFunctions: withoutFunctions))
    }
    guard let last = operands.popLast() else { throw ParseFailure() }
    // Right to left, as a mixed number takes what follows it; factors are kept reversed.
    var factors = [last]
    while let before = operands.popLast() {
      if case .bound(.derivative, .constant(.undefined), let variable, let from, let to) = before {
        let body = Self.productOf(factors)
        factors = [.bound(.derivative, body: body, variable: variable, from: from, to: to)]
      } else if factors.count == 1, let mixed = Self.mixed(before, factors[0]) {
        factors = [mixed]
      } else {
        factors.append(before)
      }
    }
    let value = Self.productOf(factors)
    if take(.percentWord) { return .call(Expression.percentName, [value]) }
    return take(.percentSign) ? .percent(value) : value
  }

  /// Takes a `±` or `∓`: whether it is a minus in this reading.
  mutating func takeSign() -> Bool {
    let isLower = tokens[position].detail == 1
    position += 1
    let bit = signs >> min(signCount, 8) & 1
    signCount += 1
    return (bit == 1) != isLower
  }

  private static func productOf(_ reversed: [Expression]) -> Expression {
    reversed.count == 1 ? reversed[0] : .product(reversed.reversed().flatMap(\.factors))
  }

  /// An integer before a positive fraction: their sum.
  private static func mixed(_ before: Expression, _ value: Expression) -> Expression? {
    if case .number(let whole) = before, whole.isInteger,
      case .number(let fraction) = value, fraction.signum > 0
    {
      let sum = whole.signum < 0 ? try? whole.subtracting(fraction) : try? whole.adding(fraction)
      return sum.map { .number($0) }
    }
    return nil
  }

  /// Digits in groups of three with spaces between them are one number.
  mutating func groupedDigits() -> Expression? {
    guard kind == .number else { return nil }
    var digits = source(tokens[position])
    guard digits.count <= 3, digits.first != UInt8(ascii: "0"), digits.allSatisfy(\.isDigit) else {
      return nil
    }
    var end = position + 1
    while end < tokens.count, tokens[end].kind == .number {
      let group = source(tokens[end])
      let isLast = group.count > 4 && group[3] == UInt8(ascii: ".")
      guard group.count == 3 || isLast, group.prefix(3).allSatisfy(\.isDigit),
        tokens[end].start > tokens[end - 1].end, digits.last != UInt8(ascii: ".")
      else { return nil }
      digits += group
      end += 1
      if isLast {
        guard let value = try? Rational(decimal: digits) else { return nil }
        position = end
        return .decimal(value)
      }
    }
    guard end > position + 1, let value = BigInteger(digits: digits) else { return nil }
    position = end
    return .number(Rational(value))
  }

  private mutating func operand(withoutFunctions: Bool) throws(ParseFailure) -> Expression {
    if let grouped = groupedDigits() { return grouped }
    var value = try powers(withoutFunctions: withoutFunctions)
    var chain = 0
    while true {
      chain += 1
      if chain > Self.chainLimit { throw ParseFailure() }
      switch kind {
      case .bang: value = .apply(.factorial, [value])
      case .doubleBang: value = .apply(.doubleFactorial, [value])
      case .degree: value = .degrees(value)
      case .transpose: value = Self.transposed(value)
      default: return value
      }
      position += 1
    }
  }

  private static func transposed(_ value: Expression) -> Expression {
    guard case .matrix(let columns, let elements) = value, columns > 0 else { return value }
    let rows = elements.count / columns
    var result: [Expression] = []
    for column in 0..<columns {
      for row in 0..<rows { result.append(elements[row * columns + column]) }
    }
    return .matrix(columns: rows, result)
  }

  private mutating func powers(withoutFunctions: Bool) throws(ParseFailure) -> Expression {
    var value = try primary(withoutFunctions: withoutFunctions)
    var chain = 0
    while kind == .caret {
      position += 1
      chain += 1
      if chain > Self.chainLimit { throw ParseFailure() }
      value = .power(value, try exponent())
      if kind == .underscore { _ = try subscriptText() }
    }
    return value
  }

  /// `^{…}` or `^` and one atom, with a minus before it or a fraction.
  mutating func exponent() throws(ParseFailure) -> Expression {
    if take(.leftBrace) {
      let value = try expression()
      try expect(.rightBrace)
      return value
    }
    return try nested { parser throws(ParseFailure) in
      if parser.take(.minus) { return try parser.exponent().negated }
      switch parser.kind {
      case .fraction, .root, .binomial: return try parser.primary(withoutFunctions: false)
      default: return try parser.atom()
      }
    }
  }

  /// Whether a token can begin an operand of a product.
  func startsOperand(at offset: Int, withoutFunctions: Bool = false) -> Bool {
    switch kind(at: offset) {
    case .leftParenthesis: return kind(at: offset + 1) != .modulo
    case .number, .percentNumber, .scientific, .letter, .greek, .otherSymbol, .accent, .infinity,
      .gammaFunction, .leftBracket, .leftBrace, .leftSet, .leftGroup,
      .leftVertical, .leftFloor, .leftCeiling, .fraction, .binomial, .matrixStart,
      .determinantStart, .casesStart, .boxed:
      return true
    case .differential: return integrals == 0
    case .bar, .vertical, .norm: return openBars == 0
    case .euler, .function, .listFunction, .operatorName, .root, .limit, .integral, .bigSum,
      .bigProduct:
      return !withoutFunctions
    default: return false
    }
  }
}
