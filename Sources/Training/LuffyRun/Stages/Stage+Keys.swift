import LuffyOptions
import LuffyTrainer

extension Stage {
  /// Every key that a stage of a configuration file may have.
  package static let keys: [ConfigurationKey<Stage>] = [
    .init("kind", \.kind, "What a step is: warmup, sft, rl, interleaved"),
    .init("name", \.name, "The stage's name in the metrics"),
    .init("steps", \.steps, "Steps of the stage, supervised ones included", in: .counts),
    .init("objective", \.objective, "Objective of reinforcement learning"),
    .init("objective_options", \.objectiveOptions, "A map over the objective's own options"),
    .init("lr", \.lr, "Peak learning rate"),
    .init("sft_lr", \.sftLr, "Learning rate of supervised steps between others"),
    .init("lr_schedule", \.lrSchedule, "How the learning rate goes: constant, linear, cosine"),
    .init(
      "lr_warmup", \.lrWarmup, "Updates in which the rate rises to its peak", in: .countsFromZero),
    .init(
      "minimum_lr_factor", \.minimumLrFactor,
      "Part of the peak rate at which a falling schedule ends"),
    .init("weight_decay", \.weightDecay, "AdamW's decoupled weight decay"),
    .init("max_grad_norm", \.maxGradNorm, "Bound on the gradient's norm; null: none"),
    .init(
      "updates_per_step", \.updatesPerStep, "Optimiser updates of each step", in: 1...1 << 20),
    .init(
      "micro_batch_tokens", \.microBatchTokens, "Tokens that run at once at most", in: .counts),
    .init("prompts", \.prompts, "Prompts of each step", in: .sizes),
    .init("group", \.group, "Rollouts and traces of a prompt", in: .sizes),
    .init("traces", \.traces, "Traces among them", in: 0...1 << 24),
    .init("max_new_tokens", \.maxNewTokens, "Longest response in tokens", in: .sizes),
    .init("temperature", \.temperature, "Sampling temperature"),
    .init("examples", \.examples, "Problems of a supervised step", in: .sizes),
    .init(
      "sft_every", \.sftEvery, "Interleaved: each n-th step is supervised", in: 2...Int(Int32.max)),
    .init(
      "entropy_band", \.entropyBand, "Nats that entropy may rise above its start before a warning"),
  ]

  /// The keys that mean something to a kind.
  package static func keys(of kind: Kind) -> [ConfigurationKey<Stage>] {
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
  package mutating func set(_ name: String, _ value: ConfigurationValue, in place: String) throws {
    try Self.keys(of: kind).set(
      name, value, of: &self, what: "key of a stage \(kind.rawValue)", in: place)
  }

  /// Every key of its kind with its value.
  package var configurationValue: ConfigurationValue {
    .map(Self.keys(of: kind).map { .init(key: $0.name, value: $0.value(of: self)) })
  }

  /// Checks what keys say together, and ranges of numbers that are not whole. The trainer's options are checked as it
  /// checks them; the sampler checks its own again.
  package func validate(in place: String) throws {
    if traces > group {
      throw ConfigurationError("\(place)traces: expected 0 to group (\(group)), found \(traces)")
    }
    if learns && updatesPerStep > prompts {
      throw ConfigurationError(
        "\(place)updates_per_step: \(updatesPerStep) are more than the prompts of a step (\(prompts)): an "
          + "update needs at least one")
    }
    for (name, rate) in [("lr", lr), ("sft_lr", sftLr)] where rate < 0 {
      throw ConfigurationError("\(place)\(name): expected 0 or more, found \(rate)")
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
    do { try trainerOptions.validate() } catch {
      throw ConfigurationError("\(place)\(error)")
    }
    _ = try StageObjective(self, in: place)
  }
}
