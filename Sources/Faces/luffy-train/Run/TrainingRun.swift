import Foundation
import LuffyModel
import LuffyObjective
import LuffyRollout
import LuffySampler
import LuffyTensor
import LuffyTokenizer
import LuffyTrainer

/// A run from its position to its end: stages, metrics, evaluations, checkpoints.
final class TrainingRun {
  let configuration: RunConfiguration
  let directory: RunDirectory
  let setup: TrainingSetup
  private let stages: [Stage]
  private let problems: [TrainingProblem]
  private let metrics: RecordFile
  private let samples: SampleWriter
  private var position: RunPosition
  /// Of the position's stage.
  private var trainer: Trainer?
  private var wasRising = false

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
    setup = try TrainingSetup(
      configuration, modelDirectory: directory.model, resumed: checkpoint?.trainer)
    problems = try setup.heldOut(configuration.heldOut)
    samples = try SampleWriter(
      SampleWriter.url(in: directory.url), keeping: position.sampleLines,
      tokenizer: setup.tokenizer)
  }

  /// - Throws: `ModelError.cancelled` after a signal.
  func run() throws {
    print(
      "task \(setup.task.name), model of \(setup.model.parameterCount) parameters, "
        + configuration.dtype.rawValue)
    if let note = setup.task.note { print(note) }
    let first = position.stage
    for index in stages.indices.dropFirst(first) {
      if index > first {
        (position.stage, position.step) = (index, 0)
        trainer = nil
      }
      try run(stages[index], index)
    }
    try finish()
  }

  private func run(_ stage: Stage, _ index: Int) throws {
    let runner = try runner(stage, index)
    if stage.kind != .warmup && position.before == nil {
      let before = HeldOutAccuracy(try evaluate())
      print("before: held-out pass@1 \(before.text)")
      position.before = before
    }
    if let line = position.pending { try record(line, evaluated: true) }
    let label = stage.kind == .warmup ? "warm-up" : stage.label
    let progress = ProgressLine(label, total: stage.steps, first: runner.step)
    runner.willTrain = { [samples] runner, groups, problems in
      try samples.write(
        groups, problems, runner.trainer, stage: runner.stage.label, step: runner.step + 1)
    }
    try runner.run(isCancelled: { StopSignal.isReceived }) { step in
      (position.step, position.total) = (step.step, position.total + 1)
      position.sampleLines = samples.count
      try record(line(step), evaluated: isDue(configuration.evalEvery) && stage.kind != .warmup)
      progress.show(step.step, Self.summary(step))
      try heedEntropy(step)
    }
  }

  private func runner(_ stage: Stage, _ index: Int) throws -> StageRunner {
    let earlier = stages[..<index].filter { $0.learns == stage.learns }
    let first = earlier.reduce(0) { sum, stage in
      sum + (stage.learns ? stage.steps - stage.supervisedSteps(before: stage.steps) : 0)
        * stage.prompts
    }
    // Later stages of reinforcement learning draw other rollouts, of problems that come after.
    let seed = configuration.seed &+ UInt64(earlier.count) &* 0x9E37_79B9_7F4A_7C15
    let trainer =
      try trainer
      ?? StageObjective(stage, in: "stage \(stage.label): ").trainer(
        setup.model, stage.trainerOptions, reference: setup.reference)
    trainer.options = stage.trainerOptions
    self.trainer = trainer
    return try StageRunner(
      resuming: trainer, tokenizer: setup.tokenizer, task: setup.task, stage: stage, seed: seed,
      firstProblem: first)
  }

  /// Says that entropy has left its band, when it does; ends the run there where it is to.
  private func heedEntropy(_ step: StageStep) throws {
    let isRising = step.metrics.isEntropyRising ?? false
    defer { wasRising = isRising }
    guard isRising, let entropy = step.metrics.objective[.onEntropy], let trainer else { return }
    let text =
      "signal/entropy_rising: step \(step.step): the entropy of rollouts is \(entropy.rounded(to: 2)), more than "
      + "\(step.stage.entropyBand) above \((trainer.startEntropy ?? 0).rounded(to: 2)) at the start; "
      + "a lower lr, more right rollouts or a smaller entropy bonus keep it"
    if configuration.stopOnEntropy {
      try saveCheckpoint()
      throw RunError("\(text)\nstopped by stop_on_entropy; a checkpoint is saved")
    }
    if !wasRising { report("\n\(text)") }
  }

  private func isDue(_ every: Int) -> Bool { every > 0 && position.total % every == 0 }

  /// Writes a step's line, with its evaluation where one is due, and a checkpoint where one is due.
  private func record(_ line: String, evaluated: Bool) throws {
    var line = line
    var isBest = false
    if evaluated {
      position.pending = line
      let held = HeldOutAccuracy(try evaluate())
      position.pending = nil
      line = "\(line.dropLast()),\(held.json)}"
      isBest = held.accuracy > (position.best?.accuracy ?? -1)
      if isBest { position.best = .init(total: position.total, accuracy: held.accuracy) }
    }
    try metrics.append(line)
    position.metricsLines = metrics.lines
    if isBest || isDue(configuration.checkpointEvery) { try saveCheckpoint() }
  }

  private func line(_ step: StageStep) -> String {
    "{\"stage\":\(ConfigurationValue.string(step.stage.label).json),\(step.metrics.json.dropFirst())"
  }

  private func evaluate() throws -> Evaluation {
    try setup.evaluate(
      problems, maxNewTokens: configuration.stageDefaults.maxNewTokens,
      seed: configuration.seed &+ 1, isCancelled: { StopSignal.isReceived })
  }

  /// Of the last complete step; false where no step is complete.
  @discardableResult func saveCheckpoint() throws -> Bool {
    guard let trainer, position.total > 0 else { return false }
    try directory.checkpoints.save(trainer, position, keepingLast: configuration.keepLast)
    return true
  }

  var completedSteps: Int { position.total }

  private func finish() throws {
    let after = HeldOutAccuracy(try evaluate())
    let comparison = position.before.map { ", before \($0.text)" } ?? ""
    print("after:  held-out pass@1 \(after.text)\(comparison)")
    try printSamples()
    try setup.model.save(directory: directory.model.path)
    trainer?.userState = try position.encoded()
    try trainer?.save(directory.state.path)
    print("wrote \(directory.url.path): metrics.jsonl, samples.jsonl, model/, state/")
  }

  private func printSamples() throws {
    let problems = setup.task.heldOut(3)
    let rollouts = try Sampler(setup.model).generate(
      try problems.map { try setup.tokenizer.encode($0.prompt) },
      SamplingOptions(maxNewTokens: configuration.stageDefaults.maxNewTokens, temperature: 0))
    for (problem, group) in zip(problems, rollouts) {
      let text = try setup.tokenizer.decode(group.first?.ids ?? [], skipSpecialTokens: true)
      print("  \(problem.prompt) \(text)   (answer \(problem.answer))")
    }
  }

  private static func summary(_ step: StageStep) -> String {
    let metrics = step.metrics
    if step.isSupervised { return "loss \(metrics.loss.rounded(to: 3))" }
    let fields: [(String, Double?)] = [
      ("reward", metrics.batch.ownReward), ("entropy", metrics.objective[.entropy]),
      ("teacher p", metrics.objective[.offPolicyProbability]),
      ("length", metrics.batch.ownLength),
    ]
    var parts = fields.compactMap { name, value in value.map { "\(name) \($0.rounded(to: 2))" } }
    let (skipped, updates) = (metrics.skippedUpdates, step.stage.updatesPerStep)
    if skipped > 0 {
      parts.append("no signal: \(skipped == updates ? "" : "\(skipped) of \(updates) ")skipped")
    }
    return parts.joined(separator: "  ")
  }
}
