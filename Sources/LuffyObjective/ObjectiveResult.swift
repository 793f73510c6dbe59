/// One row's part of an update's loss, and its gradients. Parts of different rows add up.
public struct RowEvaluation: Sendable {
  /// This row's addend of the loss.
  public var loss = 0.0
  /// ∂loss/∂log π_θ, one a token; 0 where it is not trained on.
  public var dLogprobs: [Double]
  /// ∂loss/∂H, one a token.
  public var dEntropies: [Double]
  /// Importance ratio of each token as the last surrogate term that covers it saw it, before
  /// shaping and clipping; 0 where none does. May be infinite.
  public var ratios: [Double]
  /// What became of it after shaping and clipping.
  public var shapedRatios: [Double]
  public var metrics = MetricSums()

  init(tokens: Int) {
    dLogprobs = [Double](repeating: 0, count: tokens)
    dEntropies = dLogprobs
    ratios = dLogprobs
    shapedRatios = dLogprobs
  }
}

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
