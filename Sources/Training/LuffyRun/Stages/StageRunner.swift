import LuffyOptions
import LuffyModel
import LuffyOptimizer
import LuffyRollout
import LuffySampler
import LuffyTokenizer
import LuffyTrainer

/// Runs a stage step by step. It prints nothing and writes nothing.
///
/// Step s depends on the model, the task, the seed and s alone, so that a stage may end after any step and go on
/// from a saved trainer.
package final class StageRunner {
  package let stage: Stage
  package let trainer: Trainer
  package let task: any TrainingTask
  package let tokenizer: Tokenizer
  /// Where the stage's problems begin in the task's.
  package let firstProblem: Int
  /// Tokens that were sampled, and tokens (prompts included) that were trained on, since this object was made.
  private(set) var sampledTokens = 0
  private(set) var trainedTokens = 0
  /// Called with a step's judged groups and their problems before they are trained on.
  package var willTrain: ((StageRunner, [RolloutGroup], [TrainingProblem]) throws -> Void)?
  private let collector: RolloutCollector

  /// A stage from its beginning: fresh moments.
  package convenience init(
    model: Model, tokenizer: Tokenizer, task: any TrainingTask, stage: Stage, seed: UInt64,
    firstProblem: Int = 0, reference: Model? = nil
  ) throws {
    let objective = try StageObjective(stage, in: "stage \(stage.label): ")
    try self.init(
      resuming: try objective.trainer(model, stage.trainerOptions, reference: reference),
      tokenizer: tokenizer, task: task, stage: stage, seed: seed, firstProblem: firstProblem)
  }

  /// A stage that goes on after the trainer's last step.
  package init(
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
  package var step: Int { trainer.step }
  package var isComplete: Bool { step >= stage.steps }

  /// Steps until the stage is complete or `stop` says so after a step.
  ///
  /// After an error, `ModelError.cancelled` among them, the trainer is as it was after the last complete step.
  package func run(
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
  package func advance(isCancelled: @escaping () -> Bool = { false }) throws -> StageStep {
    try train(try collect(isCancelled: isCancelled), isCancelled: isCancelled)
  }

  /// What the next step trains on: judged groups, or a supervised step's examples.
  package func collect(isCancelled: @escaping () -> Bool = { false }) throws -> StageBatch {
    let index = trainer.step
    let supervised = stage.supervisedSteps(before: index)
    if stage.isSupervised(index) {
      return StageBatch(examples: try examples(supervised))
    }
    let problems = range(index - supervised, stage.prompts).map { task.training($0) }
    let tokenized = try problems.map { try $0.tokenized(tokenizer) }
    let groups = try collector.groups(
      for: tokenized, step: index - supervised, isCancelled: isCancelled)
    return StageBatch(groups: groups, problems: problems, tokenized: tokenized)
  }

  /// Trains on what `collect` gave. After an error everything is as it was before.
  package func train(
    _ batch: StageBatch, isCancelled: @escaping () -> Bool = { false }
  ) throws -> StageStep {
    if stage.kind == .interleaved {
      trainer.options.optimizer.learningRate = batch.isSupervised ? stage.sftLr : stage.lr
      trainer.options.temperature = batch.isSupervised ? 1 : Float(stage.temperature)
    }
    let metrics: StepMetrics
    if batch.isSupervised {
      // How many there are is the data's matter.
      trainer.options.updatesPerStep = min(stage.updatesPerStep, batch.examples.count)
      metrics = try trainer.supervisedStep(batch.examples, isCancelled: isCancelled)
    } else {
      // Groups without a reward are left out, by their caller's wish.
      let judged = batch.groups.count { group in
        group.members.contains(where: \.isRewarded)
      }
      trainer.options.updatesPerStep = max(1, min(stage.updatesPerStep, judged))
      try willTrain?(self, batch.groups.map(\.rewarded), batch.tokenized)
      metrics = try trainer.step(batch.groups, isCancelled: isCancelled)
      sampledTokens += batch.groups.reduce(0) { sum, group in
        sum + group.rollouts.reduce(0) { $0 + $1.count }
      }
    }
    trainedTokens += metrics.tokens
    return StageStep(
      stage: stage, step: trainer.step, isSupervised: batch.isSupervised, groups: batch.groups,
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
