import LuffyModel

/// The rows of a workload by their lengths alone: what `RowPacking` makes of such rows, as a few numbers.
struct UniformRows {
  private let workload: StepWorkload
  /// Rollouts and traces of a prompt.
  private let each: Int

  /// Of a workload that is valid.
  init(_ workload: StepWorkload) {
    self.workload = workload
    each = workload.rollouts + workload.traces
  }

  /// Prompt and response tokens of all rows.
  var tokens: Int {
    workload.prompts * each * (workload.promptTokens + workload.responseTokens)
  }

  /// Micro-batches of one kind.
  struct Batches {
    var count: Int
    /// Prompts that run, and rows that follow each.
    var families: Int
    var rows: Int
  }

  /// As `RowPacking.microBatches` cuts them.
  func microBatches(budget: Int, sharesPrompts: Bool) -> [Batches] {
    let rows = sharesPrompts ? each : 1
    let families = sharesPrompts ? workload.prompts : workload.prompts * each
    let together = max(1, budget / workload.responseTokens)
    if together < rows {
      return [
        Batches(count: families * (rows / together), families: 1, rows: together),
        Batches(count: families, families: 1, rows: rows % together),
      ].filter { $0.rows > 0 }
    }
    let whole = workload.promptTokens + rows * workload.responseTokens
    let most = max(1, budget / whole)
    return [
      Batches(count: families / most, families: most, rows: rows),
      Batches(count: 1, families: families % most, rows: rows),
    ].filter { $0.count > 0 && $0.families > 0 }
  }

  /// As `RowPacking` lays out one of them.
  func lengths(_ batch: Batches) -> PassLengths {
    let (prompt, response) = (workload.promptTokens, workload.responseTokens)
    var sequences = [
      PassLengths.Run(
        count: batch.families, tokens: batch.rows == 1 ? prompt + response - 1 : prompt)
    ]
    if batch.rows > 1 && response > 1 {
      sequences.append(
        .init(count: batch.families * batch.rows, tokens: response - 1, prefix: prompt))
    }
    return PassLengths(
      sequences: sequences,
      units: [.init(count: batch.families * batch.rows, predictions: response)])
  }
}
