import LuffyEvaluation
import LuffyModel
import LuffyObjective
import LuffyOptions
import LuffyRecords
import LuffyTrainer

extension Run {
  /// Works until the next event. After `done` it stays so.
  ///
  /// After an error, `ModelError.cancelled` among them, everything is as it was after the last event, and `next` may be
  /// called again.
  public func next(isCancelled: @escaping () -> Bool = { false }) throws -> RunEvent {
    while true {
      if let event = try advance(isCancelled) { return event }
    }
  }

  /// One phase; nil where it is no event.
  private func advance(_ isCancelled: @escaping () -> Bool) throws -> RunEvent? {
    switch phase {
    case .stage(let index): return try begin(index, isCancelled)
    case .pending:
      phase = position.pending.map { .evaluate(line: $0) } ?? .collect
    case .collect: return try collect(isCancelled)
    case .train: return try train(isCancelled)
    case .record:
      try recordStep()
      return .step
    case .evaluate(let line):
      try evaluate(line, isCancelled)
      return .evaluation
    case .checkpoint(let isBest):
      if let entropyStop {
        try checkpoint()
        throw entropyStop
      }
      let isSaved = isBest || isDue(configuration.checkpointEvery)
      if isSaved { try checkpoint() }
      phase = .collect
      return isSaved ? .checkpoint : nil
    case .finish:
      (evaluation, evaluationMoment) = (HeldOutAccuracy(try evaluate(isCancelled)), .after)
      phase = .write
      return .evaluation
    case .write:
      try write()
      phase = .done
      return .done
    case .done: return .done
    }
    return nil
  }

  private func begin(_ index: Int, _ isCancelled: @escaping () -> Bool) throws -> RunEvent? {
    if index > position.stage {
      (position.stage, position.step) = (index, 0)
      (trainer, runner) = (nil, nil)
    }
    let runner = try runner ?? makeRunner(stages[index], index)
    self.runner = runner
    if stages[index].kind != .warmup && position.before == nil {
      let before = HeldOutAccuracy(try evaluate(isCancelled))
      (position.before, evaluation, evaluationMoment) = (before, before, .before)
      phase = .pending
      return .evaluation
    }
    phase = .pending
    return nil
  }

  private func makeRunner(_ stage: Stage, _ index: Int) throws -> StageRunner {
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
    let runner = try StageRunner(
      resuming: trainer, tokenizer: setup.tokenizer, task: setup.task, stage: stage, seed: seed,
      firstProblem: first)
    runner.willTrain = { [samples] runner, groups, problems in
      try samples.write(
        groups, problems, runner.trainer, stage: runner.stage.label, step: runner.step + 1)
    }
    return runner
  }

  private func collect(_ isCancelled: @escaping () -> Bool) throws -> RunEvent? {
    guard let runner, !runner.isComplete else {
      let next = position.stage + 1
      phase = next < stages.count ? .stage(next) : .finish
      return nil
    }
    let batch = try runner.collect(isCancelled: isCancelled)
    self.batch = batch
    phase = .train
    return batch.isSupervised ? nil : .groups
  }

  private func train(_ isCancelled: @escaping () -> Bool) throws -> RunEvent {
    guard let runner, let batch else { throw RunError("there is nothing to train on") }
    // What a try that was given up has written.
    try samples.keep(position.sampleLines)
    let step = try runner.train(batch, isCancelled: isCancelled)
    self.batch = nil
    (lastStep, lastMetrics) = (step, step.metrics.present)
    (position.step, position.total) = (step.step, position.total + 1)
    position.sampleLines = samples.count
    let line = Self.line(step)
    if isDue(configuration.evalEvery) && step.stage.kind != .warmup {
      position.pending = line
      phase = .evaluate(line: line)
    } else {
      phase = .record(line: line)
    }
    heedEntropy(step)
    try recordStep()
    return .step
  }

  /// Writes the last step's line, where that is still to be done.
  func recordStep() throws {
    guard case .record(let line) = phase else { return }
    try record(line)
    phase = .checkpoint(isBest: false)
  }

  private func isDue(_ every: Int) -> Bool { every > 0 && position.total % every == 0 }

  private func record(_ line: String) throws {
    try metrics.append(line)
    position.metricsLines = metrics.lines
  }

  private static func line(_ step: StageStep) -> String {
    "{\"stage\":\(ConfigurationValue.string(step.stage.label).json),\(step.metrics.json.dropFirst())"
  }

  /// Completes a step's line by its evaluation.
  private func evaluate(_ line: String, _ isCancelled: @escaping () -> Bool) throws {
    let held = HeldOutAccuracy(try evaluate(isCancelled))
    let members = held.members.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ",")
    try record("\(line.dropLast()),\(members)}")
    (position.pending, evaluation, evaluationMoment) = (nil, held, .between)
    let isBest = held.accuracy > (position.best?.accuracy ?? -1)
    if isBest { position.best = .init(total: position.total, accuracy: held.accuracy) }
    phase = .checkpoint(isBest: isBest)
  }

  private func evaluate(_ isCancelled: @escaping () -> Bool) throws -> Evaluation {
    try setup.evaluate(
      problems, maxNewTokens: configuration.stageDefaults.maxNewTokens,
      seed: configuration.seed &+ 1, isCancelled: isCancelled)
  }

  private func write() throws {
    try setup.model.save(directory: directory.model)
    trainer?.userState = position.encoded
    try trainer?.save(directory.state)
  }

  /// Notes that entropy has left its band, when it does; ends the run there where it is to.
  private func heedEntropy(_ step: StageStep) {
    let isRising = step.metrics.isEntropyRising ?? false
    defer { wasRising = isRising }
    guard isRising, let entropy = step.metrics.objective[.onEntropy], let trainer else { return }
    let text =
      "signal/entropy_rising: step \(step.step): the entropy of rollouts is \(entropy.rounded(to: 2)), more than "
      + "\(step.stage.entropyBand) above \((trainer.startEntropy ?? 0).rounded(to: 2)) at the start; "
      + "a lower lr, more right rollouts or a smaller entropy bonus keep it"
    if configuration.stopOnEntropy {
      entropyStop = RunError("\(text)\nstopped by stop_on_entropy; a checkpoint is saved")
    } else if !wasRising {
      notes.append(text)
    }
  }
}
