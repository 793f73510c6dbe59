/// Compares two expressions at random points.
///
/// Disagreement beyond the error bounds at one point proves them different. Agreement at enough
/// points of both signs is taken as equality.
struct PointTest {
  private let gold: Expression
  private let answer: Expression
  private let names: [String]
  private let budget: WorkBudget

  static let points = 10
  private static let needed = 3

  init(_ gold: Expression, _ answer: Expression, budget: WorkBudget) {
    self.gold = gold
    self.answer = answer
    self.budget = budget
    var names: [String] = []
    gold.freeNames(into: &names)
    answer.freeNames(into: &names)
    names.removeAll { $0 == "i" }
    self.names = names
  }

  func agree() -> Bool {
    if names.isEmpty {
      let evaluator = NumericEvaluator(budget: budget)
      guard let a = evaluator.value(gold), let b = evaluator.value(answer) else { return false }
      return a.isSharp && b.isSharp && Self.areClose(a, b) && canBeExact(max(a.error, b.error))
    }
    var agreed = 0
    for index in 0..<Self.points {
      let evaluator = NumericEvaluator(variables: point(index), budget: budget)
      guard let a = evaluator.value(gold), let b = evaluator.value(answer) else { continue }
      guard a.isSharp, b.isSharp else { continue }
      if !Self.areClose(a, b) { return false }
      agreed += 1
    }
    return agreed >= Self.needed
  }

  /// Whether a difference is proved to have a value other than zero at some point.
  func isProvedNonzero(_ difference: Expression) -> Bool {
    for index in 0..<(names.isEmpty ? 1 : 3) {
      let evaluator = NumericEvaluator(variables: point(index), budget: budget)
      guard let value = evaluator.value(difference), value.isFinite else { continue }
      if value.magnitude > 64 * value.error, value.magnitude > 0 { return true }
    }
    return false
  }

  /// Doubles tell numbers apart only where they resolve integers: e^(π√163) is none, though sixteen digits say so, and
  /// 2^1000 + 1 is not 2^1000.
  private func canBeExact(_ error: Double) -> Bool { error <= 0.05 }

  static func areClose(_ a: Approximation, _ b: Approximation) -> Bool {
    (a - b).magnitude <= 8 * (a.error + b.error)
  }

  /// The point with this number: real values of either sign, most between 0.3 and 2.4, the same in
  /// every run.
  func point(_ index: Int) -> [String: Approximation] {
    var state = 0x9E37_79B9_7F4A_7C15 &* UInt64(index + 1)
    var result: [String: Approximation] = [:]
    for (place, name) in names.enumerated() {
      for byte in name.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
      // SplitMix64 (Steele, Lea, Flood 2014).
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      z ^= z >> 31
      // The last points lie far out, where floors and remainders differ.
      let spread = index >= Self.points - 2 ? 19.3 : 1.0
      let size = spread * (0.3 + 2.1 * Double(z >> 12) / 0x1p52)
      // The first points are positive, so that logarithms and roots have values there; the
      // others take every pattern of signs for three variables.
      let isNegative = index >= 4 && ((index - 3) >> (place % 3)) & 1 == 1
      result[name] = Approximation(isNegative ? -size : size)
    }
    return result
  }
}
