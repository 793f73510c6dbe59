import LuffyModel
import LuffyObjective
import LuffyTrainer

/// Trains one copy of the base as an arm says, and measures it at equal distances of the budget.
///
/// The budget counts every token of the rows that updates run through the model, prompts included, and every token
/// that is sampled for them. A stage ends with the first step that reaches its share; so arms differ by at most one
/// step.
package final class ArmRun {
  package let arm: Arm
  package let seed: Int
  package let model: Model
  package let probe: Probe
  private var settings: ComparisonSettings { probe.settings }
  private(set) var measurements: [Measurement] = []

  private let samples: SampleWriter?
  private var step = 0
  private var trained = 0
  private var sampled = 0
  private var problems = 0
  /// The next point.
  private var point = 1
  /// Since the last point.
  private var rewards: [Double] = []
  private var measuringSeconds = 0.0
  private var peakBytes = 0.0

  package init(
    _ arm: Arm, seed: Int, model: Model, base: Measurement, probe: Probe, samples: SampleWriter?
  ) {
    self.arm = arm
    self.seed = seed
    self.model = model
    self.probe = probe
    self.samples = samples
    var first = base
    (first.arm, first.seed) = (arm.name, seed)
    measurements = [first]
  }

  /// `report` is called with every measurement, the base's first.
  package func run(
    isCancelled: @escaping () -> Bool = { false }, report: (Measurement) throws -> Void
  ) throws {
    for measurement in measurements { try report(measurement) }
    var share = 0.0
    for part in arm.parts {
      share += part.share
      let end = Int((share * Double(settings.tokenBudget)).rounded())
      try run(part.stage, until: end, isCancelled, report)
    }
  }

  private var spent: Int { trained + sampled }

  private func run(
    _ stage: Stage, until end: Int, _ isCancelled: @escaping () -> Bool,
    _ report: (Measurement) throws -> Void
  ) throws {
    if spent >= end { return }
    let runner = try StageRunner(
      model: model, tokenizer: probe.tokenizer, task: probe.task, stage: fitted(stage, until: end),
      seed: UInt64(seed), firstProblem: problems)
    let before = (trained: trained, sampled: sampled)
    if let samples {
      runner.willTrain = { [arm, step] runner, groups, problems in
        try samples.write(
          groups, problems, runner.trainer, stage: runner.stage.label,
          step: step + runner.step + 1, arm: arm.name)
      }
    }
    try runner.run(isCancelled: isCancelled, until: { _ in spent >= end }) { made in
      step += 1
      trained = before.trained + runner.trainedTokens
      sampled = before.sampled + runner.sampledTokens
      problems += made.isSupervised ? stage.examples : stage.prompts
      peakBytes = max(peakBytes, made.metrics["memory/peak_bytes"] ?? 0)
      if let reward = made.metrics.batch.ownReward { rewards.append(reward) }
      try measure(stage, report)
    }
  }

  /// A supervised stage's schedule ends where its tokens do.
  private func fitted(_ stage: Stage, until end: Int) -> Stage {
    guard stage.kind == .sft else { return stage }
    var fitted = stage
    let tokensPerStep = probe.task.meanTraceTokens * Double(stage.examples)
    // One step may be left over where traces are shorter than their mean.
    fitted.steps = Int((Double(end - spent) / max(1, tokensPerStep)).rounded(.up)) + 2
    return fitted
  }

  /// Measures where the last step reached the next point.
  private func measure(
    _ stage: Stage, _ report: (Measurement) throws -> Void
  ) throws {
    guard spent >= settings.tokenBudget * point / settings.pointCount else { return }
    let start = ContinuousClock.now
    var measured = try probe.measure(model)
    measuringSeconds += (ContinuousClock.now - start) / .seconds(1)
    (measured.arm, measured.seed, measured.stage) = (arm.name, seed, stage.label)
    (measured.trainedTokens, measured.sampledTokens, measured.step) = (trained, sampled, step)
    measured.reward = rewards.isEmpty ? nil : rewards.reduce(0, +) / Double(rewards.count)
    rewards = []
    // A step may pass several points where they are closer than a step.
    while point <= settings.pointCount,
      spent >= settings.tokenBudget * point / settings.pointCount
    {
      measured.point = point
      measurements.append(measured)
      try report(measured)
      point += 1
    }
  }

  /// What it cost, given the time of `run`.
  package func timing(total seconds: Double) -> ArmTiming {
    ArmTiming(
      arm: arm.name, seed: seed, trainingSeconds: seconds - measuringSeconds,
      measuringSeconds: measuringSeconds, steps: step, trainedTokens: trained,
      sampledTokens: sampled, peakBytes: Int(peakBytes))
  }
}
