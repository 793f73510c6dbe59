/// The arms of the LUFFY paper. `fixedLength` is L, the longest allowed response; nil: the trainer's longest so far, or
/// the update's longest where an objective is evaluated alone. The paper's is 8192.
///
/// What stands beside the policy gradient is relative to it: the same denominators, and the balance of the published
/// run whatever the lengths and the batch (`PublishedBalance`).
extension ObjectiveOptions {
  /// LUFFY as published: traces enter through p/(p+γ) with π_φ = 1, the baseline is the mean over
  /// rollouts and traces, no std, no clip, no KL, an entropy bonus; Σ ℓ/(rows · L).
  public static func luffy(fixedLength: Int? = nil, gamma: Double = 0.1) -> ObjectiveOptions {
    var options = ObjectiveOptions()
    options.offShaping = .saturating(gamma: gamma)
    options.aggregation = .fixedLength(fixedLength)
    options.entropyBonus = .relative(PublishedBalance.relativeEntropy)
    return options
  }

  /// LUFFY with an entropy bonus on the mean over tokens, whatever the policy gradient is divided by: what the
  /// options are without a preset.
  public static func plain(fixedLength: Int = 8192) -> ObjectiveOptions {
    var options = ObjectiveOptions()
    options.aggregation = .fixedLength(fixedLength)
    return options
  }

  /// LUFFY at the reference code's scale: Σ ℓ/L per worker, averaged over workers, and an entropy
  /// bonus a micro-batch. With 8 workers and 512 rows the policy gradient is 64 times that of
  /// `plain`; the bonus is `microBatches` times. An update without a signal moves the model, as there.
  public static func reference(
    fixedLength: Int = 8192, workers: Int = 1, microBatches: Int = 1
  ) -> ObjectiveOptions {
    var options = ObjectiveOptions()
    options.aggregation = .fixedLengthSum(fixedLength)
    options.skipsWithoutSignal = false
    options.policyScale = 1 / Double(max(1, workers))
    options.entropyCoefficient *= Double(microBatches)
    return options
  }

  /// GRPO on the policy's own rollouts, PPO clip 0.2; traces are unused.
  public static func onPolicy(fixedLength: Int? = nil) -> ObjectiveOptions {
    var options = luffy(fixedLength: fixedLength)
    options.baseline = .onPolicy
    options.clipLow = 0.2
    options.clipHigh = 0.2
    options.traces = .unused
    return options
  }

  /// Mixed-policy GRPO (§3.2): LUFFY without shaping.
  public static func mixedPolicy(fixedLength: Int? = nil) -> ObjectiveOptions {
    var options = luffy(fixedLength: fixedLength)
    options.offShaping = .none
    return options
  }

  /// Supervised fine-tuning: the exact mean of −log π_θ over all trace tokens of the update.
  public static func sft() -> ObjectiveOptions {
    var options = ObjectiveOptions()
    options.usesRollouts = false
    options.traces = .likelihood(coefficient: 1)
    options.baseline = .none
    options.entropyCoefficient = 0
    return options
  }

  /// RL with SFT loss: unclipped GRPO on rollouts, and on traces `coefficient` times what the published run's
  /// likelihood weighs beside it.
  public static func rlWithSFTLoss(
    fixedLength: Int? = nil, coefficient: Double = 1
  ) -> ObjectiveOptions {
    var options = luffy(fixedLength: fixedLength)
    options.baseline = .onPolicy
    options.traces = .relativeLikelihood(
      coefficient: coefficient * PublishedBalance.relativeLikelihood)
    return options
  }
}

extension Objective {
  /// See `ObjectiveOptions.luffy`.
  public static func luffy(fixedLength: Int? = nil, gamma: Double = 0.1) -> Objective {
    ObjectiveOptions.luffy(fixedLength: fixedLength, gamma: gamma).objective
  }

  /// See `ObjectiveOptions.reference`.
  public static func reference(
    fixedLength: Int = 8192, workers: Int = 1, microBatches: Int = 1
  ) -> Objective {
    ObjectiveOptions.reference(
      fixedLength: fixedLength, workers: workers, microBatches: microBatches
    ).objective
  }

  /// See `ObjectiveOptions.onPolicy`.
  public static func onPolicy(fixedLength: Int? = nil) -> Objective {
    ObjectiveOptions.onPolicy(fixedLength: fixedLength).objective
  }

  /// See `ObjectiveOptions.mixedPolicy`.
  public static func mixedPolicy(fixedLength: Int? = nil) -> Objective {
    ObjectiveOptions.mixedPolicy(fixedLength: fixedLength).objective
  }

  /// See `ObjectiveOptions.sft`.
  public static func sft() -> Objective { ObjectiveOptions.sft().objective }

  /// See `ObjectiveOptions.rlWithSFTLoss`.
  public static func rlWithSFTLoss(
    fixedLength: Int? = nil, coefficient: Double = 1
  ) -> Objective {
    ObjectiveOptions.rlWithSFTLoss(fixedLength: fixedLength, coefficient: coefficient).objective
  }
}
