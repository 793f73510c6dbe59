import LuffyOptimizer
import LuffyOptions
import LuffyTrainer

/// A stretch of a run with one objective, one optimiser and one schedule.
///
/// Every stage starts with fresh moments and counts its own steps.
package struct Stage: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable, ConfigurationScalar {
    /// The task's component skills, supervised: what makes a base model of a random one.
    case warmup
    /// Supervised on the teachers' traces of the training problems.
    case sft
    /// Rollouts and traces in groups.
    case rl
    /// Reinforcement learning with every n-th step supervised, on one optimiser.
    case interleaved
  }

  package var kind: Kind
  /// In the metrics' `stage`; nil: the objective's name of a stage rl, and the kind's of others.
  package var name: String?
  /// Steps of the stage, supervised ones included.
  package var steps = 500

  package var objective = "luffy"
  /// Over the named objective's own: entropy_coefficient, off_shaping, …; null: none.
  package var objectiveOptions = ConfigurationValue.null

  /// Peak learning rate, and that of supervised steps between others.
  package var lr = 3e-4
  package var sftLr = 3e-4
  package var lrSchedule = LearningRateSchedule.Shape.constant
  /// Optimiser updates of linear warm-up; nil: 20, or half of a shorter stage, where the schedule falls, else 0.
  package var lrWarmup: Int?
  package var minimumLrFactor = 0.05
  package var weightDecay = 0.01
  package var maxGradNorm: Double? = 1
  package var updatesPerStep = 1
  /// Tokens that run through the model at once at most.
  package var microBatchTokens = 8192

  /// Prompts of a step, members of each one's group, and traces among them at most.
  package var prompts = 16
  package var group = 8
  package var traces = 1
  /// Longest rollout in tokens; traces are cut at it.
  package var maxNewTokens = 48
  package var temperature = 1.0

  /// Problems of a supervised step.
  package var examples = 64
  /// Nats by which the entropy of rollouts may exceed that of the stage's first step.
  package var entropyBand = 1.0
  /// As runs of format 1 were: terms beside the policy gradient on token means, no update left out.
  package var usesTokenMeans = false

  /// Of an interleaved stage: steps from one supervised to the next.
  package var sftEvery = 2

  /// With a kind's defaults.
  package init(_ kind: Kind) {
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

  package var label: String {
    if let name { return name }
    return switch kind {
    case .warmup: "warmup"
    case .sft: "sft"
    case .interleaved: "interleaved"
    case .rl: objective
    }
  }

  /// Whether it draws rollouts.
  package var learns: Bool { kind == .rl || kind == .interleaved }

  /// Whether step `index` (from 0) is a supervised one.
  package func isSupervised(_ index: Int) -> Bool {
    switch kind {
    case .warmup, .sft: true
    case .rl: false
    case .interleaved: (index + 1) % sftEvery == 0
    }
  }

  /// Supervised steps among the first `count`.
  package func supervisedSteps(before count: Int) -> Int {
    switch kind {
    case .warmup, .sft: count
    case .rl: 0
    case .interleaved: count / sftEvery
    }
  }

  package var trainerOptions: TrainerOptions {
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
