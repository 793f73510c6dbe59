/// Evaluates constant expressions to exact fractions, where they have such a value and it is small
/// enough to compute.
struct ExactEvaluator {
  var variables: [String: Rational] = [:]
  let budget: WorkBudget

  /// nil where the value is irrational, unknown, undefined or over the budget.
  func value(_ expression: Expression) -> Rational? { try? evaluate(expression) }

  private func evaluate(_ expression: Expression) throws(OverBudget) -> Rational? {
    try budget.spend()
    switch expression {
    case .number(let value), .decimal(let value), .based(let value, _): return value
    case .percent(let inner): return try evaluate(inner)?.divided(by: Rational(100))
    case .symbol(let name): return variables[name]
    case .sum(let terms):
      guard let values = try all(terms) else { return nil }
      return try budget.sum(values[...])
    case .product(let factors):
      guard factors.count == 2 else {
        guard let values = try all(factors) else { return nil }
        return try budget.product(values[...])
      }
      guard let a = try evaluate(factors[0]), let b = try evaluate(factors[1]) else { return nil }
      return try budget.product(a, b)
    case .power(let base, let exponent): return try power(base, exponent)
    case .degrees(let inner): return try evaluate(inner)
    case .apply(let function, let arguments): return try apply(function, arguments)
    case .bound(let binder, let body, let variable, let from, let to):
      return try fold(binder, body, variable, from, to)
    default: return nil
    }
  }

  private func all(_ expressions: [Expression]) throws(OverBudget) -> [Rational]? {
    var values: [Rational] = []
    values.reserveCapacity(expressions.count)
    for expression in expressions {
      guard let value = try evaluate(expression) else { return nil }
      values.append(value)
    }
    return values
  }

  private func power(_ base: Expression, _ exponent: Expression) throws(OverBudget) -> Rational? {
    guard let a = try evaluate(base), let b = try evaluate(exponent) else { return nil }
    if let n = b.int { return try budget.power(a, n) }
    guard let degree = b.denominator.int, degree <= 64, let n = b.numerator.int, a.signum >= 0,
      let top = try a.numerator.root(degree), let bottom = try a.denominator.root(degree),
      try top.power(degree) == a.numerator, try bottom.power(degree) == a.denominator,
      let root = try Rational(top, over: bottom)
    else { return nil }
    return try budget.power(root, n)
  }

  private func apply(
    _ function: Function, _ arguments: [Expression]
  ) throws(OverBudget) -> Rational? {
    if function == .log, let value = try logarithmOfPower(arguments) { return value }
    var values: [Rational] = []
    switch function {
    case .absolute, .floor, .ceiling, .factorial, .doubleFactorial, .binomial, .modulo, .gcd, .lcm,
      .maximum,
      .minimum, .log:
      for argument in arguments {
        guard let value = try evaluate(argument) else { return nil }
        values.append(value)
      }
    default: return nil
    }
    guard let x = values.first else { return nil }
    switch function {
    case .absolute: return x.signum < 0 ? -x : x
    case .floor: return try Self.floor(x)
    case .ceiling: return -(try Self.floor(-x))
    case .factorial: return try factorial(x, step: 1)
    case .doubleFactorial: return try factorial(x, step: 2)
    case .binomial: return values.count == 2 ? try binomial(x, values[1]) : nil
    case .modulo:
      guard values.count == 2, let ratio = try x.divided(by: values[1]) else { return nil }
      return try x.subtracting(try values[1].multiplied(by: try Self.floor(ratio)))
    case .gcd, .lcm: return try divisors(function, values)
    case .maximum: return values.max()
    case .minimum: return values.min()
    case .log: return values.count == 2 ? try logarithm(x, base: values[1]) : nil
    default: return nil
    }
  }

  private static func floor(_ x: Rational) throws(OverBudget) -> Rational {
    guard let (quotient, rest) = x.numerator.dividedWithRemainder(by: x.denominator) else {
      return x
    }
    return Rational(rest.signum < 0 ? try quotient.subtracting(.one) : quotient)
  }

  /// Factorials of numbers whose value has at most some 2,000 digits.
  private func factorial(_ x: Rational, step: Int) throws(OverBudget) -> Rational? {
    guard let n = x.int, n >= 0 else { return nil }
    guard n <= 800 else { throw OverBudget() }
    try budget.spend(n * 4)
    var result = BigInteger.one
    for factor in stride(from: n, to: 1, by: -step) {
      result = try result.multiplied(by: BigInteger(factor))
    }
    return Rational(result)
  }

  private func binomial(_ n: Rational, _ k: Rational) throws(OverBudget) -> Rational? {
    guard let n = n.int, let k = k.int, n >= 0, k >= 0 else { return nil }
    if k > n { return .zero }
    let steps = min(k, n - k)
    guard steps <= 600 else { throw OverBudget() }
    try budget.spend(steps * 4)
    var result = BigInteger.one
    for index in 0..<steps {
      result = try result.multiplied(by: BigInteger(n - index))
      guard let next = result.dividedWithRemainder(by: BigInteger(index + 1)) else { return nil }
      result = next.quotient
    }
    return Rational(result)
  }

  private func divisors(
    _ function: Function, _ values: [Rational]
  ) throws(OverBudget) -> Rational? {
    var result: BigInteger?
    for value in values {
      guard value.isInteger else { return nil }
      guard let before = result else {
        result = value.numerator.absolute
        continue
      }
      let common = try BigInteger.gcd(before, value.numerator)
      if function == .gcd {
        result = common
      } else {
        guard let part = before.dividedWithRemainder(by: common)?.quotient else { return .zero }
        result = try part.multiplied(by: value.numerator.absolute)
      }
    }
    return result.map { Rational($0) }
  }

  /// log of a power without computing the power: log_b p^q = q · log_b p for positive p.
  private func logarithmOfPower(_ arguments: [Expression]) throws(OverBudget) -> Rational? {
    guard arguments.count == 2, case .power(let base, let exponent) = arguments[0],
      let power = try evaluate(exponent), let x = try evaluate(base),
      let b = try evaluate(arguments[1]), let factor = try logarithm(x, base: b)
    else { return nil }
    return try power.multiplied(by: factor)
  }

  /// The logarithm where it is an integer: guessed in floating point, then proved by one power.
  private func logarithm(_ x: Rational, base: Rational) throws(OverBudget) -> Rational? {
    guard x.signum > 0, base > .one else { return nil }
    let wanted = x.numerator.logarithm - x.denominator.logarithm
    let guess = (wanted / (base.numerator.logarithm - base.denominator.logarithm)).rounded()
    guard guess.isFinite, abs(guess) <= 1024, let power = try base.power(Int(guess)), power == x
    else { return nil }
    return Rational(Int(guess))
  }

  private func fold(
    _ binder: Binder, _ body: Expression, _ variable: String, _ from: Expression, _ to: Expression
  ) throws(OverBudget) -> Rational? {
    guard binder == .sum || binder == .product else { return nil }
    guard let low = try evaluate(from)?.int, let high = try evaluate(to)?.int else { return nil }
    let (count, overflow) = high.subtractingReportingOverflow(low)
    guard !overflow, count < 1_000 else { throw OverBudget() }
    guard low <= high else { return binder == .sum ? .zero : .one }
    var inner = self
    var values: [Rational] = []
    for index in low...high {
      inner.variables[variable] = Rational(index)
      guard let term = try inner.evaluate(body) else { return nil }
      values.append(term)
    }
    return try binder == .sum ? budget.sum(values[...]) : budget.product(values[...])
  }
}
