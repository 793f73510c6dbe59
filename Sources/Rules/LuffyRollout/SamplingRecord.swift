/// How a rollout was drawn: what a trainer must know to score it as the sampler did, and what draws it again.
///
/// A rollout depends on the model, its prompt, and what is recorded here.
public struct SamplingRecord: Sendable, Hashable {
  /// Logits were divided by it; 0 is greedy.
  public var temperature: Float
  /// Only so many of the most probable tokens took part; 0 is all.
  public var topK: Int
  /// Only the most probable tokens that together have this probability took part; 1 is all.
  public var topP: Float
  public var seed: UInt64
  /// The call's number among those of one seed.
  public var step: UInt32
  /// Tokens that the rollout could have at most.
  public var maxNewTokens: Int
  /// Its place in the call: which prompt, and which rollout of that prompt.
  public var prompt: Int
  public var rollout: Int

  public init(
    temperature: Float = 1, topK: Int = 0, topP: Float = 1, seed: UInt64 = 0, step: UInt32 = 0,
    maxNewTokens: Int = 0, prompt: Int = 0, rollout: Int = 0
  ) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.seed = seed
    self.step = step
    self.maxNewTokens = maxNewTokens
    self.prompt = prompt
    self.rollout = rollout
  }

  /// The temperature of the log-probs: 1 where the choice was greedy, which has none of its own.
  public var scoringTemperature: Float { temperature == 0 ? 1 : temperature }

  /// True where tokens were drawn from less than the whole distribution.
  public var isCut: Bool { temperature != 0 && (topK > 0 || topP < 1) }

  /// Why it cannot be the record of a rollout; nil where it can.
  public var fault: String? {
    if !(temperature >= 0 && temperature.isFinite && (1 / scoringTemperature).isFinite) {
      return "temperature is \(temperature), expected 0 (greedy) or a positive number"
    }
    if topK < 0 { return "top_k is \(topK), expected 0 (all) or more" }
    if !(topP > 0 && topP <= 1) { return "top_p is \(topP), expected a number in (0, 1]" }
    return nil
  }
}
