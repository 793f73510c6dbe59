import LuffyModel
import LuffyObjective
import LuffyRollout

/// Rows of a micro-batch through the model: scores of their response tokens, and gradients back.
struct ResponsePass {
  private let pass: TrainingPass
  private(set) var scores: [TokenScores] = []

  init(
    _ model: Model, _ workspace: Workspace, _ rows: [TrainingRows.Row], keeping: Bool,
    options: TrainerOptions, isCancelled: @escaping () -> Bool
  ) throws {
    let packing = RowPacking(rows, sharesPrompts: options.sharesPrompts)
    pass = try TrainingPass(
      model, workspace, sequences: packing.sequences, keeping: keeping,
      recomputing: options.recomputesActivations, isCancelled: isCancelled)
    let result = try pass.forward(packing.predictions, temperature: options.temperature)
    var next = 0
    for row in rows {
      let range = next..<next + row.response.count
      next = range.upperBound
      scores.append(
        TokenScores(
          logprobs: result.logProbs[range].map(Double.init),
          entropies: result.entropies[range].map(Double.init)))
    }
  }

  func backward(_ evaluations: [RowEvaluation]) throws {
    try pass.backward(
      dLogProbs: evaluations.flatMap { $0.dLogprobs.map(Float.init) },
      dEntropies: evaluations.flatMap { $0.dEntropies.map(Float.init) })
  }
}
