import LuffyJSON
import LuffyOptions
import LuffyRecords

/// The options of a comparison; `compare.json` holds them as they were.
package struct ComparisonSettings: Sendable {
  package var output = "runs/compare"
  package var threads = 0
  package var quick = false
  package var seeds: Int?
  package var arms: String?
  package var budget: Int?
  package var points: Int?
  package var warmupSteps: Int?
  package var pool = 4096
  package var heldOut: Int?
  package var prompts = 16
  package var group = 8
  package var batch = 64
  package var lr = 5e-4
  package var sftLr = 1e-3
  package var afterSFTLr = 1e-4
  package var warmupLr = 2e-3
  package var temperature = 0.6
  package var maxNewTokens = 40

  package init() {}

  /// Every key, in the order in which they are told.
  package static let keys: [ConfigurationKey<ComparisonSettings>] = [
    .init("output", \.output, "Where figures, samples and summaries go"),
    .init(
      "seeds", \.seeds, "Seeds of the model, the data and the rollouts; none: 5, quick 3",
      in: 2...1024),
    .init("arms", \.arms, "The arms, separated by commas; none: all"),
    .init("quick", \.quick, "A smaller comparison: at most ten minutes on two cores"),
    .init(
      "threads", \.threads, "0 is all cores. The result does not depend on it", in: 0...1024),
    .init(
      "budget", \.budget,
      "Tokens that each arm may spend, trained on and sampled; none: 3000000, quick 500000",
      in: 1...1 << 53),
    .init(
      "points", \.points, "Measurements after the base's; none: 12, quick 6", in: 1...65_536),
    .init(
      "warmup_steps", \.warmupSteps,
      "Supervised steps of the warm-up to the base; none: 1200, quick 600",
      in: .countsFromZero),
    .init("pool", \.pool, "Problems to train on", in: .sizes),
    .init(
      "held_out", \.heldOut, "Held-out problems, and as many longer ones; none: 128, quick 64",
      in: 2...1 << 24),
    .init("prompts", \.prompts, "Prompts of each step of reinforcement learning", in: .sizes),
    .init("group", \.group, "Rollouts and traces of a prompt", in: 2...1 << 24),
    .init("batch", \.batch, "Traces of a supervised step", in: .sizes),
    .init("lr", \.lr, "Learning rate of reinforcement learning"),
    .init(
      "sft_lr", \.sftLr, "Peak learning rate of supervised stages; it falls to a twentieth"),
    .init(
      "after_sft_lr", \.afterSFTLr,
      "Learning rate of reinforcement learning after a supervised stage"),
    .init("warmup_lr", \.warmupLr, "Learning rate of the warm-up"),
    .init("temperature", \.temperature, "Temperature of pass@k"),
    .init(
      "max_new_tokens", \.maxNewTokens,
      "Longest response in tokens, of longer problems too unless they need more", in: 1...128),
  ]

  package var seedCount: Int { seeds ?? (quick ? 3 : 5) }
  package var tokenBudget: Int { budget ?? (quick ? 500_000 : 3_000_000) }
  var baseSteps: Int { warmupSteps ?? (quick ? 600 : 1200) }
  package var pointCount: Int { points ?? (quick ? 6 : 12) }
  var heldOutCount: Int { heldOut ?? (quick ? 64 : 128) }
  /// A chain of 6 numbers takes 45 tokens at most.
  var longerMaxNewTokens: Int { max(64, maxNewTokens) }

  package func chosenArms() throws -> [Arm] {
    let all = Arm.all(
      Arm.Settings(
        prompts: prompts, group: group, examples: batch, lr: lr, sftLr: sftLr,
        afterSFTLr: afterSFTLr, maxNewTokens: maxNewTokens))
    guard let arms else { return all }
    return try arms.split(separator: ",").map { name in
      guard let arm = all.first(where: { $0.name == name }) else {
        throw ConfigurationError.unknown(String(name), "arm", among: all.map(\.name), in: "arms: ")
      }
      return arm
    }
  }

  /// As stored.
  func stored(_ arms: [Arm]) -> ConfigurationValue {
    var value = self
    (value.seeds, value.budget, value.points) = (seedCount, tokenBudget, pointCount)
    (value.warmupSteps, value.heldOut) = (baseSteps, heldOutCount)
    let hidden: Set = ["output", "threads", "arms"]
    let members = Self.keys.filter { !hidden.contains($0.name) }.map {
      ConfigurationValue.Member(key: $0.name, value: $0.value(of: value))
    }
    return .map(
      members + [
        .init(key: "arms", value: .list(arms.map { .string($0.name) })),
        .init(key: "longer_max_new_tokens", value: .int(longerMaxNewTokens)),
        .init(
          key: "task", value: .string("chained-addition: 3 and 4 numbers; longer: 5 and 6")),
      ])
  }
}
