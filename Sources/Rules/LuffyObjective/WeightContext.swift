/// What a detached weight may look at: one row, and its tokens that the term runs over.
public struct WeightContext: Sendable {
  /// log π_θ (nats) of the selected tokens.
  public let logprobs: [Double]
  /// Entropies (nats) of the selected tokens; empty where the policy was not asked.
  public let entropies: [Double]
  public let advantage: Double
  public let reward: Double
  /// Share of the group's own rollouts that are solved; 0 where it has none.
  public let groupSuccess: Double
  public let step: Int
}
