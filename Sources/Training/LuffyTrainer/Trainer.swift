import LuffyKernels
public import LuffyModel
public import LuffyObjective
import LuffyOptimizer
public import LuffyRollout
import LuffyTensor

/// Post-trains one model: a step takes groups of judged rollouts and traces and updates the weights.
///
/// One call at a time. A call that throws leaves weights, moments and counters as they were before it.
public final class Trainer {
  public let model: Model
  public let objective: Objective
  public var options: TrainerOptions
  /// What `objective` was made of, where it has a name; nil where it was composed.
  public let namedObjective: NamedObjective?
  /// π_ref of KL terms.
  public let reference: Model?
  /// Steps so far; SFT steps count too.
  public internal(set) var step = 0
  /// Whatever the caller wants saved with the state: its data position, its random state.
  public var userState: [UInt8] = []
  /// Tokens of the longest response of any step so far: L of an objective that has none of its own.
  ///
  /// It grows with the first response that reaches a sampler's limit, and never shrinks. It is saved.
  public internal(set) var longestResponse = 0
  /// Mean entropy of own tokens, in nats, in the first step that had any. It is saved.
  public internal(set) var startEntropy: Double?

  let optimizer: AdamW

  public convenience init(
    _ model: Model, objective: ObjectiveOptions = .luffy(), options: TrainerOptions = .init(),
    reference: Model? = nil
  ) throws {
    try self.init(model, named: .options(objective), options: options, reference: reference)
  }

  /// With an objective that has a name outside Swift.
  public convenience init(
    _ model: Model, named objective: NamedObjective, options: TrainerOptions = .init(),
    reference: Model? = nil
  ) throws {
    try self.init(
      model, composed: try objective.makeObjective(), from: objective, options: options,
      reference: reference)
  }

  /// With an objective composed of terms of the caller's.
  public convenience init(
    _ model: Model, composed objective: Objective, options: TrainerOptions = .init(),
    reference: Model? = nil
  ) throws {
    try self.init(model, composed: objective, from: nil, options: options, reference: reference)
  }

  init(
    _ model: Model, composed objective: Objective, from namedObjective: NamedObjective?,
    options: TrainerOptions, reference: Model?
  ) throws {
    try options.validate()
    try objective.validate()
    if objective.needsReference && reference == nil {
      throw TrainerError.option(
        "a KL term (kl_coefficient) needs a reference model that is not trained: give one, as the model that "
          + "training starts from, loaded a second time")
    }
    if objective.needsReference && reference === model {
      throw TrainerError.option(
        "the reference of a KL term is the trained model itself, so that the term is always 0: load the model a "
          + "second time for it")
    }
    if let reference, reference.configuration.vocabularySize != model.configuration.vocabularySize {
      throw TrainerError.option("the reference model has another vocabulary")
    }
    if let reference, reference.vocabulary != model.vocabulary {
      throw TrainerError.option(
        "the reference model's softmax is over \(reference.tokenCount) ids, the model's over \(model.tokenCount): "
          + "give both the same tokenizer, or switch limit_vocabulary off in both")
    }
    self.model = model
    self.objective = objective
    self.namedObjective = namedObjective
    self.options = options
    self.reference = reference
    try UpdateMemory(model, reference, options).check()
    optimizer = try AdamW(
      model.trained.entries.map {
        AdamW.Span(
          offset: $0.offset, count: $0.count, decays: $0.isMatrix, unit: Model.packingUnit($0))
      }, count: model.trained.count, arena: model.arena)
  }

  /// The flat options that `objective` was made of; nil where it is a follow-up or was composed.
  public var objectiveOptions: ObjectiveOptions? { namedObjective?.objectiveOptions }

  /// The learning rate that the schedule scales; of the next update where the schedule is constant and its warm-up over.
  public var learningRate: Double { options.optimizer.learningRate }

  /// Sets `learningRate`; it is saved with the state.
  public func setLearningRate(_ rate: Double) throws {
    var changed = options
    changed.optimizer.learningRate = rate
    try changed.validate()
    options = changed
  }

  /// Optimiser updates so far.
  public var updates: Int { optimizer.step }

  /// One step of the trainer's objective: advantages → micro-batches → backward → clip → AdamW.
  ///
  /// A rollout or trace without a reward, or one that is NaN, is left out and counted. Rollouts are scored at the
  /// temperature that they record, others at the option's. Equations: arXiv 2504.14945, §3; see docs/objective.md.
  public func step(
    _ groups: [RolloutGroup], isCancelled: @escaping () -> Bool = { false }
  ) throws -> StepMetrics {
    try run(groups, objective, isCancelled)
  }

  /// One supervised step on (prompt, response) pairs: the exact mean of −log π_θ over all response tokens.
  public func supervisedStep(
    _ examples: [(prompt: [TokenID], response: [TokenID])],
    isCancelled: @escaping () -> Bool = { false }
  ) throws -> StepMetrics {
    let groups = examples.map { example in
      RolloutGroup(
        promptIDs: example.prompt, rollouts: [],
        traces: [.trace(ids: example.response, reward: 1)])
    }
    return try run(groups, .sft(), isCancelled)
  }

  /// Leaves the gradients of a step in the model without the update.
  package func accumulateGradients(_ groups: [RolloutGroup]) throws {
    let rows = try TrainingRows(groups, model, temperature: options.temperature).rows
    try model.withWorkspace { workspace in
      _ = try Update(
        trainer: self, objective: objective, workspace: workspace, options: options,
        isCancelled: { false }
      ).accumulate(rows)
    }
  }

  private func run(
    _ groups: [RolloutGroup], _ objective: Objective, _ isCancelled: @escaping () -> Bool
  ) throws -> StepMetrics {
    try options.validate()
    let clock = ContinuousClock()
    let start = clock.now
    var rows = try TrainingRows(groups, model, temperature: options.temperature)
    let parts = try rows.parts(options.updatesPerStep)
    let longest =
      objective.followsLongestResponse
      ? rows.rows.reduce(longestResponse) { max($0, $1.response.count) } : longestResponse
    let batch = try TrainerError.naming(rows.rows) {
      try objective.prepare(rows.rows.map(\.objective), step: step)
    }.batchMetrics
    var metrics = StepMetrics(groups, batch)
    let fitted = try UpdateMemory(model, reference, options).fitted(
      UpdateMemory.microBatches(rows.rows))
    let backup = parts.count > 1 ? try StateBackup(self) : nil
    let accumulated = try GradientBackup(model)
    do {
      try model.withWorkspace { workspace in
        let update = Update(
          trainer: self, objective: objective, workspace: workspace, options: fitted,
          isCancelled: isCancelled, longestResponse: longest)
        try update.prepare(&rows, severalUpdates: parts.count > 1)
        for part in parts { metrics.add(try update.run(Array(rows.rows[part]))) }
      }
    } catch {
      backup?.restore(self)
      try accumulated.restore(model)
      throw error
    }
    step += 1
    longestResponse = longest
    metrics.finish(
      step: step, seconds: (clock.now - start) / .seconds(1),
      tokens: rows.rows.reduce(0) { $0 + $1.tokens })
    startEntropy = startEntropy ?? metrics.objective[.onEntropy]
    metrics.compareEntropy(start: startEntropy, band: options.entropyBand)
    return metrics
  }
}

/// Trained weights and moments before a step of several updates, to go back to.
private struct StateBackup {
  private let values: [Buffer<Float>.Owner]
  private let step: Int

  init(_ trainer: Trainer) throws {
    step = trainer.optimizer.step
    values = try Self.stores(trainer).map { store in
      try Buffer<Float>.Owner(copying: store, in: trainer.model.arena)
    }
  }

  func restore(_ trainer: Trainer) {
    for (store, saved) in zip(Self.stores(trainer), values) {
      store.baseAddress?.update(from: saved.buffer.pointer, count: store.count)
    }
    trainer.optimizer.step = step
    trainer.model.parametersDidChange()
  }

  private static func stores(_ trainer: Trainer) -> [UnsafeMutableBufferPointer<Float>] {
    [
      trainer.model.trainedSpan, trainer.optimizer.firstMoments.span,
      trainer.optimizer.secondMoments.span,
    ]
  }
}
