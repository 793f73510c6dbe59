public import LuffyOptimizer

/// How a trainer updates.
public struct TrainerOptions: Sendable, Equatable {
  public var optimizer: AdamWOptions
  /// The global gradient norm is cut to it; nil: never.
  public var maxGradNorm: Double?
  /// Optimiser updates a step: the groups are cut into this many consecutive parts. (The paper makes two.)
  public var updatesPerStep: Int
  /// Prompt and response tokens that run through the model at once at most; a longer row runs alone.
  public var microBatchTokens: Int
  /// Log-probs are of softmax(logits / temperature): the temperature that rollouts were drawn at.
  public var temperature: Float
  /// Keep only each layer's input and run the layer again in the backward pass: less memory, the same bits.
  public var recomputesActivations: Bool
  /// Take old log-probs from a pass before the first update instead of those that rollouts carry.
  public var recomputesOldLogprobs: Bool

  public init(
    optimizer: AdamWOptions = AdamWOptions(), maxGradNorm: Double? = 1, updatesPerStep: Int = 1,
    microBatchTokens: Int = 4096, temperature: Float = 1, recomputesActivations: Bool = false,
    recomputesOldLogprobs: Bool = false
  ) {
    self.optimizer = optimizer
    self.maxGradNorm = maxGradNorm
    self.updatesPerStep = updatesPerStep
    self.microBatchTokens = microBatchTokens
    self.temperature = temperature
    self.recomputesActivations = recomputesActivations
    self.recomputesOldLogprobs = recomputesOldLogprobs
  }

  package func validate() throws(TrainerError) {
    if let fault = optimizer.fault { throw .option(fault) }
    if let maxGradNorm, !(maxGradNorm > 0 && maxGradNorm.isFinite) {
      throw .option("max_grad_norm is \(maxGradNorm), expected a positive number")
    }
    if updatesPerStep < 1 || updatesPerStep > 1 << 20 {
      throw .option("updates_per_step is \(updatesPerStep), expected at least 1")
    }
    if microBatchTokens < 1 {
      throw .option("micro_batch_tokens is \(microBatchTokens), expected at least 1")
    }
    if !(temperature > 0 && temperature.isFinite) {
      throw .option("temperature is \(temperature), expected a positive number")
    }
  }
}

/// What a trainer refuses, and why. The weights are as they were before the call.
public enum TrainerError: Error, Equatable, CustomStringConvertible {
  case option(String)
  /// A group that cannot be trained on: a missing reward, an empty response.
  case group(String)
  /// A loss or gradient that is not finite.
  case nonFinite(String)
  /// A saved state that does not fit.
  case state(String)

  public var description: String {
    switch self {
    case .option(let text): "trainer option: \(text)"
    case .group(let text): text
    case .nonFinite(let text): "not finite: \(text)"
    case .state(let text): "trainer state: \(text)"
    }
  }
}
