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
