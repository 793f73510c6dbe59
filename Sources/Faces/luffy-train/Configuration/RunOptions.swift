import ArgumentParser

/// Every key of a run as a flag. A flag that is not given leaves the key as the file or the default has it.
struct RunOptions: ParsableArguments {
  @Option(help: note("Where everything goes", \.output)) var output: String?
  @Option(help: note("Seed of the model, the data and the rollouts", \.seed)) var seed: UInt64?
  @Option(help: note("0 is all cores. The result does not depend on it", \.threads))
  var threads: Int?
  @Option(
    help:
      "Of matrix products: float32, bfloat16. (default: float32; with --model what the machine is best at)"
  )
  var dtype: String?
  @Flag(help: "Run sequences of more tokens than max_position_embeddings; refused otherwise.")
  var allowLongSequences = false

  @Option(
    help: "A Hugging Face directory or .gguf file; default: a small model made from the seed.")
  var model: String?
  @Option(help: "The reference model of KL terms, as --model.") var reference: String?
  @Option(help: "The tokenizer, where the model's path does not hold it.") var tokenizer: String?
  @Option(help: "JSON Lines of {problem, answer, solution}; default: the built-in arithmetic.")
  var data: String?
  @Option(help: note("Prompt template of a data file: raw, chatml, llama3, luffy", \.template))
  var template: String?
  @Option(help: "System text of the template.") var system: String?
  @Option(
    help: note(
      "What of a response to a data file is rewarded: anchored (a box or \"answer is …\"), boxed, anywhere",
      \.answerForm))
  var answerForm: String?

  @Option(
    help:
      "Stages in order: sft, rl, interleaved, warmup (the task's own, comes first unless named). (default: rl)"
  )
  var stages: String?
  @Option(help: note("Objective of reinforcement learning", \.stageDefaults.objective))
  var objective: String?
  @Option(
    help: "YAML map over the objective's own options: '{entropy_coefficient: 0}'.")
  var objectiveOptions: String?
  @Option(help: "Supervised steps that make the base model; default: as the task wants.")
  var warmupSteps: Int?
  @Option(help: note("Learning rate of the warm-up", \.stageDefaults.warmupLr))
  var warmupLr: Double?
  @Option(help: note("Steps of a stage sft", \.stageDefaults.sftSteps)) var sftSteps: Int?
  @Option(help: note("Learning rate of supervised steps", \.stageDefaults.sftLr, yours: "1e-5"))
  var sftLr: Double?
  @Option(help: note("Problems of a supervised step", \.stageDefaults.sftExamples, yours: "16"))
  var sftExamples: Int?
  @Option(help: note("Interleaved: each n-th step is supervised", \.stageDefaults.sftEvery))
  var sftEvery: Int?
  @Option(help: note("Steps of reinforcement learning", \.stageDefaults.steps)) var steps: Int?
  @Option(help: note("Learning rate of reinforcement learning", \.stageDefaults.lr, yours: "1e-6"))
  var lr: Double?
  @Option(help: note("Prompts of each step", \.stageDefaults.prompts, yours: "8")) var prompts: Int?
  @Option(help: note("Rollouts and traces of a prompt", \.stageDefaults.group)) var group: Int?
  @Option(help: note("Traces among them", \.stageDefaults.traces)) var traces: Int?
  @Option(
    help: note(
      "Longest response in tokens", \.stageDefaults.maxNewTokens, yours: "the longest trace"))
  var maxNewTokens: Int?
  @Option(help: note("Sampling temperature", \.stageDefaults.temperature))
  var temperature: Double?
  @Option(help: "Bound on the gradient's norm. (default: 1)") var maxGradNorm: Double?
  @Option(help: note("Optimiser updates a step", \.stageDefaults.updatesPerStep))
  var updatesPerStep: Int?
  @Option(
    help: note("Tokens that run at once at most", \.stageDefaults.microBatchTokens, yours: "640"))
  var microBatchTokens: Int?
  @Flag(help: "Cut traces at the longest response; without it a longer one is an error.")
  var allowCutTraces = false
  @Option(
    help: note(
      "Nats that entropy may rise above its start before a warning",
      \.stageDefaults.entropyBand))
  var entropyBand: Double?
  @Flag(inversion: .prefixedNo, help: "End the run with a checkpoint where entropy rises so far.")
  var stopOnEntropy: Bool?

  @Option(help: note("Held-out problems of an evaluation", \.heldOut, yours: "64"))
  var heldOut: Int?
  @Option(help: note("Steps from one evaluation to the next; 0: none between", \.evalEvery))
  var evalEvery: Int?
  @Option(
    help: note("Steps from one checkpoint to the next; 0: on a signal only", \.checkpointEvery))
  var checkpointEvery: Int?
  @Option(help: note("Checkpoints that stay, beside the best", \.keepLast)) var keepLast: Int?

  /// The flags that were given, by key.
  func given() throws -> [(key: String, value: ConfigurationValue)] {
    let texts: [(String, String?)] = [
      ("output", output), ("dtype", dtype), ("model", model), ("reference", reference),
      ("tokenizer", tokenizer),
      ("data", data), ("template", template), ("system", system), ("answer_form", answerForm),
      ("objective", objective),
    ]
    let integers: [(String, Int?)] = [
      ("threads", threads), ("warmup_steps", warmupSteps), ("sft_steps", sftSteps),
      ("sft_examples", sftExamples), ("sft_every", sftEvery), ("steps", steps),
      ("prompts", prompts), ("group", group), ("traces", traces),
      ("max_new_tokens", maxNewTokens), ("updates_per_step", updatesPerStep),
      ("micro_batch_tokens", microBatchTokens), ("held_out", heldOut), ("eval_every", evalEvery),
      ("checkpoint_every", checkpointEvery), ("keep_last", keepLast),
    ]
    let numbers: [(String, Double?)] = [
      ("warmup_lr", warmupLr), ("sft_lr", sftLr), ("lr", lr), ("temperature", temperature),
      ("max_grad_norm", maxGradNorm), ("entropy_band", entropyBand),
    ]
    var given: [(key: String, value: ConfigurationValue)] = []
    if let stages { given.append(("stages", try Self.stages(stages))) }
    if let objectiveOptions {
      let value = try ConfigurationFile.parse(objectiveOptions, in: "--objective-options: ")
      given.append(("objective_options", value))
    }
    if allowLongSequences { given.append(("allow_long_sequences", .bool(true))) }
    if allowCutTraces { given.append(("allow_cut_traces", .bool(true))) }
    if let stopOnEntropy { given.append(("stop_on_entropy", .bool(stopOnEntropy))) }
    if let seed { given.append(("seed", seed.configurationValue)) }
    given += texts.compactMap { key, value in value.map { (key, .string($0)) } }
    given += integers.compactMap { key, value in value.map { (key, .int($0)) } }
    given += numbers.compactMap { key, value in value.map { (key, .double($0)) } }
    return given
  }

  private static func stages(_ text: String) throws -> ConfigurationValue {
    try ConfigurationFile.parse("[\(text)]", in: "--stages: ")
  }
}

private func note<Value: ConfigurationScalar>(
  _ text: String, _ path: KeyPath<RunConfiguration, Value>, yours: String? = nil
) -> ArgumentHelp {
  let shown: String =
    switch RunConfiguration()[keyPath: path].configurationValue {
    case .string(let text): text
    case let value: value.description
    }
  let other = yours.map { "; with --model \($0)" } ?? ""
  return "\(text). (default: \(shown)\(other))"
}
