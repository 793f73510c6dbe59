import LuffyModel
import LuffyObjective
import LuffyOptimizer
import LuffyRollout
import LuffySampler
import LuffyTokenizer
import LuffyTrainer

/// Trains one copy of the base as an arm says, and measures it at equal distances of the budget.
///
/// The budget counts every token of the rows that updates run through the model, prompts included, and every token
/// that is sampled for them. A stage ends with the first step that reaches its share; so arms differ by at most one
/// step.
final class ArmRun {
  let arm: Arm
  let seed: Int
  let model: Model
  let probe: Probe
  let settings: CompareSettings
  private(set) var measurements: [Measurement] = []

  private var step = 0
  private var trained = 0
  private var sampled = 0
  private var point = 1
  private var problem = 0
  private var rewards: [Double] = []
  private var measuringSeconds = 0.0
  private var peakBytes = 0.0
  private let samples: SampleWriter?

  init(
    _ arm: Arm, seed: Int, model: Model, base: Measurement, probe: Probe, settings: CompareSettings,
    samples: SampleWriter?
  ) {
    self.arm = arm
    self.seed = seed
    self.model = model
    self.probe = probe
    self.settings = settings
    self.samples = samples
    var first = base
    (first.arm, first.seed) = (arm.name, seed)
    measurements = [first]
  }

  func run() throws {
    var share = 0.0
    for stage in arm.stages {
      share += stage.share
      let end = Int((share * Double(settings.tokenBudget)).rounded())
      switch stage.training {
      case .supervised: try supervise(stage, until: end)
      case .reinforcement(let objective, let traces):
        try reinforce(stage, objective, traces: traces, until: end)
      }
    }
  }

  /// What it cost, given the time of `run`.
  func timing(total seconds: Double) -> ArmTiming {
    ArmTiming(
      arm: arm.name, seed: seed, trainingSeconds: seconds - measuringSeconds,
      measuringSeconds: measuringSeconds, steps: step, trainedTokens: trained,
      sampledTokens: sampled, peakBytes: Int(peakBytes))
  }

  private var spent: Int { trained + sampled }

  private func supervise(
    _ stage: Arm.Stage, until end: Int
  ) throws {
    let task = probe.task
    let tokensPerStep = task.meanTraceTokens * Double(settings.batch)
    let steps = max(2, Int((Double(end - spent) / tokensPerStep).rounded(.up)) + 1)
    let trainer = try Trainer(
      model,
      options: TrainerOptions(
        optimizer: AdamWOptions(
          learningRate: settings.sftLr, weightDecay: 0.01,
          schedule: LearningRateSchedule(
            .cosine, warmupSteps: max(1, steps / 10), totalSteps: steps + 1, minimumFactor: 0.05)),
        microBatchTokens: 8192))
    while spent < end {
      let examples = task.problems(from: problem, count: settings.batch).map { Supervised($0) }
      try finish(try trainer.supervisedStep(examples), stage, problems: settings.batch)
    }
  }

  private func reinforce(
    _ stage: Arm.Stage, _ objective: ObjectiveOptions, traces: Int, until end: Int
  ) throws {
    let trainer = try Trainer(
      model, objective: objective,
      options: TrainerOptions(
        optimizer: AdamWOptions(learningRate: settings.lr), microBatchTokens: 8192))
    let collector = RolloutCollector(
      model: model, tokenizer: probe.tokenizer, verifier: probe.task.task.verifier,
      sampling: SamplingOptions(maxNewTokens: settings.maxNewTokens, seed: UInt64(seed)),
      groupSize: settings.group, tracesPerGroup: traces, maximumTraceTokens: settings.maxNewTokens)
    while spent < end {
      let problems = probe.task.problems(from: problem, count: settings.prompts)
      let groups = try collector.groups(for: problems, step: step)
      sampled += groups.reduce(0) { $0 + $1.rollouts.reduce(0) { $0 + $1.count } }
      try samples?.write(
        groups, problems, trainer, stage: stage.name, step: step + 1, arm: arm.name)
      try finish(try trainer.step(groups), stage, problems: settings.prompts)
    }
  }

  /// Counts a step, and measures where it reaches the next point.
  private func finish(
    _ metrics: StepMetrics, _ stage: Arm.Stage, problems: Int
  ) throws {
    step += 1
    problem += problems
    trained += metrics.tokens
    peakBytes = max(peakBytes, metrics["memory/peak_bytes"] ?? 0)
    if let reward = metrics.batch.ownReward { rewards.append(reward) }
    guard spent >= settings.tokenBudget * point / settings.pointCount else { return }
    let start = ContinuousClock.now
    var measured = try probe.measure(model)
    measuringSeconds += (ContinuousClock.now - start) / .seconds(1)
    (measured.arm, measured.seed, measured.stage) = (arm.name, seed, stage.name)
    (measured.trainedTokens, measured.sampledTokens, measured.step) = (trained, sampled, step)
    measured.reward = rewards.isEmpty ? nil : rewards.reduce(0, +) / Double(rewards.count)
    rewards = []
    // A step may pass several points where they are closer than a step.
    while point <= settings.pointCount,
      spent >= settings.tokenBudget * point / settings.pointCount
    {
      measured.point = point
      measurements.append(measured)
      point += 1
    }
  }
}
