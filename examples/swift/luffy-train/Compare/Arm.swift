import LuffyObjective

/// One way to train that a comparison runs: stages that share its budget of tokens.
struct Arm: Sendable {
  enum Training: Sendable {
    /// Supervised steps on the traces of the training problems.
    case supervised
    /// Groups of own rollouts and `traces` traces, under an objective.
    case reinforcement(ObjectiveOptions, traces: Int)
  }

  struct Stage: Sendable {
    var name: String
    var training: Training
    /// Of the arm's budget; an arm's shares add up to 1.
    var share: Double
  }

  /// The name in files and options.
  var name: String
  /// The name in text.
  var title: String
  var stages: [Stage]

  /// Every arm, in the order in which they are run and drawn. `length` is the longest response in tokens.
  static func all(length: Int) -> [Arm] {
    let onPolicy = ObjectiveOptions.onPolicy(fixedLength: length)
    var withoutBonus = onPolicy
    withoutBonus.entropyCoefficient = 0
    return [
      reinforcement("luffy", "LUFFY", .luffy(fixedLength: length), traces: 1),
      reinforcement(
        "mixed_policy", "mixed policy, no shaping", .mixedPolicy(fixedLength: length), traces: 1),
      reinforcement("on_policy", "on-policy GRPO", onPolicy, traces: 0),
      reinforcement(
        "on_policy_no_bonus", "on-policy, no entropy bonus", withoutBonus, traces: 0),
      Arm(
        name: "sft", title: "SFT",
        stages: [Stage(name: "sft", training: .supervised, share: 1)]),
      Arm(
        name: "sft_rl", title: "SFT → RL",
        stages: [
          Stage(name: "sft", training: .supervised, share: 0.5),
          Stage(name: "on_policy", training: .reinforcement(onPolicy, traces: 0), share: 0.5),
        ]),
      reinforcement(
        "rl_with_sft_loss", "RL with SFT loss", .rlWithSFTLoss(fixedLength: length), traces: 1),
    ]
  }

  private static func reinforcement(
    _ name: String, _ title: String, _ objective: ObjectiveOptions, traces: Int
  ) -> Arm {
    Arm(
      name: name, title: title,
      stages: [Stage(name: name, training: .reinforcement(objective, traces: traces), share: 1)])
  }
}
