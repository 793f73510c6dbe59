import LuffyModel
import LuffyObjective
import LuffyOptimizer
import LuffyRollout
import LuffyTensor

/// What one optimiser update reports.
struct UpdateResult {
  var sums: MetricSums
  var gradientNorm: Double
  var rate: Double
  /// Nothing taught: weights, moments and the count of updates are as they were.
  var isSkipped = false
}

/// What the rows of an update came to.
struct AccumulatedUpdate {
  var sums = MetricSums()
  /// A policy-gradient or likelihood term had a gradient.
  var hasSignal = false
  /// Without one the update is left out.
  var isSkippable: Bool
}

/// One optimiser update of a step: rows → gradients → clip → AdamW.
struct Update {
  let trainer: Trainer
  let objective: Objective
  let workspace: Workspace
  /// The trainer's, fitted to the memory limit.
  let options: TrainerOptions
  let isCancelled: () -> Bool
  /// L of fixed lengths without one of their own.
  var longestResponse: Int?

  private var model: Model { trainer.model }

  /// Old and reference log-probs, where the objective or several updates need them.
  ///
  /// At a step's only update a rollout without recorded log-probs has π_old = π_θ.
  func prepare(_ rows: inout TrainingRows, severalUpdates: Bool) throws {
    var stale: [Int] = []
    for index in rows.rows.indices where rows.rows[index].hasOwnTokens {
      let hasOld = rows.rows[index].objective.oldLogprobs != nil
      if options.recomputesOldLogprobs || (severalUpdates && !hasOld) { stale.append(index) }
    }
    if severalUpdates || !options.recomputesOldLogprobs {
      for (index, scores) in try score(rows.rows, stale, model) {
        rows.setOldLogprobs(scores.logprobs, row: index)
      }
    } else {
      for index in stale { rows.clearOldLogprobs(row: index) }
    }
    if objective.needsReference, let reference = trainer.reference {
      for (index, scores) in try score(rows.rows, Array(rows.rows.indices), reference) {
        rows.setReferenceLogprobs(scores.logprobs, row: index)
      }
    }
  }

  /// Scores of some rows under a model, without gradients.
  private func score(
    _ rows: [TrainingRows.Row], _ indices: [Int], _ model: Model
  ) throws -> [(Int, TokenScores)] {
    // The trained model's scratch memory is already this update's.
    if model === trainer.model { return try score(rows, indices, model, workspace) }
    return try model.withWorkspace { try score(rows, indices, model, $0) }
  }

  private func score(
    _ rows: [TrainingRows.Row], _ indices: [Int], _ model: Model, _ workspace: Workspace
  ) throws -> [(Int, TokenScores)] {
    var results: [(Int, TokenScores)] = []
    for chosen in batches(indices, of: rows) {
      let pass = try ResponsePass(
        model, workspace, chosen.map { rows[$0] }, keeping: false, options: options,
        isCancelled: isCancelled)
      results += zip(chosen, try pass.scores())
    }
    return results
  }

  /// Some of the rows in micro-batches.
  private func batches(_ indices: [Int], of rows: [TrainingRows.Row]) -> [ArraySlice<Int>] {
    RowPacking.microBatches(
      indices.map { rows[$0] }, budget: options.microBatchTokens,
      sharesPrompts: options.sharesPrompts
    ).map { indices[$0] }
  }

  /// Gradients of all rows, then one AdamW update.
  func run(_ rows: [TrainingRows.Row]) throws -> UpdateResult {
    let accumulated = try accumulate(rows)
    if isCancelled() { throw ModelError.cancelled }
    if accumulated.isSkippable && !accumulated.hasSignal { return try skip(accumulated.sums) }
    return try apply(accumulated.sums)
  }

  /// The model's gradients become those of all rows. Rows that cannot teach are only scored, for the metrics.
  func accumulate(_ rows: [TrainingRows.Row]) throws -> AccumulatedUpdate {
    var prepared = try TrainerError.naming(rows) {
      try objective.prepare(
        rows.map(\.objective), step: trainer.step, longestResponse: longestResponse)
    }
    if prepared.needsCounting {
      let scores = try score(rows, Array(rows.indices), model)
      prepared = try TrainerError.naming(rows) {
        try prepared.counting(logprobs: scores.map(\.1.logprobs))
      }
    }
    try model.zeroGradients()
    var result = AccumulatedUpdate(isSkippable: prepared.isSkippable)
    let trains = !prepared.isSkippable || prepared.maySignal
    let kept = rows.indices.filter { prepared.isKept[$0] }
    for indices in batches(kept, of: rows) {
      let pass = try ResponsePass(
        model, workspace, indices.map { rows[$0] }, keeping: trains, options: options,
        isCancelled: isCancelled)
      let evaluate = { (row: Int, scores: TokenScores) throws -> RowEvaluation in
        let index = indices[indices.startIndex + row]
        let evaluation = try TrainerError.naming(rows) {
          try prepared.evaluate(row: index, scores: scores)
        }
        if !evaluation.loss.isFinite {
          throw TrainerError.nonFinite("\(rows[index].place): its loss is \(evaluation.loss)")
        }
        result.sums.add(evaluation.metrics)
        result.hasSignal = result.hasSignal || evaluation.hasSignal
        return evaluation
      }
      if trains {
        try pass.train(evaluate)
      } else {
        for (row, scores) in try pass.scores().enumerated() { _ = try evaluate(row, scores) }
      }
    }
    return result
  }

  private func skip(_ sums: MetricSums) throws -> UpdateResult {
    try model.zeroGradients()
    return UpdateResult(
      sums: sums, gradientNorm: 0, rate: options.optimizer.rate(step: trainer.optimizer.step + 1),
      isSkipped: true)
  }

  private func apply(_ sums: MetricSums) throws -> UpdateResult {
    let optimizer = trainer.optimizer
    let gradients = try model.gradients()
    let norm = optimizer.norm(gradients)
    if !norm.isFinite { throw TrainerError.nonFinite("gradient norm") }
    let scale = options.maxGradNorm.map { min(1, $0 / (norm + 1e-6)) } ?? 1
    try checkUpdate(norm: norm, scale: scale, gradients)
    model.update { values in
      optimizer.update(values, gradients, scale: scale, options.optimizer) { piece in
        model.pack(offset: piece.offset, count: piece.count, workspace)
      }
    }
    optimizer.remember(version: model.version)
    return UpdateResult(
      sums: sums, gradientNorm: norm,
      rate: options.optimizer.rate(step: optimizer.step))
  }

  /// Refuses an update that would leave a weight or moment that is not finite, before anything is written.
  private func checkUpdate(
    norm: Double, scale: Double, _ gradients: UnsafePointer<Float>
  ) throws(TrainerError) {
    let optimizer = trainer.optimizer
    let fault = optimizer.fault(
      model.trainedValues, gradients, norm: norm, (scale, options.optimizer),
      version: model.version)
    guard let fault, let entry = model.trained.entries.last(where: { $0.offset <= fault.index })
    else { return }
    let rate = options.optimizer.rate(step: optimizer.step + 1)
    throw .nonFinite(
      "the \(fault.what) of \(entry.name), element \(fault.index - entry.offset), after an update at rate \(rate), "
        + "eps \(options.optimizer.epsilon) and a gradient norm of \(norm): a lower lr, a higher eps or a "
        + "max_grad_norm is needed")
  }
}
