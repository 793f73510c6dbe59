/// A whole update: what `Objective.evaluate` returns.
public struct ObjectiveResult: Sendable {
  public let loss: Double
  /// One advantage a row.
  public let advantages: [Double]
  public let rows: [RowEvaluation]
  public let metrics: ObjectiveMetrics

  /// Adds the rows up in their order.
  init(advantages: [Double], rows: [RowEvaluation]) {
    var sums = MetricSums()
    for row in rows { sums.add(row.metrics) }
    self.loss = rows.reduce(0) { $0 + $1.loss }
    self.advantages = advantages
    self.rows = rows
    self.metrics = ObjectiveMetrics(sums)
  }

  public var dLogprobs: [[Double]] { rows.map(\.dLogprobs) }
  public var dEntropies: [[Double]] { rows.map(\.dEntropies) }
}
