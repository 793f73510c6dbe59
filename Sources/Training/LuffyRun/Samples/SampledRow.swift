import LuffyJSON
import LuffyRecords

/// One rollout or trace with a number a token, before the update that trained on it: a line of `samples.jsonl`.
///
/// Arrays run over `tokens`. See docs/report.md.
package struct SampledRow: Equatable, Sendable {
  /// The arm of a comparison; nil in a run.
  package var arm: String?
  package var stage: String
  /// The step that trained on it, from 1.
  package var step: Int
  package var group: Int
  /// `on_policy`, `off_policy` or `replay`.
  package var source: String
  package var prompt: String
  package var reference: String
  package var reward: Double
  package var advantage: Double
  /// Each token's text.
  package var tokens: [String]
  /// log π_θ (nats).
  package var logprobs: [Double]
  /// The importance ratio: π_θ/π_old of own tokens, π_θ/π_φ of a trace's; nil where no surrogate covers the row.
  package var weights: [Double]?
  /// f(ratio), after shaping and clipping.
  package var shapedWeights: [Double]?
  /// ∂f/∂log π_θ before clipping: the factor on the advantage in the token's gradient.
  package var gradientWeights: [Double]?
}

extension SampledRow: JSONWritable {
  package func write(to writer: JSONWriter) {
    func list(_ name: String, _ values: [Double]?) {
      guard let values else { return }
      writer.key(name)
      writer.array { for value in values { writer.write(value) } }
    }
    writer.object {
      writer.member("advantage", advantage)
      if let arm { writer.member("arm", arm) }
      list("gradient_weights", gradientWeights)
      writer.member("group", group)
      list("logprobs", logprobs)
      writer.member("prompt", prompt)
      writer.member("reference", reference)
      writer.member("reward", reward)
      list("shaped_weights", shapedWeights)
      writer.member("source", source)
      writer.member("stage", stage)
      writer.member("step", step)
      writer.key("tokens")
      writer.array { for token in tokens { writer.write(token) } }
      list("weights", weights)
    }
  }

  package init(_ line: DataLine) throws {
    arm = try line.optionalText("arm")
    stage = try line.text("stage")
    step = try line.whole("step")
    group = try line.whole("group")
    source = try line.text("source")
    prompt = try line.text("prompt")
    reference = try line.text("reference")
    reward = try line.number("reward")
    advantage = try line.number("advantage")
    tokens = try line.optionalTexts("tokens") ?? []
    logprobs = try line.optionalNumbers("logprobs") ?? []
    weights = try line.optionalNumbers("weights")
    shapedWeights = try line.optionalNumbers("shaped_weights")
    gradientWeights = try line.optionalNumbers("gradient_weights")
  }

  /// Every line of a samples file.
  package static func all(_ path: String) throws -> [SampledRow] {
    try DataLine.all(path).map(SampledRow.init)
  }
}
