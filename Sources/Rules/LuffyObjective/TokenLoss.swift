/// The loss of one token, before weights.
public enum TokenLoss: Sendable, Hashable {
  case surrogate(Surrogate)
  /// −log π_θ, whatever the advantage: supervised fine-tuning.
  case likelihood
  /// A KL estimate against the reference policy.
  case kl(KLEstimator)
  /// −H: an entropy bonus.
  case entropy
}
