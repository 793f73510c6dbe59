/// Whether one expression is a constant times another.
struct RatioTest {
  private let a: Expression
  private let b: Expression
  private let budget: WorkBudget

  init(_ a: Expression, _ b: Expression, budget: WorkBudget) {
    self.a = a
    self.b = b
    self.budget = budget
  }

  /// The constant, nil where there is none.
  func constant() -> Double? {
    let points = PointTest(a, b, budget: budget)
    var first: Approximation?
    var agreed = 0
    for index in 0..<PointTest.points {
      let evaluator = NumericEvaluator(variables: points.point(index), budget: budget)
      guard let x = evaluator.value(a), let y = evaluator.value(b), x.isSharp, y.isSharp,
        !x.isZero, !y.isZero, let ratio = x / y, ratio.isSharp
      else { continue }
      guard let first else {
        first = ratio
        continue
      }
      guard PointTest.areClose(first, ratio) else { return nil }
      agreed += 1
    }
    guard let first, agreed >= 2, first.isReal else { return nil }
    return first.re
  }
}
