package import LuffyModel
import LuffyRollout

/// How tokens are drawn.
public struct SamplingOptions: Sendable, Equatable {
  /// Rollouts of each prompt.
  public var count: Int
  /// Tokens of a rollout at most, the stop token included.
  public var maxNewTokens: Int
  /// Logits are divided by it; 0 is greedy.
  public var temperature: Float
  /// Only the k most probable tokens; 0 is all.
  public var topK: Int
  /// Only the most probable tokens that together have this probability; 1 is all.
  public var topP: Float
  /// Two calls with one seed and step give the same rollouts; `freshSeed()` is one that nobody had.
  public var seed: UInt64
  /// Distinguishes calls of one seed, as a trainer's steps.
  public var step: UInt32
  /// Ids that end a rollout; nil: the model's own.
  public var stopIDs: Set<Int32>?
  /// Rollouts that run at once at most.
  public var maximumBatch: Int
  /// Bytes of keys and values at most; nil: half of the machine's memory. Fewer rollouts run at once to fit; the
  /// rollouts are the same.
  public var keyValueMemory: Int?

  public init(
    count: Int = 1, maxNewTokens: Int = 128, temperature: Float = 1, topK: Int = 0,
    topP: Float = 1, seed: UInt64 = 0, step: UInt32 = 0, stopIDs: Set<Int32>? = nil,
    maximumBatch: Int = 128, keyValueMemory: Int? = nil
  ) {
    self.count = count
    self.maxNewTokens = maxNewTokens
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.seed = seed
    self.step = step
    self.stopIDs = stopIDs
    self.maximumBatch = maximumBatch
    self.keyValueMemory = keyValueMemory
  }

  /// True where a token is drawn from less than the whole distribution.
  public var truncates: Bool { topK > 0 || topP < 1 }

  /// A seed from the operating system, for rollouts that no other call gives; they record it.
  public static func freshSeed() -> UInt64 { .random(in: .min ... .max) }

  /// What a rollout at a place of the call records.
  func record(prompt: Int, rollout: Int) -> SamplingRecord {
    SamplingRecord(
      temperature: temperature, topK: topK, topP: topP, seed: seed, step: step,
      maxNewTokens: maxNewTokens, prompt: prompt, rollout: rollout)
  }

  package func validate() throws(ModelError) {
    if count < 1 { throw .argument("n is \(count), expected at least 1") }
    if maxNewTokens < 1 {
      throw .argument("max_new_tokens is \(maxNewTokens), expected at least 1")
    }
    if temperature != 0 && !(temperature > 0 && temperature.isFinite && (1 / temperature).isFinite)
    {
      throw .argument(
        "temperature is \(temperature), expected 0 (greedy), or \(1 / Float.greatestFiniteMagnitude) "
          + "to \(Float.greatestFiniteMagnitude)")
    }
    if topK < 0 { throw .argument("top_k is \(topK), expected 0 (all) or more") }
    if !(topP > 0 && topP <= 1) { throw .argument("top_p is \(topP), expected a number in (0, 1]") }
    if maximumBatch < 1 {
      throw .argument("maximum_batch is \(maximumBatch), expected at least 1")
    }
    if let keyValueMemory, keyValueMemory < 1 {
      throw .argument("kv_memory is \(keyValueMemory), expected a positive number of bytes")
    }
  }
}
