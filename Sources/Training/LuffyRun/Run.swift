import LuffyCheckpoint
import LuffyModel
import LuffyOptions
import LuffyRecords
import LuffyRollout
import LuffyTokenizer
import LuffyTrainer

/// One training run, pulled by its caller: `next` works until the next event and returns it. There is no thread and no
/// callback of its own.
///
/// Stage after stage writes rollouts, judges them, updates the model, evaluates it now and then and keeps checkpoints in a
/// directory. The same configuration gives the same bits whoever drives it, and wherever it was stopped.
public final class Run {
  package let configuration: RunConfiguration
  package let directory: RunDirectory
  package let setup: TrainingSetup
  package let stages: [Stage]
  let problems: [TrainingProblem]
  let metrics: RecordFile
  let samples: SampleWriter
  package internal(set) var position: RunPosition
  /// Of the position's stage.
  var trainer: Trainer?
  var runner: StageRunner?
  var phase: RunPhase
  var batch: StageBatch?
  var wasRising = false
  /// Entropy has risen, and the run is to end on it.
  var entropyStop: RunError?

  /// What the last step of this object made; nil before.
  package internal(set) var lastStep: StageStep?
  /// The last step's metrics as its line of `metrics.jsonl` has them, without those of an evaluation.
  public internal(set) var lastMetrics: [(name: String, value: Double)] = []
  /// The last evaluation of this object.
  public internal(set) var evaluation: HeldOutAccuracy?
  /// When the last evaluation was made.
  public internal(set) var evaluationMoment = EvaluationMoment.before
  /// What the person who drives the run should know since the last event: defaults that were taken, checkpoints that could
  /// not be read, entropy that rises.
  public internal(set) var notes: [String] = []

  /// Begins a run in the configuration's output directory, which must hold no checkpoints of another.
  public convenience init(_ configuration: RunConfiguration) throws {
    let directory = RunDirectory(configuration.output)
    try self.init(configuration, directory, metrics: try directory.begin(), from: nil)
  }

  /// From the beginning, or from a checkpoint where there is one. `metrics` holds the run's lock.
  init(
    _ configuration: RunConfiguration, _ directory: RunDirectory, metrics: RecordFile,
    from checkpoint: RunCheckpoint?
  ) throws {
    self.configuration = configuration
    self.directory = directory
    stages = try configuration.resolvedStages()
    position = checkpoint?.position ?? RunPosition()
    position.configuration = try RunPosition.Configuration(configuration)
    self.metrics = metrics
    if let checkpoint { try metrics.keep(checkpoint.position.metricsLines) }
    try directory.write(configuration)
    trainer = checkpoint?.trainer
    setup = try TrainingSetup(configuration, resumed: checkpoint?.trainer)
    problems = try setup.heldOut(configuration.heldOut)
    samples = try SampleWriter(
      directory.samples, keeping: position.sampleLines, tokenizer: setup.tokenizer)
    phase = .stage(position.stage)
    if let note = setup.task.note { notes.append(note) }
  }

  // MARK: What a caller may ask

  public var model: Model { setup.model }
  public var tokenizer: Tokenizer { setup.tokenizer }
  public var taskName: String { setup.task.name }
  /// Steps of all stages that are complete.
  public var completedSteps: Int { position.total }
  /// Steps of all stages, complete or not.
  public var totalSteps: Int { stages.reduce(0) { $0 + $1.steps } }
  /// The name of the stage that is under way, as the metrics have it.
  public var stageName: String { stages[min(position.stage, stages.count - 1)].label }
  /// Its steps, and those of them that are complete.
  public var stageSteps: (done: Int, all: Int) {
    (position.step, stages[min(position.stage, stages.count - 1)].steps)
  }
  /// Held-out accuracy before the first stage that is no warm-up.
  public var before: HeldOutAccuracy? { position.before }
  /// The best held-out accuracy of an evaluation between steps, and the step after which it was measured.
  public var best: (accuracy: Double, step: Int)? { position.best.map { ($0.accuracy, $0.total) } }
  /// The program that began this run sets rewards of its own; who resumes it must set them, too.
  public var expectsCallerRewards: Bool {
    configuration.callerRewards || position.hasCallerRewards
  }
  public var isDone: Bool { phase == .done }
  /// The step that was just done is evaluated before anything else.
  public var evaluatesNext: Bool { if case .evaluate = phase { true } else { false } }

  // MARK: What a caller may change

  /// Groups of the step that comes next, after the event `groups`; empty at any other time.
  public var groups: [RolloutGroup] { phase == .train ? batch?.groups ?? [] : [] }

  /// The problems of `groups`.
  package var groupProblems: [TaskProblem] { phase == .train ? batch?.problems ?? [] : [] }

  /// Gives each rollout of a group, and then each trace, a reward of the caller's, in place of the verifier's. NaN leaves
  /// one out of the step; a group of NaN is left out whole.
  public func setRewards(_ rewards: [Double], group: Int) throws {
    guard phase == .train, let groups = batch?.groups, groups.indices.contains(group) else {
      throw RunError(
        "there is no group \(group): rewards are set between the event groups and the next")
    }
    do { try batch?.groups[group].setRewards(rewards) } catch {
      throw RunError("group \(group): \(error)")
    }
    position.hasCallerRewards = true
  }

  /// Saves a checkpoint of the last complete step; false where no step is complete.
  @discardableResult public func checkpoint() throws -> Bool {
    guard let trainer, position.total > 0 else { return false }
    try recordStep()
    try directory.checkpoints.save(trainer, position, keepingLast: configuration.keepLast)
    return true
  }

  /// The notes since the last call.
  public func takeNotes() -> [String] {
    defer { notes = [] }
    return notes
  }
}

/// When a run evaluates its model.
public enum EvaluationMoment: Sendable {
  /// Before the first stage that is no warm-up.
  case before
  /// After a step, by `eval_every`.
  case between
  /// After the last step.
  case after
}

/// What a run does next.
enum RunPhase: Equatable {
  /// A stage begins.
  case stage(Int)
  /// An evaluation of the last checkpoint's step is still to be done.
  case pending
  case collect
  case train
  /// The last step's line is to be written.
  case record(line: String)
  /// The last step's line, whose evaluation is due.
  case evaluate(line: String)
  case checkpoint(isBest: Bool)
  case finish
  case write
  case done
}
