import ArgumentParser
import Foundation

/// The options of a comparison; `compare.json` holds them as they were.
struct CompareSettings: ParsableArguments {
  @Option(help: "Where figures, samples and summaries go.") var output = "runs/compare"
  @Option(help: "Seeds: of the model, the data and the rollouts. At least 2. Default 5, quick 3.")
  var seeds: Int?
  @Option(help: "The arms, separated by commas. Default: all.") var arms: String?
  @Flag(help: "A smaller comparison: at most ten minutes on two cores.") var quick = false
  @Option(help: "Threads; 0 is all cores. The result does not depend on it.") var threads = 0
  @Option(
    help: "Tokens an arm may spend, trained on and sampled. Default 3000000, quick 500000.")
  var budget: Int?
  @Option(help: "Measurements after the base's. Default 12, quick 6.") var points: Int?
  @Option(help: "Supervised steps of the warm-up to the base. Default 1200, quick 600.")
  var warmupSteps: Int?
  @Option(help: "Problems to train on.") var pool = 4096
  @Option(help: "Held-out problems, and as many longer ones. Default 128, quick 64.")
  var heldOut: Int?
  @Option(help: "Prompts of a reinforcement-learning step.") var prompts = 16
  @Option(help: "Rollouts and traces of a prompt.") var group = 8
  @Option(help: "Traces of a supervised step.") var batch = 64
  @Option(help: "Learning rate of reinforcement learning.") var lr = 5e-4
  @Option(help: "Peak learning rate of supervised stages; it falls to a twentieth.") var sftLr =
    1e-3
  @Option(help: "Learning rate of reinforcement learning after a supervised stage.")
  var afterSftLr = 1e-4
  @Option(help: "Learning rate of the warm-up.") var warmupLr = 2e-3
  @Option(help: "Temperature of pass@k.") var temperature: Float = 0.6
  @Option(help: "Longest response in tokens, of longer problems too unless they need more.")
  var maxNewTokens = 40

  var seedCount: Int { seeds ?? (quick ? 3 : 5) }
  var tokenBudget: Int { budget ?? (quick ? 500_000 : 3_000_000) }
  var baseSteps: Int { warmupSteps ?? (quick ? 600 : 1200) }
  var pointCount: Int { points ?? (quick ? 6 : 12) }
  var heldOutCount: Int { heldOut ?? (quick ? 64 : 128) }
  /// A chain of 6 numbers takes 45 tokens at most.
  var longerMaxNewTokens: Int { max(64, maxNewTokens) }

  func validate() throws {
    let most = 1 << 24
    try WholeNumber.check([
      ("seeds", seedCount, 2...1024), ("budget", tokenBudget, 1...1 << 53),
      ("points", pointCount, 1...65_536), ("pool", pool, 1...most),
      ("held-out", heldOutCount, 2...most), ("prompts", prompts, 1...most),
      ("group", group, 2...most), ("batch", batch, 1...most),
      ("max-new-tokens", maxNewTokens, 1...128), ("warmup-steps", baseSteps, 0...Int(Int32.max)),
      ("threads", threads, 0...1024),
    ])
    _ = try chosenArms()
  }

  func chosenArms() throws -> [Arm] {
    let all = Arm.all(
      Arm.Settings(
        prompts: prompts, group: group, examples: batch, lr: lr, sftLr: sftLr,
        afterSFTLr: afterSftLr,
        maxNewTokens: maxNewTokens))
    guard let arms else { return all }
    return try arms.split(separator: ",").map { name in
      guard let arm = all.first(where: { $0.name == name }) else {
        throw ValidationError(
          "--arms: there is no \(name); there are \(all.map(\.name).joined(separator: ", "))")
      }
      return arm
    }
  }

  /// As stored.
  var resolved: [String: Any] {
    [
      "seeds": seedCount, "quick": quick, "budget": tokenBudget, "points": pointCount,
      "warmup_steps": baseSteps, "pool": pool, "held_out": heldOutCount, "prompts": prompts,
      "group": group, "batch": batch, "lr": lr, "sft_lr": sftLr, "after_sft_lr": afterSftLr,
      "warmup_lr": warmupLr,
      "temperature": Double(temperature), "max_new_tokens": maxNewTokens,
      "longer_max_new_tokens": longerMaxNewTokens,
      "arms": ((try? chosenArms()) ?? []).map(\.name),
      "task": "chained-addition: 3 and 4 numbers; longer: 5 and 6",
    ]
  }
}
