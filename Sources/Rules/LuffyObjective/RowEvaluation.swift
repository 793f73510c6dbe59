/// One row's part of an update's loss, and its gradients. Parts of different rows add up.
public struct RowEvaluation: Sendable {
  /// This row's addend of the loss.
  public var loss = 0.0
  /// ∂loss/∂log π_θ, one a token; 0 where it is not trained on.
  public var dLogprobs: [Double]
  /// ∂loss/∂H, one a token.
  public var dEntropies: [Double]
  /// Importance ratio of each token as the last surrogate term that covers it saw it, before
  /// shaping and clipping; 0 where none does. May be infinite.
  public var ratios: [Double]
  /// What became of it after shaping and clipping.
  public var shapedRatios: [Double]
  public var metrics = MetricSums()
  /// A policy-gradient or likelihood term has a gradient at some token. Entropy and KL terms do not count.
  public var hasSignal = false

  init(tokens: Int) {
    dLogprobs = [Double](repeating: 0, count: tokens)
    dEntropies = dLogprobs
    ratios = dLogprobs
    shapedRatios = dLogprobs
  }
}
