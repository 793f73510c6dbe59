/// A computation that would cost more than an answer may: it ends here, and the comparison goes on
/// without it.
struct OverBudget: Error {}

/// The work that one verification may spend.
///
/// Counted in steps (nodes visited, terms combined), not in time, so that a verdict does not depend
/// on the machine.
final class WorkBudget {
  private var steps: Int

  init(steps: Int) { self.steps = steps }

  @inline(__always)
  func spend(_ amount: Int = 1) throws(OverBudget) {
    steps -= amount
    if steps < 0 { throw OverBudget() }
  }

  var isExhausted: Bool { steps < 0 }
}
