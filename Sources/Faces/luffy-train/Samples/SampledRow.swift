/// One rollout or trace with a number a token, before the update that trained on it: a line of `samples.jsonl`.
///
/// Arrays run over `tokens`. See docs/report.md.
struct SampledRow: Codable, Equatable, Sendable {
  /// The arm of a comparison; nil in a run.
  var arm: String?
  var stage: String
  /// The step that trained on it, from 1.
  var step: Int
  var group: Int
  /// `on_policy`, `off_policy` or `replay`.
  var source: String
  var prompt: String
  var reference: String
  var reward: Double
  var advantage: Double
  /// Each token's text.
  var tokens: [String]
  /// log π_θ (nats).
  var logprobs: [Double]
  /// The importance ratio: π_θ/π_old of own tokens, π_θ/π_φ of a trace's; nil where no surrogate covers the row.
  var weights: [Double]?
  /// f(ratio), after shaping and clipping.
  var shapedWeights: [Double]?
  /// ∂f/∂log π_θ before clipping: the factor on the advantage in the token's gradient.
  var gradientWeights: [Double]?

  enum CodingKeys: String, CodingKey {
    case arm, stage, step, group, source, prompt, reference, reward, advantage, tokens, logprobs
    case weights
    case shapedWeights = "shaped_weights"
    case gradientWeights = "gradient_weights"
  }
}
