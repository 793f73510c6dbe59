/// The metrics of an update: typed, in a fixed order, absent (never NaN) where nothing was
/// counted.
public struct ObjectiveMetrics: Sendable, Hashable {
  private let sums: MetricSums

  public init(_ sums: MetricSums) { self.sums = sums }

  public subscript(metric: ObjectiveMetric) -> Double? { sums[metric] }

  /// The metrics that are there, in the order of `ObjectiveMetric`.
  public var present: [(name: String, value: Double)] {
    ObjectiveMetric.allCases.compactMap { metric in
      self[metric].map { (metric.name, $0) }
    }
  }
}
