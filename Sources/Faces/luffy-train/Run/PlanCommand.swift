import ArgumentParser
import LuffyKernels
import LuffyModel
import LuffyRecords
import LuffyRun
import LuffySampler
import LuffyTensor
import LuffyTokenizer
import LuffyTrainer

/// What each stage of a run will take, before it is started: no weights are read, nothing is trained.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Say what memory and time the stages of a run would take.",
    discussion: """
      Takes the configuration of `run`. Bytes are summed as the passes allocate; times are an estimate from a \
      measurement of some tens of milliseconds. Prompts and responses are taken to be as long as they may be.
      """)

  @Option(help: "A YAML file of keys, as for run.") var config: String?
  @Option(help: "MiB that a step may take: smaller micro-batches, then recomputation, or an error.")
  var memoryLimit: Int?
  @OptionGroup var options: RunOptions

  /// MiB of 2^63 bytes.
  private static let mostMemory = 1 << 42

  func validate() throws {
    try WholeNumber.check([("memory-limit", memoryLimit, 1...Self.mostMemory)])
  }

  /// Problems whose prompts are looked at.
  private static let looked = 256

  func run() throws {
    var configuration = try options.configuration(config)
    _ = try configuration.resolveDefaults()
    try configuration.validate()
    if configuration.threads > 0 { Threads.set(configuration.threads) }
    let model =
      try configuration.model.map { try ModelConfiguration.load(path: $0) }
      ?? TrainingSetup.embedded
    let (promptTokens, isCounted) = try longestPrompt(configuration)
    print(
      "\(configuration.dtype.rawValue), \(Threads.pool.threads) threads, prompts of up to \(promptTokens) tokens"
        + (isCounted ? "" : " (no tokenizer there: bytes, which are at least as many)"))
    for stage in try configuration.resolvedStages() {
      try show(stage, model, configuration, promptTokens)
    }
  }

  private func show(
    _ stage: Stage, _ model: ModelConfiguration, _ configuration: RunConfiguration,
    _ promptTokens: Int
  ) throws {
    var trainer = stage.trainerOptions
    trainer.memoryLimit = memoryLimit.map { $0 << 20 }  // validate() knows that it fits
    let plan = try TrainingPlan(
      model, precision: configuration.dtype, workload: stage.workload(promptTokens: promptTokens),
      options: trainer, hasReference: stage.learns && configuration.reference != nil)
    let memory = [
      ("weights", plan.weightBytes), ("gradients", plan.gradientBytes),
      ("optimiser", plan.optimizerBytes), ("keys and values", plan.keyValueBytes),
      ("rollouts", plan.rolloutBytes), ("update", plan.updateBytes), ("peak", plan.peakBytes),
    ].map { "\($0.0) \(($0.1 + 1 << 19) >> 20)" }.joined(separator: ", ")
    print("\(stage.label): \(stage.steps) steps")
    print("  MiB: \(memory)")
    let recomputed = plan.recomputesActivations ? ", activations recomputed" : ""
    print(
      "  \(plan.slots) rollouts at once, micro-batches of \(plan.microBatchTokens) tokens\(recomputed)"
    )
    print(
      "  about \(plan.stepSeconds.rounded(to: 2)) s a step, \(ProgressLine.time(plan.stepSeconds * Double(stage.steps))) in all"
        + "; rollouts \(Int(plan.rolloutTokensPerSecond)), update \(Int(plan.updateTokensPerSecond)) tokens/s"
    )
  }

  /// Tokens of the longest of the first prompts; its bytes where a model has only its configuration.
  private func longestPrompt(
    _ configuration: RunConfiguration
  ) throws -> (tokens: Int, isCounted: Bool) {
    let tokenizer = try configuration.tokenizerIfAny()
    let task = try configuration.task()
    let longest = try (0..<Self.looked).reduce(1) {
      let prompt = task.training($1).prompt
      return try max($0, tokenizer?.encode(prompt).count ?? prompt.utf8.count)
    }
    return (longest, tokenizer != nil)
  }
}

extension Stage {
  /// A step as numbers. A supervised step has no rollouts.
  fileprivate func workload(promptTokens: Int) -> StepWorkload {
    let taught = min(traces, group)
    return learns
      ? StepWorkload(
        prompts: prompts, rollouts: group - taught, traces: taught, promptTokens: promptTokens,
        responseTokens: maxNewTokens)
      : StepWorkload(
        prompts: examples, rollouts: 0, traces: 1, promptTokens: promptTokens,
        responseTokens: maxNewTokens)
  }
}
