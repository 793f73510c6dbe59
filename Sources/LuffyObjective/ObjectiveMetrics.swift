/// What an objective measures while it is evaluated. `docs/metrics.md` defines each.
public enum ObjectiveMetric: Int, Sendable, Hashable, CaseIterable {
  case loss, policyLoss, likelihoodLoss
  case onPolicyLoss, offPolicyLoss
  case clipFraction, clipLowFraction, clipHighFraction
  case policyKL
  case offPolicyProbability, onPolicyProbability
  case offRatio, offRatioMaxFraction, offRatioMinFraction
  case onRatio
  case entropy, onEntropy, offEntropy
  case referenceKL

  /// The name in metrics files, C and Python.
  public var name: String {
    switch self {
    case .loss: "actor/loss"
    case .policyLoss: "actor/pg_loss"
    case .likelihoodLoss: "actor/sft_loss"
    case .onPolicyLoss: "actor/on_pg_loss"
    case .offPolicyLoss: "actor/off_pg_loss"
    case .clipFraction: "actor/pg_clipfrac"
    case .clipLowFraction: "actor/clip_low_frac"
    case .clipHighFraction: "actor/clip_high_frac"
    case .policyKL: "actor/ppo_kl"
    case .offPolicyProbability: "actor/off_policy_prob"
    case .onPolicyProbability: "actor/on_policy_prob"
    case .offRatio: "actor/off_ratio_mean"
    case .offRatioMaxFraction: "actor/off_ratio_max_clip_frac"
    case .offRatioMinFraction: "actor/off_ratio_min_clip_frac"
    case .onRatio: "actor/on_ratio_mean"
    case .entropy: "actor/entropy_loss"
    case .onEntropy: "actor/on_entropy"
    case .offEntropy: "actor/off_entropy"
    case .referenceKL: "actor/kl_loss"
    }
  }

  /// Totals are sums of addends of the loss; the others are means over tokens.
  var isTotal: Bool {
    switch self {
    case .loss, .policyLoss: true
    default: false
    }
  }
}

/// Sums and counts behind the metrics; those of any rows add up.
public struct MetricSums: Sendable, Hashable {
  private var sums = [Double](repeating: 0, count: ObjectiveMetric.allCases.count)
  private var counts = [Double](repeating: 0, count: ObjectiveMetric.allCases.count)

  public init() {}

  /// Counts one value; one beyond the float64 range, such as an unbounded ratio, is left out.
  mutating func add(_ value: Double, to metric: ObjectiveMetric) {
    guard value.isFinite else { return }
    sums[metric.rawValue] += value
    counts[metric.rawValue] += 1
  }

  mutating func add(_ condition: Bool, to metric: ObjectiveMetric) {
    add(condition ? 1 : 0, to: metric)
  }

  public mutating func add(_ other: MetricSums) {
    for index in sums.indices {
      sums[index] += other.sums[index]
      counts[index] += other.counts[index]
    }
  }

  /// The mean (or total); nil where nothing was counted.
  public subscript(metric: ObjectiveMetric) -> Double? {
    let count = counts[metric.rawValue]
    guard count > 0 else { return nil }
    return metric.isTotal ? sums[metric.rawValue] : sums[metric.rawValue] / count
  }
}

/// The metrics of an update: typed, in a fixed order, absent (never NaN) where nothing was
/// counted.
public struct ObjectiveMetrics: Sendable, Hashable {
  private let sums: MetricSums

  public init(_ sums: MetricSums) { self.sums = sums }

  public subscript(metric: ObjectiveMetric) -> Double? { sums[metric] }

  /// The metrics that are there, in the order of `ObjectiveMetric`.
  public var present: [(name: String, value: Double)] {
    ObjectiveMetric.allCases.compactMap { metric in
      self[metric].map { (metric.name, $0) }
    }
  }
}
