public import LuffyOptimizer

/// How a trainer updates.
public struct TrainerOptions: Sendable, Equatable {
  public var optimizer: AdamWOptions
  /// The global gradient norm is cut to it; nil: never.
  public var maxGradNorm: Double?
  /// Optimiser updates a step: the groups are cut into this many consecutive parts. (The paper makes two.)
  public var updatesPerStep: Int
  /// Tokens that run through the model at once at most. A longer row runs alone; a group whose responses alone have no more
  /// runs whole, however long the prompt that they share.
  public var microBatchTokens: Int
  /// Log-probs are of softmax(logits / temperature). A rollout that records its sampling is scored at its own
  /// temperature, and its group's traces likewise; this is that of all others.
  public var temperature: Float
  /// Keep only each layer's input and run the layer again in the backward pass: less memory, the same bits.
  public var recomputesActivations: Bool
  /// Run the prompt of consecutive rows of a group once, forward and backward: the same log-probs, bit for bit, and the
  /// same gradients but for rounding.
  public var sharesPrompts: Bool
  /// Bytes for parameters, gradients, moments and a step's scratch memory; nil: no limit.
  ///
  /// What does not fit is run in smaller micro-batches, then with recomputed activations, and else refused before
  /// anything is allocated.
  public var memoryLimit: Int?
  /// Nats by which the mean entropy of own tokens may exceed that of the trainer's first step before
  /// `signal/entropy_rising` says so.
  public var entropyBand: Double
  /// Take old log-probs from a pass before the first update instead of those that rollouts carry.
  public var recomputesOldLogprobs: Bool

  public init(
    optimizer: AdamWOptions = AdamWOptions(), maxGradNorm: Double? = 1, updatesPerStep: Int = 1,
    microBatchTokens: Int = 640, temperature: Float = 1, recomputesActivations: Bool = false,
    sharesPrompts: Bool = true, recomputesOldLogprobs: Bool = false, memoryLimit: Int? = nil,
    entropyBand: Double = 1
  ) {
    self.optimizer = optimizer
    self.maxGradNorm = maxGradNorm
    self.updatesPerStep = updatesPerStep
    self.microBatchTokens = microBatchTokens
    self.temperature = temperature
    self.recomputesActivations = recomputesActivations
    self.sharesPrompts = sharesPrompts
    self.recomputesOldLogprobs = recomputesOldLogprobs
    self.memoryLimit = memoryLimit
    self.entropyBand = entropyBand
  }

  package func validate() throws(TrainerError) {
    if let fault = optimizer.fault { throw .option(fault) }
    if let maxGradNorm, !(Float(maxGradNorm) > 0 && maxGradNorm.isFinite) {
      throw .option(
        "max_grad_norm is \(maxGradNorm), expected \(Float.leastNonzeroMagnitude) or more, finite")
    }
    if updatesPerStep < 1 || updatesPerStep > 1 << 20 {
      throw .option("updates_per_step is \(updatesPerStep), expected 1 to \(1 << 20)")
    }
    if microBatchTokens < 1 {
      throw .option("micro_batch_tokens is \(microBatchTokens), expected at least 1")
    }
    if let memoryLimit, memoryLimit < 1 {
      throw .option("memory_limit is \(memoryLimit), expected a positive number of bytes")
    }
    if !(entropyBand > 0) {
      throw .option("entropy_band is \(entropyBand), expected a positive number of nats")
    }
    if !(temperature > 0 && temperature.isFinite && (1 / temperature).isFinite) {
      throw .option(
        "temperature is \(temperature), expected \(1 / Float.greatestFiniteMagnitude) to "
          + "\(Float.greatestFiniteMagnitude)")
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
  /// More memory than `memoryLimit`; the text has the bytes needed.
  case memory(String)
  /// A saved state that does not fit.
  case state(String)

  public var description: String {
    switch self {
    case .option(let text): "trainer option: \(text)"
    case .group(let text): text
    case .nonFinite(let text): "not finite: \(text)"
    case .memory(let text): text
    case .state(let text): "trainer state: \(text)"
    }
  }
}
