/// How rewards become advantages: A_i = (R_i − baseline)/scale, within a group.
///
/// LUFFY takes the mean over rollouts and traces together and divides by nothing (§3.2).
public struct AdvantageRule: Sendable, Hashable {
  public enum Baseline: String, Sendable, Hashable, CaseIterable {
    /// The mean over all rows of the group, traces included.
    case group
    /// The mean over the group's own rollouts, for traces too.
    case onPolicy
    /// The mean over the group's other rows (RLOO).
    case leaveOneOut
    /// 0.
    case none
  }

  public enum Scale: String, Sendable, Hashable, CaseIterable {
    case none
    /// σ + ε over the rows of the baseline (n−1 in the denominator).
    case groupStd
    /// σ + ε over all rows of the update.
    case batchStd
  }

  /// A row, or a whole group, that is left out of the update.
  public enum Filter: String, Sendable, Hashable, CaseIterable {
    /// Groups whose baseline rows all have one reward leave the sums and the denominators (DAPO).
    case uniformGroups
    /// Rows cut at the longest length leave them; they still count in the group's baseline.
    case truncatedRows
    /// Rows cut at the longest length keep their place with advantage 0.
    case truncatedAdvantages
  }

  public var baseline: Baseline
  public var scale: Scale
  public var filters: Set<Filter>
  public var lengthPenalty: LengthPenalty?
  public var epsilon: Double
  /// A row is solved if its reward exceeds this.
  public var successThreshold: Double

  public init(
    baseline: Baseline = .group, scale: Scale = .none, filters: Set<Filter> = [],
    lengthPenalty: LengthPenalty? = nil, epsilon: Double = 1e-6, successThreshold: Double = 0
  ) {
    self.baseline = baseline
    self.scale = scale
    self.filters = filters
    self.lengthPenalty = lengthPenalty
    self.epsilon = epsilon
    self.successThreshold = successThreshold
  }

  func validate() throws(ObjectiveError) {
    try require(
      epsilon >= 0 && epsilon.isFinite, "advantage_epsilon", "expected ε ≥ 0, got \(epsilon)")
    try lengthPenalty?.validate()
  }

  /// One advantage a row of a group. `isOff` marks rows that others wrote.
  ///
  /// Fewer than two baseline rows give nothing to compare with: then μ = 0 and σ = 1, as in the
  /// reference code. σ = 0 counts as 1.
  func advantages(rewards: [Double], isOff: [Bool], batchStd: Double) -> [Double] {
    let compared = rewards.indices.filter { baseline != .onPolicy || !isOff[$0] }
    let isComparable = compared.count > 1
    let values = compared.map { rewards[$0] }
    let sigma: Double
    switch scale {
    case .none: sigma = 1
    case .groupStd: sigma = isComparable ? standardDeviation(values) : 1
    case .batchStd: sigma = batchStd
    }
    let divisor = scale == .none ? 1 : (sigma == 0 ? 1 : sigma) + epsilon
    let mean = isComparable ? values.reduce(0, +) / Double(values.count) : 0
    return rewards.map { reward in
      let center: Double
      switch baseline {
      case .none: center = 0
      case .group, .onPolicy: center = mean
      case .leaveOneOut:
        // (n·μ − R)/(n−1): the mean of the others.
        let n = Double(values.count)
        center = isComparable ? (n * mean - reward) / (n - 1) : 0
      }
      return (reward - center) / divisor
    }
  }
}

/// √(Σ(x−μ)²/(n−1)); 1 for fewer than two values.
func standardDeviation(_ values: [Double]) -> Double {
  guard values.count > 1 else { return 1 }
  let mean = values.reduce(0, +) / Double(values.count)
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (squares / Double(values.count - 1)).squareRoot()
}
