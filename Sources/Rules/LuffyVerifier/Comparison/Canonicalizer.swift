/// Brings an expression into a form in which equal sums of equal terms look the same: numbers
/// folded, like terms and powers collected, roots of integers reduced.
///
/// Sums are not multiplied out, so the form never grows past the expression itself.
struct Canonicalizer {
  let budget: WorkBudget

  /// The canonical form; nil over the budget.
  func form(_ expression: Expression) -> Expression? { try? canonical(expression) }

  /// The exact value of a − b where their canonical forms differ by a number only.
  func exactDifference(_ a: Expression, _ b: Expression) -> Rational? {
    guard case .number(let value)? = difference(a, b) else { return nil }
    return value
  }

  /// The canonical form of a − b.
  func difference(_ a: Expression, _ b: Expression) -> Expression? {
    form(.sum([a, .product([.number(.minusOne), b])]))
  }

  private func canonical(_ expression: Expression) throws(OverBudget) -> Expression {
    try budget.spend()
    switch expression {
    case .number, .symbol, .constant, .numberSet: return expression
    case .decimal(let value), .based(let value, _): return .number(value)
    case .percent(let inner):
      return try canonical(.product([inner, .number(try Self.hundredth())]))
    case .sum(let terms): return try sum(terms)
    case .product(let factors): return try product(factors)
    case .power(let base, let exponent): return try product([.power(base, exponent)])
    case .degrees(let inner): return .degrees(try canonical(inner))
    case .apply(.exp, let arguments) where arguments == [.one]: return .constant(.e)
    case .apply(let function, let arguments):
      if let value = ExactEvaluator(budget: budget).value(expression) { return .number(value) }
      return .apply(function, try all(arguments))
    case .call(let name, let arguments): return .call(name, try all(arguments))
    case .bound(let binder, let body, let variable, let from, let to):
      return .bound(
        binder, body: try canonical(body), variable: variable, from: try canonical(from),
        to: try canonical(to))
    case .relation, .chain, .tuple, .finiteSet, .interval, .setOperation, .matrix:
      return expression
    }
  }

  private static func hundredth() throws(OverBudget) -> Rational {
    guard let value = try Rational.one.divided(by: Rational(100)) else { throw OverBudget() }
    return value
  }

  private func all(_ expressions: [Expression]) throws(OverBudget) -> [Expression] {
    var result: [Expression] = []
    for expression in expressions { result.append(try canonical(expression)) }
    return result
  }

  // MARK: sums

  private func sum(_ terms: [Expression]) throws(OverBudget) -> Expression {
    var constants: [Rational] = []
    var coefficients: [Expression: Rational] = [:]
    for term in terms {
      let form = try canonical(term)
      let parts: [Expression]
      if case .sum(let inner) = form { parts = inner } else { parts = [form] }
      for part in parts {
        let (coefficient, rest) = Self.split(part)
        if let rest {
          try budget.spend(rest.size)
          let before = coefficients[rest] ?? .zero
          coefficients[rest] = try budget.sum(before, coefficient)
        } else {
          constants.append(coefficient)
        }
      }
    }
    let constant = try budget.sum(constants[...])
    var result: [Expression] = []
    for (term, coefficient) in coefficients where !coefficient.isZero {
      result.append(Self.scaled(term, coefficient))
    }
    if result.isEmpty { return .number(constant) }
    if result.count == 1, result[0].isInfinite { return result[0] }
    if !constant.isZero { result.append(.number(constant)) }
    return result.count == 1 ? result[0] : .sum(try ordered(result))
  }

  /// Any order that equal lists share.
  private func ordered(_ expressions: [Expression]) throws(OverBudget) -> [Expression] {
    for expression in expressions { try budget.spend(expression.size) }
    return expressions.map { ($0.hashValue, $0) }.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// A term as its number and the rest; no rest for a plain number.
  private static func split(_ term: Expression) -> (Rational, Expression?) {
    switch term {
    case .number(let value): return (value, nil)
    case .product(let factors):
      guard case .number(let value)? = factors.first else { return (.one, term) }
      let rest = Array(factors.dropFirst())
      return (value, rest.count == 1 ? rest[0] : .product(rest))
    default: return (.one, term)
    }
  }

  private static func scaled(_ term: Expression, _ coefficient: Rational) -> Expression {
    if coefficient == .one { return term }
    if case .product(let factors) = term { return .product([.number(coefficient)] + factors) }
    return .product([.number(coefficient), term])
  }

  // MARK: products

  private struct Factors {
    var coefficient = Rational.one
    var powers: [Expression: Rational] = [:]
    /// exp arguments, added up.
    var exponents: [Expression] = []
  }

  private func product(_ factors: [Expression]) throws(OverBudget) -> Expression {
    var collected = Factors()
    for factor in factors { try collect(factor, power: .one, into: &collected) }
    if collected.coefficient.isZero { return .zero }
    try gatherPowers(in: &collected)
    var result: [Expression] = []
    for (base, power) in collected.powers where !power.isZero {
      result.append(power == .one ? base : .power(base, .number(power)))
    }
    if !collected.exponents.isEmpty {
      let exponent = try canonical(.sum(collected.exponents))
      switch exponent {
      case .number(let value) where value.isZero: break
      case .number(let value) where value == .one: result.append(.constant(.e))
      default: result.append(.apply(.exp, [exponent]))
      }
    }
    if result.isEmpty { return .number(collected.coefficient) }
    result = try ordered(result)
    if collected.coefficient == .one { return result.count == 1 ? result[0] : .product(result) }
    if result.count == 1, case .sum(let terms) = result[0] {
      return try distributed(terms, collected.coefficient)
    }
    return .product([.number(collected.coefficient)] + result)
  }

  private func distributed(
    _ terms: [Expression], _ coefficient: Rational
  ) throws(OverBudget) -> Expression {
    var result: [Expression] = []
    for term in terms {
      let (value, rest) = Self.split(term)
      let scaled = try budget.product(value, coefficient)
      result.append(rest.map { Self.scaled($0, scaled) } ?? .number(scaled))
    }
    return .sum(try ordered(result))
  }

  private func collect(
    _ factor: Expression, power: Rational, into result: inout Factors
  ) throws(OverBudget) {
    try budget.spend()
    switch factor {
    case .number(let value): try collect(number: value, power: power, into: &result)
    case .decimal(let value), .based(let value, _):
      try collect(number: value, power: power, into: &result)
    case .product(let inner) where power.isInteger:
      for part in inner { try collect(part, power: power, into: &result) }
    case .power(let base, let exponent):
      try collect(base, exponent, power: power, into: &result)
    case .constant(.e):
      result.exponents.append(.number(power))
    case .apply(.exp, let arguments) where power.isInteger && arguments.count == 1:
      result.exponents.append(.product([.number(power), arguments[0]]))
    case .symbol, .constant: try add(factor, power, into: &result)
    default:
      let form = try canonical(factor)
      switch form {
      case .number(let value): try collect(number: value, power: power, into: &result)
      case .product(let inner) where power.isInteger:
        for part in inner { try collectCanonical(part, power: power, into: &result) }
      default: try collectCanonical(form, power: power, into: &result)
      }
    }
  }

  private func collectCanonical(
    _ form: Expression, power: Rational, into result: inout Factors
  ) throws(OverBudget) {
    switch form {
    case .number(let value): try collect(number: value, power: power, into: &result)
    case .power(let base, .number(let inner)) where power.isInteger:
      try add(base, try inner.multiplied(by: power), into: &result)
    case .apply(.exp, let arguments) where power.isInteger && arguments.count == 1:
      result.exponents.append(.product([.number(power), arguments[0]]))
    default: try add(form, power, into: &result)
    }
  }

  private func collect(
    _ base: Expression, _ exponent: Expression, power: Rational, into result: inout Factors
  ) throws(OverBudget) {
    let form = try canonical(exponent)
    if case .number(let value) = form {
      if power.isInteger || value.isInteger && power == .one {
        if value.isInteger || power == .one || power.isInteger {
          return try collect(base, power: try value.multiplied(by: power), into: &result)
        }
      }
    }
    if case .constant(.e) = base, power.isInteger {
      result.exponents.append(.product([.number(power), form]))
      return
    }
    try add(.power(try canonical(base), form), power, into: &result)
  }

  private func add(
    _ base: Expression, _ power: Rational, into result: inout Factors
  ) throws(OverBudget) {
    try budget.spend(base.size)
    let before = result.powers[base] ?? .zero
    result.powers[base] = try before.adding(power)
  }

  /// Powers of a number past this are kept by their exponent.
  private static let largePower = 2_048

  private static func isSmall(_ number: Rational, power: Int) -> Bool {
    let width = max(number.numerator.bitWidth, number.denominator.bitWidth)
    return power.magnitude < 1 << 20 && width * Int(power.magnitude) <= 8_192
  }

  /// Moves the powers of a prime whose exponent is large out of the coefficient, so that 6 · 2^99999 and
  /// 3 · 2^100000 look the same.
  private func gatherPowers(in factors: inout Factors) throws(OverBudget) {
    for (base, power) in factors.powers {
      guard case .number(let prime) = base, prime.isInteger,
        power.numerator.absolute > BigInteger(Self.largePower), !factors.coefficient.isZero
      else { continue }
      var total = power
      for isTop in [true, false] {
        while true {
          try budget.spend()
          let part = isTop ? factors.coefficient.numerator : factors.coefficient.denominator
          guard let (quotient, rest) = part.dividedWithRemainder(by: prime.numerator), rest.isZero,
            !quotient.isZero, !prime.numerator.isOne
          else { break }
          guard
            let next = try isTop
              ? Rational(quotient, over: factors.coefficient.denominator)
              : Rational(factors.coefficient.numerator, over: quotient)
          else { break }
          factors.coefficient = next
          total = try isTop ? total.adding(.one) : total.subtracting(.one)
        }
      }
      factors.powers[base] = total
    }
  }

  /// A number to a rational power: what is rational goes to the coefficient, the rest to primes.
  private func collect(
    number: Rational, power: Rational, into result: inout Factors
  ) throws(OverBudget) {
    if let n = power.int, Self.isSmall(number, power: n) {
      guard let value = try budget.power(number, n) else { throw OverBudget() }
      result.coefficient = try budget.product(result.coefficient, value)
      return
    }
    if number.isZero {
      guard power.signum > 0 else { throw OverBudget() }
      result.coefficient = .zero
      return
    }
    if number.signum < 0 {
      if !power.isInteger {
        try add(.number(.minusOne), power, into: &result)
      } else if power.numerator.isOdd {
        result.coefficient = -result.coefficient
      }
    }
    try collect(integer: number.numerator.absolute, power: power, into: &result)
    try collect(integer: number.denominator, power: -power, into: &result)
  }

  private func collect(
    integer: BigInteger, power: Rational, into result: inout Factors
  ) throws(OverBudget) {
    var rest = integer
    guard rest.bitWidth <= 256 else { throw OverBudget() }
    try budget.spend(rest.int == nil ? 200 : 4)
    var prime = 2
    while prime < 200, !rest.isOne {
      let divisor = BigInteger(prime)
      var count = 0
      while let (quotient, remainder) = rest.dividedWithRemainder(by: divisor), remainder.isZero {
        rest = quotient
        count += 1
      }
      if count > 0 { try collect(prime: divisor, count: count, power: power, into: &result) }
      prime += prime == 2 ? 1 : 2
    }
    if rest.isOne { return }
    if let root = try rest.root(2), try root.multiplied(by: root) == rest {
      try collect(prime: root, count: 2, power: power, into: &result)
    } else {
      try collect(prime: rest, count: 1, power: power, into: &result)
    }
  }

  private func collect(
    prime: BigInteger, count: Int, power: Rational, into result: inout Factors
  ) throws(OverBudget) {
    let total = try power.multiplied(by: Rational(count))
    if total.numerator.absolute > BigInteger(Self.largePower) {
      return try add(.number(Rational(prime)), total, into: &result)
    }
    guard let (whole, rest) = total.numerator.dividedWithRemainder(by: total.denominator) else {
      return
    }
    var (floor, part) = (whole, rest)
    if part.signum < 0 {
      floor = try floor.subtracting(.one)
      part = try part.adding(total.denominator)
    }
    if let n = floor.int, n != 0, let value = try budget.power(Rational(prime), n) {
      result.coefficient = try budget.product(result.coefficient, value)
    }
    guard let fraction = try Rational(part, over: total.denominator), !fraction.isZero else {
      return
    }
    let base = Expression.number(Rational(prime))
    let before = result.powers[base] ?? .zero
    let sum = try before.adding(fraction)
    if sum < .one {
      result.powers[base] = sum
    } else {
      result.coefficient = try budget.product(result.coefficient, Rational(prime))
      result.powers[base] = try sum.subtracting(.one)
    }
  }
}
