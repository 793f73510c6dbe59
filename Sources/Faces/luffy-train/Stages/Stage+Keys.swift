extension Stage {
  /// Every key that a stage of a configuration file may have.
  static let keys: [ConfigurationKey<Stage>] = [
    .init("kind", \.kind), .init("name", \.name), .init("steps", \.steps),
    .init("objective", \.objective), .init("objective_options", \.objectiveOptions),
    .init("lr", \.lr), .init("sft_lr", \.sftLr), .init("lr_schedule", \.lrSchedule),
    .init("lr_warmup", \.lrWarmup), .init("minimum_lr_factor", \.minimumLrFactor),
    .init("weight_decay", \.weightDecay), .init("max_grad_norm", \.maxGradNorm),
    .init("updates_per_step", \.updatesPerStep), .init("micro_batch_tokens", \.microBatchTokens),
    .init("prompts", \.prompts), .init("group", \.group), .init("traces", \.traces),
    .init("max_new_tokens", \.maxNewTokens), .init("temperature", \.temperature),
    .init("examples", \.examples), .init("sft_every", \.sftEvery),
    .init("entropy_band", \.entropyBand),
  ]

  /// The keys that mean something to a kind.
  static func keys(of kind: Kind) -> [ConfigurationKey<Stage>] {
    let foreign: Set<String> =
      switch kind {
      case .warmup: reinforcement.union(["sft_lr", "sft_every", "max_new_tokens"])
      case .sft: reinforcement.union(["sft_lr", "sft_every"])
      case .rl: ["sft_lr", "sft_every", "examples"]
      case .interleaved: []
      }
    return keys.filter { !foreign.contains($0.name) }
  }
  private static let reinforcement: Set<String> = [
    "objective", "objective_options", "prompts", "group", "traces", "temperature", "entropy_band",
  ]

  /// Sets one key; `place` begins the message of an error.
  mutating func set(_ name: String, _ value: ConfigurationValue, in place: String) throws {
    let keys = Self.keys(of: kind)
    guard let key = keys.first(where: { $0.name == name }) else {
      throw ConfigurationError.unknown(
        name, "key of a stage \(kind.rawValue)", among: keys.map(\.name), in: place)
    }
    try key.set(&self, value, in: place)
  }

  /// Every key of its kind with its value.
  var configurationValue: ConfigurationValue {
    .map(Self.keys(of: kind).map { .init(key: $0.name, value: $0.value(of: self)) })
  }

  /// Checks ranges; the trainer and the sampler check theirs again.
  func validate(in place: String) throws {
    for (name, value) in [
      ("steps", steps), ("prompts", prompts), ("group", group), ("max_new_tokens", maxNewTokens),
      ("examples", examples), ("updates_per_step", updatesPerStep),
      ("micro_batch_tokens", microBatchTokens),
    ] where value < 1 || value > 1 << 40 {
      throw ConfigurationError("\(place)\(name): expected at least 1, found \(value)")
    }
    if traces < 0 || traces > group {
      throw ConfigurationError("\(place)traces: expected 0 to group (\(group)), found \(traces)")
    }
    if sftEvery < 2 {
      throw ConfigurationError("\(place)sft_every: expected at least 2, found \(sftEvery)")
    }
    for (name, rate) in [("lr", lr), ("sft_lr", sftLr)] where rate < 0 {
      throw ConfigurationError("\(place)\(name): expected 0 or more, found \(rate)")
    }
    if let lrWarmup, lrWarmup < 0 {
      throw ConfigurationError("\(place)lr_warmup: expected 0 or more, found \(lrWarmup)")
    }
    if !(0...1).contains(minimumLrFactor) {
      throw ConfigurationError(
        "\(place)minimum_lr_factor: expected 0 to 1, found \(minimumLrFactor)")
    }
    if entropyBand <= 0 {
      throw ConfigurationError(
        "\(place)entropy_band: expected a positive number of nats, found \(entropyBand)")
    }
    if temperature <= 0 {
      throw ConfigurationError(
        "\(place)temperature: expected a positive number, found \(temperature)")
    }
    _ = try StageObjective(self, in: place)
  }
}
