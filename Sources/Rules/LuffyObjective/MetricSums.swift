/// Sums and counts behind the metrics; those of any rows add up.
public struct MetricSums: Sendable, Hashable {
  private var sums = [Double](repeating: 0, count: ObjectiveMetric.allCases.count)
  private var counts = [Double](repeating: 0, count: ObjectiveMetric.allCases.count)

  public init() {}

  /// Counts one value; one beyond the float64 range, such as an unbounded ratio, is left out.
  mutating func add(_ value: Double, to metric: ObjectiveMetric) {
    guard value.isFinite else { return }
    sums[metric.rawValue] += value
    counts[metric.rawValue] += 1
  }

  mutating func add(_ condition: Bool, to metric: ObjectiveMetric) {
    add(condition ? 1 : 0, to: metric)
  }

  public mutating func add(_ other: MetricSums) {
    for index in sums.indices {
      sums[index] += other.sums[index]
      counts[index] += other.counts[index]
    }
  }

  /// The mean (or total); nil where nothing was counted.
  public subscript(metric: ObjectiveMetric) -> Double? {
    let count = counts[metric.rawValue]
    guard count > 0 else { return nil }
    return metric.isTotal ? sums[metric.rawValue] : sums[metric.rawValue] / count
  }
}
