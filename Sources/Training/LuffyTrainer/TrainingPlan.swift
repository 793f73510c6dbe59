public import LuffyModel
public import LuffySampler
public import LuffyTensor
import LuffyKernels

/// The work of one training step: `prompts` groups of rollouts and traces.
public struct StepWorkload: Sendable, Equatable {
  public var prompts: Int
  /// Rollouts of each prompt that the model writes.
  public var rollouts: Int
  /// Teacher traces of each prompt.
  public var traces: Int
  /// Tokens of a prompt.
  public var promptTokens: Int
  /// Tokens of a rollout or trace; the most that they may have.
  public var responseTokens: Int

  public init(
    prompts: Int = 16, rollouts: Int = 7, traces: Int = 1, promptTokens: Int = 128,
    responseTokens: Int = 512
  ) {
    self.prompts = prompts
    self.rollouts = rollouts
    self.traces = traces
    self.promptTokens = promptTokens
    self.responseTokens = responseTokens
  }

  /// More is taken for a mistake.
  private static let most = 1 << 24

  func validate() throws(TrainerError) {
    for (name, value, least) in [
      ("prompts", prompts, 1), ("rollouts", rollouts, 0), ("traces", traces, 0),
      ("prompt_tokens", promptTokens, 1), ("response_tokens", responseTokens, 1),
    ] where value < least || value > Self.most {
      throw .option("\(name) is \(value), expected \(least) to \(Self.most)")
    }
    // All three are at most 2^24, so that no product of two overflows.
    let (tokens, overflow) = (prompts * (rollouts + traces)).multipliedReportingOverflow(
      by: responseTokens)
    if overflow || tokens < 1 || tokens > Self.most {
      throw .option(
        "prompts × (rollouts + traces) × response_tokens is "
          + "\(overflow ? "more than 2^63" : String(tokens)), expected 1 to \(Self.most)")
    }
  }
}

/// What a training step will take, computed before anything is allocated: bytes by the same sums that the passes
/// allocate by; times from a short measurement of this machine's products and memory, made by the first plan of a process.
///
/// A plan is arithmetic on a few numbers: however large the workload, it takes no memory to speak of.
public struct TrainingPlan: Sendable, Equatable {
  // MARK: Bytes

  /// Parameters and their packed panels.
  public var weightBytes: Int
  public var gradientBytes: Int
  /// AdamW's, and the copy that a step of several updates can go back to.
  public var optimizerBytes: Int
  /// Keys and values of the rollouts that run at once.
  public var keyValueBytes: Int
  /// While rollouts are written: everything held, keys and values, scratch.
  public var rolloutBytes: Int
  /// While the update runs.
  public var updateBytes: Int
  /// The most at any time.
  public var peakBytes: Int

  // MARK: How it runs

  /// Rollouts at once.
  public var slots: Int
  public var microBatchTokens: Int
  public var recomputesActivations: Bool

  // MARK: Time, an estimate

  /// New tokens a second.
  public var rolloutTokensPerSecond: Double
  /// Prompt and response tokens of all rows a second, as metrics count them.
  public var updateTokensPerSecond: Double
  public var stepSeconds: Double

  /// - Parameters:
  ///   - hasReference: a KL term's π_ref is a model with weights of its own; the base of adapters is not.
  ///   - adapters: what is trained on frozen weights; nil for all weights.
  /// - Throws: `TrainerError.memory` where `options.memoryLimit` or the sampling options' memory is too little.
  public init(
    _ configuration: ModelConfiguration, precision: Precision, workload: StepWorkload,
    options: TrainerOptions = TrainerOptions(), sampling: SamplingOptions = SamplingOptions(),
    hasReference: Bool = false, adapters: AdapterOptions? = nil
  ) throws {
    try workload.validate()
    try adapters?.validate()
    try options.validate()
    try sampling.validate()
    let shape = ModelShape(
      configuration, precision, threads: Threads.pool.threads, adapters: adapters)
    let rows = UniformRows(workload)
    let batches = UpdateMemory.microBatches(rows)
    let memory = UpdateMemory(shape: shape, hasReference: hasReference, options: options)
    try memory.check()
    let fitted = try memory.fitted(batches)
    let held = memory.heldBytes
    let update = try UpdateMemory(shape: shape, hasReference: hasReference, options: fitted)
      .scratch(batches)
    let rollouts = try Self.rollouts(
      shape, workload, sampling, held: held + update.bytes, limit: options.memoryLimit)
    let scratch = rollouts.map { $0.scratch.union(update) } ?? update
    weightBytes = memory.weightBytes
    gradientBytes = shape.trainedBytes
    optimizerBytes = held - weightBytes - gradientBytes
    keyValueBytes = rollouts?.keyValueBytes ?? 0
    rolloutBytes = held + scratch.bytes + keyValueBytes + (rollouts?.rowBytes ?? 0)
    updateBytes = held + scratch.bytes
    peakBytes = max(rolloutBytes, updateBytes)
    slots = rollouts?.slots ?? 0
    microBatchTokens = fitted.microBatchTokens
    recomputesActivations = fitted.recomputesActivations
    let estimate = StepEstimate(shape, workload, try MachineRates.measuredOnce(precision))
    let tokens = rows.microBatches(
      budget: fitted.microBatchTokens, sharesPrompts: fitted.sharesPrompts
    ).reduce(0) { $0 + $1.count * rows.lengths($1).tokens }
    let rolloutSeconds = estimate.rolloutSeconds(slots: slots)
    let updateSeconds = estimate.updateSeconds(
      tokens: tokens, recomputes: fitted.recomputesActivations)
    let written = Double(workload.prompts * workload.rollouts * workload.responseTokens)
    rolloutTokensPerSecond = rolloutSeconds > 0 ? written / rolloutSeconds : 0
    updateTokensPerSecond = Double(rows.tokens) / updateSeconds
    stepSeconds = rolloutSeconds + updateSeconds
  }

  /// Nil where the model writes none.
  private static func rollouts(
    _ shape: ModelShape, _ workload: StepWorkload, _ sampling: SamplingOptions, held: Int,
    limit: Int?
  ) throws(TrainerError) -> RolloutMemory? {
    if workload.rollouts == 0 { return nil }
    var sampling = sampling
    sampling.count = workload.rollouts
    sampling.maxNewTokens = workload.responseTokens
    let allowed = sampling.keyValueMemory ?? PhysicalMemory.bytes / 2
    let bytes = min(allowed, limit.map { $0 - held } ?? allowed)
    let memory = RolloutMemory(
      shape, prompts: workload.prompts, promptTokens: workload.promptTokens, options: sampling,
      bytes: bytes)
    guard let memory else {
      let one = RolloutMemory.leastBytes(
        shape, promptTokens: workload.promptTokens, maxNewTokens: workload.responseTokens)
      if one <= bytes { throw .memory("rollouts would need more than 2^60 bytes") }
      if one > allowed {
        throw .memory(
          "one rollout's keys and values would need \(one) bytes; kv_memory is \(allowed)")
      }
      throw .memory(
        "the update and one rollout would need \(held + one) bytes; memory_limit is \(held + bytes)"
      )
    }
    return memory
  }
}
