import LuffyObjective

extension TrainerError {
  /// Runs the body; where the objective refuses one of the rows, the error names its group and rollout.
  static func naming<R>(
    _ rows: [TrainingRows.Row], _ body: () throws -> R
  ) throws -> R {
    do { return try body() } catch let error as ObjectiveError {
      guard let row = error.row, rows.indices.contains(row) else { throw error }
      let text = error.description(ofRow: rows[row].place)
      if case .notFinite = error { throw TrainerError.nonFinite(text) }
      throw TrainerError.group(text)
    }
  }
}
