import LuffyOptions

extension RunConfiguration {
  /// Keys of the run itself, in the order in which they are written. `stages` is beside them.
  package static let runKeys: [ConfigurationKey<RunConfiguration>] = [
    .init("format", \.format, "What the values mean: 3 today, 1 for a directory without it"),
    .init("output", \.output, "The directory where everything goes"),
    .init("seed", \.seed, "Seed of the model, the data and the rollouts"),
    .init(
      "threads", \.threads, "0 is all cores. The result does not depend on it", in: 0...1024),
    .init("dtype", \.dtype, "Number type of matrix products: float32, bfloat16"),
    .init(
      "allow_long_sequences", \.allowLongSequences,
      "Run sequences of more tokens than max_position_embeddings, which are refused otherwise"),
    .init(
      "model", \.model,
      "A Hugging Face directory or .gguf file; none: a small model made from the seed"),
    .init("reference", \.reference, "The reference model of KL terms, given as model is"),
    .init("tokenizer", \.tokenizer, "The tokenizer, where the model's path does not hold it"),
    .init(
      "data", \.data, "JSON Lines of {problem, answer, solution}; none: the built-in arithmetic"),
    .init(
      "eval_data", \.evalData,
      "Held-out problems, a file as data; none: every tenth problem of data"),
    .init(
      "template", \.template,
      "Prompt template of a data file: model (its own), raw, chatml, llama3, luffy"),
    .init("system", \.system, "System text of the template"),
    .init(
      "answer_form", \.answerForm,
      "What of a response to a data file is rewarded: anchored (a box or \"answer is …\"), boxed, anywhere"
    ),
    .init(
      "caller_rewards", \.callerRewards,
      "The program that drives the run sets rewards of its own; luffy-train cannot"),
    .init("held_out", \.heldOut, "Held-out problems of an evaluation", in: .sizes),
    .init(
      "eval_every", \.evalEvery, "Steps from one evaluation to the next; 0: none between",
      in: .countsFromZero),
    .init(
      "checkpoint_every", \.checkpointEvery,
      "Steps from one checkpoint to the next; 0: on a signal only", in: .countsFromZero),
    .init("keep_last", \.keepLast, "Checkpoints that stay, beside the best", in: .counts),
    .init(
      "allow_cut_traces", \.allowCutTraces,
      "Cut traces at the longest response; without it a longer one is an error"),
    .init(
      "stop_on_entropy", \.stopOnEntropy,
      "End the run with a checkpoint where entropy rises above its band"),
  ]

  /// What `stages` means: the one key that is neither a run's value nor a stage's.
  package static let stagesHelp =
    "Stages in order: sft, rl, interleaved, warmup (the task's own, comes first unless named)"

  /// A key of the run that stages take over: for which kinds, and under which name.
  package struct StageKey: Sendable {
    package let key: ConfigurationKey<StageDefaults>
    let kinds: Set<Stage.Kind>
    let name: String

    init<Value: ConfigurationScalar>(
      _ name: String, _ path: WritableKeyPath<StageDefaults, Value> & Sendable, _ help: String,
      _ kinds: Set<Stage.Kind>, as stageName: String? = nil, in range: ClosedRange<Int>? = nil
    ) {
      key = .init(name, path, help, in: range)
      self.kinds = kinds
      self.name = stageName ?? name
    }
  }

  package static let stageKeys: [StageKey] = [
    .init(
      "warmup_steps", \.warmupSteps,
      "Supervised steps that make the base model; none: as the task wants",
      [.warmup], as: "steps", in: .counts),
    .init("warmup_lr", \.warmupLr, "Learning rate of the warm-up", [.warmup], as: "lr"),
    .init("sft_steps", \.sftSteps, "Steps of a stage sft", [.sft], as: "steps", in: .counts),
    .init("sft_lr", \.sftLr, "Learning rate of supervised steps", [.sft], as: "lr"),
    .init("sft_lr", \.sftLr, "Learning rate of supervised steps", [.interleaved]),
    .init(
      "sft_examples", \.sftExamples, "Problems of a supervised step", [.sft, .interleaved],
      as: "examples", in: .sizes),
    .init(
      "sft_every", \.sftEvery, "Interleaved: each n-th step is supervised", [.interleaved],
      in: 2...Int(Int32.max)),
    .init("steps", \.steps, "Steps of reinforcement learning", learning, in: .counts),
    .init("lr", \.lr, "Learning rate of reinforcement learning", learning),
    .init("objective", \.objective, "Objective of reinforcement learning", learning),
    .init(
      "objective_options", \.objectiveOptions,
      "A map over the objective's own options: {entropy_coefficient: 0}", learning),
    .init("prompts", \.prompts, "Prompts of each step", learning, in: .sizes),
    .init("group", \.group, "Rollouts and traces of a prompt", learning, in: .sizes),
    .init("traces", \.traces, "Traces among them", learning, in: 0...1 << 24),
    .init("temperature", \.temperature, "Sampling temperature", learning),
    .init(
      "max_new_tokens", \.maxNewTokens, "Longest response in tokens", [.sft, .rl, .interleaved],
      in: .sizes),
    .init("max_grad_norm", \.maxGradNorm, "Bound on the gradient's norm; null: none", all),
    .init(
      "updates_per_step", \.updatesPerStep, "Optimiser updates of each step", all, in: 1...1 << 20),
    .init(
      "micro_batch_tokens", \.microBatchTokens, "Tokens that run at once at most", all, in: .counts),
    .init(
      "entropy_band", \.entropyBand, "Nats that entropy may rise above its start before a warning",
      learning),
  ]
  private static let learning: Set<Stage.Kind> = [.rl, .interleaved]
  private static let all = Set(Stage.Kind.allCases)

  package static let names =
    runKeys.map(\.name) + ["stages"]
    + stageKeys.map(\.key.name).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }

  /// Sets one key of any kind; `place` begins the message of an error.
  package mutating func set(_ name: String, _ value: ConfigurationValue, in place: String) throws {
    given.insert(name)
    if name == "stages" {
      stages = try StageRequest.list(value, in: "\(place)stages: ")
    } else if let key = Self.runKeys.first(where: { $0.name == name }) {
      try key.set(&self, value, in: place)
    } else if let key = Self.stageKeys.first(where: { $0.key.name == name }) {
      try key.key.set(&stageDefaults, value, in: place)
    } else {
      throw ConfigurationError.unknown(name, "key", among: Self.names, in: place)
    }
  }

  /// Sets every key of a map.
  package mutating func set(_ value: ConfigurationValue, in place: String) throws {
    guard case .map(let members) = value else {
      if value == .null { return }  // an empty file
      throw ConfigurationError("\(place)expected keys and values, found \(value.description)")
    }
    for member in members { try set(member.key, member.value, in: place) }
  }

  /// What a key means.
  package static func help(_ name: String) -> String? {
    name == "stages"
      ? stagesHelp
      : runKeys.first { $0.name == name }?.help ?? stageKeys.first { $0.key.name == name }?.key.help
  }

  /// What a key is where nobody gives it; nil for `stages`.
  package static func defaultValue(_ name: String) -> ConfigurationValue? {
    let configuration = RunConfiguration()
    return runKeys.first { $0.name == name }?.value(of: configuration)
      ?? stageKeys.first { $0.key.name == name }?.key.value(of: configuration.stageDefaults)
  }

  /// Every key with its value; `stages` as they will run.
  package func configurationValue() throws -> ConfigurationValue {
    var members = Self.runKeys.map {
      ConfigurationValue.Member(key: $0.name, value: $0.value(of: self))
    }
    var seen: Set<String> = []
    for key in Self.stageKeys where seen.insert(key.key.name).inserted {
      members.append(.init(key: key.key.name, value: key.key.value(of: stageDefaults)))
    }
    let stages = try resolvedStages().map(\.configurationValue)
    return .map(members + [.init(key: "stages", value: .list(stages))])
  }
}

extension StageRequest {
  /// A list of kinds, or of maps with a `kind`.
  package static func list(_ value: ConfigurationValue, in place: String) throws -> [StageRequest] {
    guard case .list(let items) = value, !items.isEmpty else {
      throw ConfigurationError("\(place)expected a list of stages, found \(value.description)")
    }
    return try items.enumerated().map { try one($1, in: "\(place)\($0 + 1): ") }
  }

  private static func one(_ value: ConfigurationValue, in place: String) throws -> StageRequest {
    switch value {
    case .string(let text): return StageRequest(kind: try kind(text, in: place))
    case .map(let members):
      guard case .string(let text)? = members.first(where: { $0.key == "kind" })?.value else {
        throw ConfigurationError("\(place)kind: expected \(Stage.Kind.expected)")
      }
      let request = StageRequest(
        kind: try kind(text, in: place), settings: members.filter { $0.key != "kind" })
      var stage = Stage(request.kind)
      for member in request.settings { try stage.set(member.key, member.value, in: place) }
      return request
    default:
      throw ConfigurationError(
        "\(place)expected a stage's kind or a map with one, found \(value.description)")
    }
  }

  private static func kind(_ text: String, in place: String) throws -> Stage.Kind {
    if let kind = Stage.Kind(rawValue: text) { return kind }
    throw ConfigurationError.unknown(
      text, "kind of stage", among: Stage.Kind.allCases.map(\.rawValue), in: place)
  }
}
