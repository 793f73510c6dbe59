import LuffyModel
import LuffyObjective
import LuffyRollout

/// Rows of a micro-batch through the model: scores of their response tokens, or a loss of them and its gradients.
struct ResponsePass {
  private let pass: TrainingPass
  private let predictions: [TrainingPass.Prediction]
  /// Response tokens of each row.
  private let counts: [Int]

  init(
    _ model: Model, _ workspace: Workspace, _ rows: [TrainingRows.Row], keeping: Bool,
    options: TrainerOptions, isCancelled: @escaping () -> Bool
  ) throws {
    let packing = RowPacking(rows, sharesPrompts: options.sharesPrompts)
    predictions = packing.predictions
    counts = rows.map(\.response.count)
    pass = try TrainingPass(
      model, workspace, sequences: packing.sequences, keeping: keeping,
      recomputing: options.recomputesActivations, isCancelled: isCancelled)
  }

  /// Scores of all rows.
  func scores() throws -> [TokenScores] {
    let scores = try pass.score(predictions)
    return rows(of: 0..<predictions.count).map { Self.scores($0.tokens, scores, from: 0) }
  }

  /// Adds the gradients of a loss that is given each row's scores, rows in order.
  func train(_ evaluate: (_ row: Int, TokenScores) throws -> RowEvaluation) throws {
    try pass.train(predictions, units: counts) { range, scores in
      let evaluations = try rows(of: range).map {
        try evaluate($0.row, Self.scores($0.tokens, scores, from: range.lowerBound))
      }
      return .init(
        dLogProbs: evaluations.flatMap { $0.dLogprobs.map(Float.init) },
        dEntropies: evaluations.flatMap { $0.dEntropies.map(Float.init) })
    }
  }

  /// The rows that make up some predictions, and the predictions of each.
  private func rows(of range: Range<Int>) -> [(row: Int, tokens: Range<Int>)] {
    var next = 0
    return counts.indices.compactMap { row in
      let tokens = next..<next + counts[row]
      next = tokens.upperBound
      return tokens.lowerBound >= range.lowerBound && tokens.upperBound <= range.upperBound
        ? (row, tokens) : nil
    }
  }

  private static func scores(
    _ tokens: Range<Int>, _ scores: TrainingPass.Scores, from first: Int
  ) -> TokenScores {
    let range = tokens.lowerBound - first..<tokens.upperBound - first
    return TokenScores(
      logprobs: scores.logProbs[range].map(Double.init),
      entropies: scores.entropies[range].map(Double.init))
  }
}
