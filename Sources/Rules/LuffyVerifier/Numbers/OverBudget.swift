/// A computation that would cost more than an answer may: it ends here, and the comparison goes on
/// without it.
struct OverBudget: Error {}

/// The work that one verification may spend.
///
/// Counted in steps (bytes read, nodes visited, terms combined), not in time, so that a verdict does not depend
/// on the machine.
final class WorkBudget {
  private var steps: Int

  /// What one call may take.
  static let callSteps = 32_000

  init(steps: Int = callSteps) { self.steps = steps }

  @inline(__always)
  func spend(_ amount: Int = 1) throws(OverBudget) {
    steps -= amount
    if steps < 0 { throw OverBudget() }
  }

  /// Pays for one costly operation; one that would take more than half of what is left is not begun.
  func spend(large amount: Int) throws(OverBudget) {
    guard amount <= steps / 2 else { throw OverBudget() }
    steps -= amount
  }

  /// Pays for a pass over `bytes` bytes that is done anyway: about 64 bytes are a step.
  @inline(__always)
  func charge(scanned bytes: Int) { steps -= bytes / 64 + 1 }

  /// Pays for work that is done anyway.
  @inline(__always)
  func charge(_ amount: Int) { steps -= amount }

  /// Pays for text that is read with care, sign by sign: four bytes are five steps.
  @inline(__always)
  func charge(read bytes: Int) { steps -= bytes + bytes / 4 + 1 }

  var isExhausted: Bool { steps < 0 }
}
