import Glibc

/// Evaluates an expression in complex double precision with error bounds.
struct NumericEvaluator {
  /// Values of the variables; `i` is the imaginary unit where it has no value here.
  var variables: [String: Approximation]
  let budget: WorkBudget
  /// Inside a trigonometric function degrees are converted; elsewhere they are plain numbers.
  private var inAngle = false

  init(variables: [String: Approximation] = [:], budget: WorkBudget) {
    self.variables = variables
    self.budget = budget
  }

  /// The value of a constant real expression; infinite ends count.
  static func realValue(_ expression: Expression, budget: WorkBudget) -> Double? {
    switch expression {
    case .constant(.infinity): return .infinity
    case .product([.number(.minusOne), .constant(.infinity)]): return -.infinity
    default: break
    }
    let evaluator = NumericEvaluator(budget: budget)
    guard let value = evaluator.value(expression), value.isSharp, value.isReal else { return nil }
    return value.re
  }

  /// nil where the expression has no value, none known, or would cost too much.
  func value(_ expression: Expression) -> Approximation? {
    guard (try? budget.spend()) != nil else { return nil }
    switch expression {
    case .number(let value), .decimal(let value), .based(let value, _):
      if let int = value.int, int.magnitude < 1 << 52 { return Approximation(Double(int)) }
      return Approximation(rounded: value.double)
    case .percent(let inner): return value(inner).flatMap { $0 / Approximation(100) }
    case .symbol(let name):
      return variables[name] ?? (name == "i" ? Approximation(0, 1) : nil)
    case .constant(let constant): return Self.constant(constant)
    case .sum(let terms):
      var sum = Approximation(0)
      for term in terms {
        guard let next = value(term) else { return nil }
        sum = sum + next
      }
      return sum
    case .product(let factors):
      var product = Approximation(1)
      for factor in factors {
        guard let next = value(factor) else { return nil }
        product = product * next
      }
      return product
    case .power(let base, let exponent): return power(base, exponent)
    case .apply(let function, let arguments): return apply(function, arguments)
    case .call(let name, let arguments): return opaque(name, arguments)
    case .degrees(let inner):
      guard let plain = value(inner) else { return nil }
      return inAngle ? plain * Approximation(rounded: .pi / 180) : plain
    case .bound(let binder, let body, let variable, let from, let to):
      return bound(binder, body, variable, from, to)
    default: return nil
    }
  }

  private static func constant(_ constant: Constant) -> Approximation? {
    switch constant {
    case .pi: Approximation(rounded: .pi)
    case .e: Approximation(rounded: M_E)
    case .imaginaryUnit: Approximation(0, 1)
    case .eulerGamma: Approximation(rounded: 0.577_215_664_901_532_9)
    case .infinity, .undefined: nil
    }
  }

  private func power(_ base: Expression, _ exponent: Expression) -> Approximation? {
    guard let a = value(base) else { return nil }
    if case .number(let q) = exponent, let n = q.int, abs(n) < 100_000 { return a.power(n) }
    guard let b = value(exponent) else { return nil }
    return a.power(b)
  }

  /// A function known only by name: any smooth value that the same arguments give again.
  private func opaque(_ name: String, _ arguments: [Expression]) -> Approximation? {
    var seed: UInt64 = 14_695_981_039_346_656_037
    for byte in name.utf8 { seed = (seed ^ UInt64(byte)) &* 1_099_511_628_211 }
    var sum = Approximation(Double(seed % 1_000_003) / 318_310)
    for (index, argument) in arguments.enumerated() {
      guard let next = value(argument) else { return nil }
      sum = sum + next * Approximation(1.371 + 0.618 * Double(index))
    }
    return sum.cosine
  }

  // MARK: sums, products, integrals

  /// Terms that a sum or product may have.
  private static let termLimit = 1_000

  private func bound(
    _ binder: Binder, _ body: Expression, _ variable: String, _ from: Expression, _ to: Expression
  ) -> Approximation? {
    switch binder {
    case .sum, .product:
      guard let low = integer(from) else { return nil }
      if binder == .sum, case .constant(.infinity) = to { return series(body, variable, low) }
      guard let high = integer(to) else { return nil }
      return fold(binder == .sum, body, variable, low, high)
    case .integral: return integral(body, variable, from, to)
    case .limit: return limit(body, variable, to)
    case .derivative: return nil
    }
  }

  private func integer(_ expression: Expression) -> Int? {
    guard let value = value(expression), value.isReal, abs(value.re) < 1e6,
      abs(value.re - value.re.rounded()) < 1e-9
    else { return nil }
    return Int(value.re.rounded())
  }

  private func fold(
    _ isSum: Bool, _ body: Expression, _ variable: String, _ low: Int, _ high: Int
  ) -> Approximation? {
    guard high - low < Self.termLimit else { return nil }
    var result = Approximation(isSum ? 0 : 1)
    guard low <= high else { return result }
    var inner = self
    for index in low...high {
      inner.variables[variable] = Approximation(Double(index))
      guard let term = inner.value(body) else { return nil }
      result = isSum ? result + term : result * term
    }
    return result
  }

  /// Gauss–Legendre with five nodes on 1, then 32 panels: agreement bounds the error.
  private func integral(
    _ body: Expression, _ variable: String, _ from: Expression, _ to: Expression
  ) -> Approximation? {
    guard let a = value(from), let b = value(to), a.isReal, b.isReal else { return nil }
    guard let coarse = quadrature(body, variable, a.re, b.re, panels: 24),
      let fine = quadrature(body, variable, a.re, b.re, panels: 32)
    else { return nil }
    return Approximation(
      fine.re, fine.im, error: fine.error + (fine - coarse).magnitude + a.error + b.error)
  }

  private static let nodes: [(Double, Double)] = [
    (0, 0.568_888_888_888_888_9),
    (0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
    (-0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
    (0.906_179_845_938_664, 0.236_926_885_056_189_1),
    (-0.906_179_845_938_664, 0.236_926_885_056_189_1),
  ]

  private func quadrature(
    _ body: Expression, _ variable: String, _ a: Double, _ b: Double, panels: Int
  ) -> Approximation? {
    var inner = self
    var sum = Approximation(0)
    let half = (b - a) / Double(panels) / 2
    for panel in 0..<panels {
      let middle = a + (2 * Double(panel) + 1) * half
      for (node, weight) in Self.nodes {
        inner.variables[variable] = Approximation(rounded: middle + half * node)
        guard let value = inner.value(body) else { return nil }
        sum = sum + value * Approximation(weight)
      }
    }
    return sum * Approximation(half)
  }

  /// Values ever closer to the target; their last change bounds the error.
  private func limit(_ body: Expression, _ variable: String, _ target: Expression)
    -> Approximation?
  {
    guard let end = Self.realValue(target, budget: budget) else { return nil }
    var inner = self
    var values: [Approximation] = []
    for step in [1e-4, 1e-5, 1e-6] {
      let point = end.isInfinite ? (end > 0 ? 1 / (step * step) : -1 / (step * step)) : end + step
      inner.variables[variable] = Approximation(point)
      guard let value = inner.value(body), value.isFinite else { return nil }
      values.append(value)
    }
    let change = (values[2] - values[1]).magnitude
    guard change < 1e-4 else { return nil }
    let limit = values[2]
    let nearest = limit.re.rounded()
    // A limit that is an integer to within its own change is that integer.
    if abs(limit.re - nearest) <= 4 * change + limit.error, limit.isReal {
      return Approximation(nearest, 0, error: 1e-12)
    }
    return Approximation(limit.re, limit.im, error: limit.error + 4 * change)
  }

  func inAngleContext() -> NumericEvaluator {
    var copy = self
    copy.inAngle = true
    return copy
  }
}
