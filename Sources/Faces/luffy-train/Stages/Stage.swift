import LuffyOptimizer
import LuffyTrainer

/// A stretch of a run with one objective, one optimiser and one schedule.
///
/// Every stage starts with fresh moments and counts its own steps.
struct Stage: Sendable, Equatable {
  enum Kind: String, Sendable, CaseIterable, ConfigurationScalar {
    /// The task's component skills, supervised: what makes a base model of a random one.
    case warmup
    /// Supervised on the teachers' traces of the training problems.
    case sft
    /// Rollouts and traces in groups.
    case rl
    /// Reinforcement learning with every n-th step supervised, on one optimiser.
    case interleaved
  }

  var kind: Kind
  /// In the metrics' `stage`; nil: the objective's name of a stage rl, and the kind's of others.
  var name: String?
  /// Steps of the stage, supervised ones included.
  var steps = 500

  var objective = "luffy"
  /// Over the named objective's own: entropy_coefficient, off_shaping, …; null: none.
  var objectiveOptions = ConfigurationValue.null

  /// Peak learning rate, and that of supervised steps between others.
  var lr = 3e-4
  var sftLr = 3e-4
  var lrSchedule = LearningRateSchedule.Shape.constant
  /// Optimiser updates of linear warm-up; nil: 20, or half of a shorter stage, where the schedule falls, else 0.
  var lrWarmup: Int?
  var minimumLrFactor = 0.05
  var weightDecay = 0.01
  var maxGradNorm: Double? = 1
  var updatesPerStep = 1
  /// Tokens that run through the model at once at most.
  var microBatchTokens = 8192

  /// Prompts of a step, members of each one's group, and traces among them at most.
  var prompts = 16
  var group = 8
  var traces = 1
  /// Longest rollout in tokens; traces are cut at it.
  var maxNewTokens = 48
  var temperature = 1.0

  /// Problems of a supervised step.
  var examples = 64
  /// Nats by which the entropy of rollouts may exceed that of the stage's first step.
  var entropyBand = 1.0
  /// As runs of format 1 were: terms beside the policy gradient on token means, no update left out.
  var usesTokenMeans = false

  /// Of an interleaved stage: steps from one supervised to the next.
  var sftEvery = 2

  /// With a kind's defaults.
  init(_ kind: Kind) {
    self.kind = kind
    switch kind {
    case .warmup:
      steps = 1200
      lr = 2e-3
      lrSchedule = .cosine
    case .sft:
      steps = 200
      lrSchedule = .cosine
    case .rl, .interleaved: break
    }
  }

  var label: String {
    if let name { return name }
    return switch kind {
    case .warmup: "warmup"
    case .sft: "sft"
    case .interleaved: "interleaved"
    case .rl: objective
    }
  }

  /// Whether it draws rollouts.
  var learns: Bool { kind == .rl || kind == .interleaved }

  /// Whether step `index` (from 0) is a supervised one.
  func isSupervised(_ index: Int) -> Bool {
    switch kind {
    case .warmup, .sft: true
    case .rl: false
    case .interleaved: (index + 1) % sftEvery == 0
    }
  }

  /// Supervised steps among the first `count`.
  func supervisedSteps(before count: Int) -> Int {
    switch kind {
    case .warmup, .sft: count
    case .rl: 0
    case .interleaved: count / sftEvery
    }
  }

  var trainerOptions: TrainerOptions {
    let updates = steps.multipliedReportingOverflow(by: updatesPerStep)
    let total = updates.overflow ? Int.max - 1 : updates.partialValue
    let falls = lrSchedule != .constant
    let schedule = LearningRateSchedule(
      lrSchedule, warmupSteps: lrWarmup ?? (falls ? min(20, steps / 2) : 0),
      totalSteps: falls ? total + 1 : 0, minimumFactor: falls ? minimumLrFactor : 0)
    return TrainerOptions(
      optimizer: AdamWOptions(learningRate: lr, weightDecay: weightDecay, schedule: schedule),
      maxGradNorm: maxGradNorm, updatesPerStep: updatesPerStep, microBatchTokens: microBatchTokens,
      temperature: learns ? Float(temperature) : 1, entropyBand: entropyBand)
  }
}

extension LearningRateSchedule.Shape: ConfigurationScalar {}
