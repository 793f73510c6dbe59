import LuffyOptions

/// One way to train that a comparison runs: stages that share its budget of tokens.
package struct Arm: Sendable {
  package struct Part: Sendable {
    var stage: Stage
    /// Of the arm's budget; an arm's shares add up to 1.
    var share: Double
  }

  /// The name in files and options.
  package var name: String
  /// The name in text.
  package var title: String
  package var parts: [Part]

  /// What the arms have in common.
  package struct Settings: Sendable {
    var prompts = 16
    var group = 8
    var examples = 64
    var lr = 5e-4
    var sftLr = 1e-3
    /// Of the reinforcement learning that follows a supervised stage.
    var afterSFTLr = 1e-4
    var maxNewTokens = 48
  }

  /// Every arm, in the order in which they are run and drawn.
  package static func all(_ settings: Settings = Settings()) -> [Arm] {
    let supervised = settings.supervised
    let onPolicy = settings.reinforcement("on_policy")
    var afterSFT = onPolicy
    afterSFT.lr = settings.afterSFTLr
    var withoutBonus = onPolicy
    withoutBonus.objectiveOptions = .map([
      ConfigurationValue.Member(key: "entropy_coefficient", value: .int(0))
    ])
    func arm(_ name: String, _ title: String, _ stages: [Stage]) -> Arm {
      let share = 1 / Double(stages.count)
      return Arm(name: name, title: title, parts: stages.map { Part(stage: $0, share: share) })
    }
    return [
      arm("luffy", "LUFFY", [settings.reinforcement("luffy")]),
      arm("mixed_policy", "mixed policy, no shaping", [settings.reinforcement("mixed_policy")]),
      arm("on_policy", "on-policy GRPO", [onPolicy]),
      arm("on_policy_no_bonus", "on-policy, no entropy bonus", [withoutBonus]),
      arm("sft", "SFT", [supervised]),
      arm("sft_rl", "SFT → RL", [supervised, afterSFT]),
      arm("rl_with_sft_loss", "RL with SFT loss", [settings.reinforcement("rl_with_sft_loss")]),
    ]
  }
}

extension Arm.Settings {
  /// The budget ends a stage, not its steps.
  private static let endless = 1 << 24

  /// Steps and so the schedule's length are set when the budget is known.
  fileprivate var supervised: Stage {
    var stage = Stage(.sft)
    stage.lr = sftLr
    stage.examples = examples
    stage.maxNewTokens = maxNewTokens
    return stage
  }

  fileprivate func reinforcement(_ objective: String) -> Stage {
    var stage = Stage(.rl)
    stage.objective = objective
    stage.steps = Self.endless
    stage.lr = lr
    stage.prompts = prompts
    stage.group = group
    stage.maxNewTokens = maxNewTokens
    // The scales at which the figures of docs/comparison.md were taken.
    stage.usesTokenMeans = true
    return stage
  }
}

extension [Arm] {
  /// By name.
  package var titles: [String: String] {
    Dictionary(uniqueKeysWithValues: map { ($0.name, $0.title) })
  }
}
