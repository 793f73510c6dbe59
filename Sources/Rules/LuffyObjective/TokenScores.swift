/// What the policy says of one row's tokens now.
public struct TokenScores: Sendable {
  /// log π_θ (nats) of each token.
  public var logprobs: [Double]
  /// Entropy (nats) of the distribution that each token was drawn from.
  public var entropies: [Double]?

  public init(logprobs: [Double], entropies: [Double]? = nil) {
    self.logprobs = logprobs
    self.entropies = entropies
  }

  /// The same of a model's f32 output.
  public init(widening logprobs: [Float], entropies: [Float]? = nil) {
    self.init(logprobs: logprobs.map(Double.init), entropies: entropies?.map(Double.init))
  }
}
