import LuffyModel
import LuffyOptimizer
import LuffyRollout
import LuffySampler
import LuffyTokenizer
import LuffyTrainer

/// What one step of a stage was made of and what it measured.
struct StageStep {
  let stage: Stage
  /// From 1, in the stage.
  let step: Int
  let isSupervised: Bool
  /// The judged groups that were trained on, with the log-probs that the sampler recorded; empty in a
  /// supervised step.
  let groups: [RolloutGroup]
  let metrics: StepMetrics
}

/// Runs a stage step by step. It prints nothing and writes nothing.
///
/// Step s depends on the model, the task, the seed and s alone, so that a stage may end after any step and go on
/// from a saved trainer.
final class StageRunner {
  let stage: Stage
  let trainer: Trainer
  let task: any TrainingTask
  let tokenizer: Tokenizer
  /// Where the stage's problems begin in the task's.
  let firstProblem: Int
  /// Tokens that were sampled, and tokens (prompts included) that were trained on, since this object was made.
  private(set) var sampledTokens = 0
  private(set) var trainedTokens = 0
  /// Called with a step's judged groups and their problems before they are trained on.
  var willTrain: ((StageRunner, [RolloutGroup], [TrainingProblem]) throws -> Void)?
  private let collector: RolloutCollector

  /// A stage from its beginning: fresh moments.
  convenience init(
    model: Model, tokenizer: Tokenizer, task: any TrainingTask, stage: Stage, seed: UInt64,
    firstProblem: Int = 0, reference: Model? = nil
  ) throws {
    let objective = try StageObjective(stage, in: "stage \(stage.label): ")
    try self.init(
      resuming: try objective.trainer(model, stage.trainerOptions, reference: reference),
      tokenizer: tokenizer, task: task, stage: stage, seed: seed, firstProblem: firstProblem)
  }

  /// A stage that goes on after the trainer's last step.
  init(
    resuming trainer: Trainer, tokenizer: Tokenizer, task: any TrainingTask, stage: Stage,
    seed: UInt64, firstProblem: Int = 0
  ) throws {
    let place = "stage \(stage.label): "
    try stage.validate(in: place)
    if stage.kind == .warmup && task.warmup(0) == nil {
      throw ConfigurationError("\(place)the task \(task.name) has no warm-up")
    }
    self.stage = stage
    self.trainer = trainer
    self.task = task
    self.tokenizer = tokenizer
    self.firstProblem = firstProblem
    collector = RolloutCollector(
      model: trainer.model, tokenizer: tokenizer, verifier: task.verifier,
      sampling: SamplingOptions(
        maxNewTokens: stage.maxNewTokens, temperature: Float(stage.temperature), seed: seed),
      groupSize: stage.group,
      tracesPerGroup: try StageObjective(stage, in: place).usesTraces ? stage.traces : 0,
      maximumTraceTokens: stage.maxNewTokens)
  }

  /// Steps done.
  var step: Int { trainer.step }
  var isComplete: Bool { step >= stage.steps }

  /// Steps until the stage is complete or `stop` says so after a step.
  ///
  /// After an error, `ModelError.cancelled` among them, the trainer is as it was after the last complete step.
  func run(
    isCancelled: @escaping () -> Bool = { false },
    until stop: (StageRunner) -> Bool = { _ in false },
    each sink: (StageStep) throws -> Void
  ) throws {
    while !isComplete {
      try sink(try advance(isCancelled: isCancelled))
      if stop(self) { return }
    }
  }

  /// The next step.
  func advance(isCancelled: @escaping () -> Bool = { false }) throws -> StageStep {
    let index = trainer.step
    let isSupervised = stage.isSupervised(index)
    if stage.kind == .interleaved {
      trainer.options.optimizer.learningRate = isSupervised ? stage.sftLr : stage.lr
      trainer.options.temperature = isSupervised ? 1 : Float(stage.temperature)
    }
    let supervised = stage.supervisedSteps(before: index)
    var groups: [RolloutGroup] = []
    let metrics: StepMetrics
    if isSupervised {
      let examples = try examples(supervised)
      // How many there are is the data's matter.
      trainer.options.updatesPerStep = min(stage.updatesPerStep, examples.count)
      metrics = try trainer.supervisedStep(examples, isCancelled: isCancelled)
    } else {
      trainer.options.updatesPerStep = stage.updatesPerStep
      let problems = try range(index - supervised, stage.prompts).map {
        try task.training($0).tokenized(tokenizer)
      }
      groups = try collector.groups(
        for: problems, step: index - supervised, isCancelled: isCancelled)
      sampledTokens += groups.reduce(0) { sum, group in
        sum + group.rollouts.reduce(0) { $0 + $1.count }
      }
      try willTrain?(self, groups, problems)
      metrics = try trainer.step(groups, isCancelled: isCancelled)
    }
    trainedTokens += metrics.tokens
    return StageStep(
      stage: stage, step: trainer.step, isSupervised: isSupervised, groups: groups,
      metrics: metrics)
  }

  /// The problems of the n-th step that takes `count`.
  private func range(_ n: Int, _ count: Int) -> Range<Int> {
    let first = firstProblem &+ n &* count
    return first..<first + count
  }

  /// Every trace of the problems of the n-th supervised step, cut as in reinforcement learning.
  private func examples(_ n: Int) throws -> [(prompt: [TokenID], response: [TokenID])] {
    let indices = range(n, stage.examples)
    let longest = stage.kind == .warmup ? Int.max : stage.maxNewTokens
    var examples: [(prompt: [TokenID], response: [TokenID])] = []
    for index in indices {
      let problem =
        stage.kind == .warmup ? task.warmup(index - firstProblem) : task.training(index)
      guard let problem = try problem?.tokenized(tokenizer) else { continue }
      for trace in problem.traces {
        examples.append((problem.promptIDs, Array(trace.prefix(longest))))
      }
    }
    if examples.isEmpty {
      throw ConfigurationError(
        "stage \(stage.label): none of the problems \(indices.lowerBound)…\(indices.upperBound - 1) "
          + "of \(task.name) has a trace to learn from")
    }
    return examples
  }
}
