extension RunConfiguration {
  /// Keys of the run itself, in the order in which they are written. `stages` is beside them.
  static let runKeys: [ConfigurationKey<RunConfiguration>] = [
    .init("format", \.format), .init("output", \.output), .init("seed", \.seed),
    .init("threads", \.threads, in: 0...1024),
    .init("dtype", \.dtype), .init("allow_long_sequences", \.allowLongSequences),
    .init("model", \.model), .init("reference", \.reference),
    .init("tokenizer", \.tokenizer),
    .init("data", \.data), .init("template", \.template), .init("system", \.system),
    .init("answer_form", \.answerForm),
    .init("held_out", \.heldOut, in: .sizes),
    .init("eval_every", \.evalEvery, in: .countsFromZero),
    .init("checkpoint_every", \.checkpointEvery, in: .countsFromZero),
    .init("keep_last", \.keepLast, in: .counts),
    .init("allow_cut_traces", \.allowCutTraces), .init("stop_on_entropy", \.stopOnEntropy),
  ]

  /// A key of the run that stages take over: for which kinds, and under which name.
  struct StageKey: Sendable {
    let key: ConfigurationKey<StageDefaults>
    let kinds: Set<Stage.Kind>
    let name: String

    init<Value: ConfigurationScalar>(
      _ name: String, _ path: WritableKeyPath<StageDefaults, Value> & Sendable,
      _ kinds: Set<Stage.Kind>, as stageName: String? = nil, in range: ClosedRange<Int>? = nil
    ) {
      key = .init(name, path, in: range)
      self.kinds = kinds
      self.name = stageName ?? name
    }
  }

  static let stageKeys: [StageKey] = [
    .init("warmup_steps", \.warmupSteps, [.warmup], as: "steps", in: .counts),
    .init("warmup_lr", \.warmupLr, [.warmup], as: "lr"),
    .init("sft_steps", \.sftSteps, [.sft], as: "steps", in: .counts),
    .init("sft_lr", \.sftLr, [.sft], as: "lr"),
    .init("sft_lr", \.sftLr, [.interleaved]),
    .init("sft_examples", \.sftExamples, [.sft, .interleaved], as: "examples", in: .sizes),
    .init("sft_every", \.sftEvery, [.interleaved], in: 2...Int(Int32.max)),
    .init("steps", \.steps, learning, in: .counts), .init("lr", \.lr, learning),
    .init("objective", \.objective, learning),
    .init("objective_options", \.objectiveOptions, learning),
    .init("prompts", \.prompts, learning, in: .sizes),
    .init("group", \.group, learning, in: .sizes),
    .init("traces", \.traces, learning, in: 0...1 << 24),
    .init("temperature", \.temperature, learning),
    .init("max_new_tokens", \.maxNewTokens, [.sft, .rl, .interleaved], in: .sizes),
    .init("max_grad_norm", \.maxGradNorm, all),
    .init("updates_per_step", \.updatesPerStep, all, in: 1...1 << 20),
    .init("micro_batch_tokens", \.microBatchTokens, all, in: .counts),
    .init("entropy_band", \.entropyBand, learning),
  ]
  private static let learning: Set<Stage.Kind> = [.rl, .interleaved]
  private static let all = Set(Stage.Kind.allCases)

  static let names =
    runKeys.map(\.name) + ["stages"]
    + stageKeys.map(\.key.name).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }

  /// Sets one key of any kind; `place` begins the message of an error.
  mutating func set(_ name: String, _ value: ConfigurationValue, in place: String) throws {
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
  mutating func set(_ value: ConfigurationValue, in place: String) throws {
    guard case .map(let members) = value else {
      if value == .null { return }  // an empty file
      throw ConfigurationError("\(place)expected keys and values, found \(value.description)")
    }
    for member in members { try set(member.key, member.value, in: place) }
  }

  /// Every key with its value; `stages` as they will run.
  func configurationValue() throws -> ConfigurationValue {
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
  static func list(_ value: ConfigurationValue, in place: String) throws -> [StageRequest] {
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
