/// All measurements of a comparison, by arm, seed and point.
package struct SeedSeries: Sendable {
  /// In the order of their first line.
  package let arms: [String]
  /// The seeds that every arm has finished.
  package let seeds: [Int]
  /// The last point.
  package let points: Int
  private let table: [String: [Int: [Int: Measurement]]]

  /// Seeds that some arm has not finished are left out, so that every difference is paired.
  package init(_ measurements: [Measurement]) {
    var arms: [String] = []
    var table: [String: [Int: [Int: Measurement]]] = [:]
    for measurement in measurements {
      if table[measurement.arm] == nil { arms.append(measurement.arm) }
      table[measurement.arm, default: [:]][measurement.seed, default: [:]][measurement.point] =
        measurement
    }
    let last = measurements.map(\.point).max() ?? 0
    self.arms = arms
    self.table = table
    points = last
    seeds = Set(measurements.map(\.seed)).sorted().filter { seed in
      arms.allSatisfy { (table[$0]?[seed]?.count ?? 0) == last + 1 }
    }
  }

  package func measurement(_ arm: String, _ seed: Int, _ point: Int) -> Measurement? {
    table[arm]?[seed]?[point]
  }

  /// One value a finished seed at a point; seeds without one are left out.
  package func values(_ arm: String, _ measure: Measure, at point: Int) -> [Double] {
    seeds.compactMap { seed in
      measurement(arm, seed, point).flatMap { measure.value(of: $0) }
    }
  }

  /// Before training: the base.
  package func start(_ arm: String, _ measure: Measure) -> [Double] { values(arm, measure, at: 0) }

  package func end(_ arm: String, _ measure: Measure) -> [Double] {
    values(arm, measure, at: points)
  }

  /// End minus start, a seed.
  package func gain(_ arm: String, _ measure: Measure) -> [Double] {
    zip(end(arm, measure), start(arm, measure)).map { $0 - $1 }
  }

  /// The mean over all points after the first, a seed.
  package func average(_ arm: String, _ measure: Measure) -> [Double] {
    guard points > 0 else { return [] }
    return seeds.map { seed in
      let values = (1...points).compactMap { point in
        measurement(arm, seed, point).flatMap { measure.value(of: $0) }
      }
      return values.reduce(0, +) / Double(max(1, values.count))
    }
  }

  /// Mean teacher-token probability of one tenth at a point, a seed.
  package func deciles(_ arm: String, _ decile: Int, at point: Int) -> [Double] {
    seeds.compactMap { seed in
      guard let values = measurement(arm, seed, point)?.teacherDeciles,
        values.indices.contains(decile)
      else { return nil }
      return values[decile]
    }
  }

  /// Tokens spent at a point, the mean over seeds.
  package func tokens(_ arm: String, at point: Int) -> Double {
    let values = seeds.compactMap { measurement(arm, $0, point).map { Double($0.tokens) } }
    return values.reduce(0, +) / Double(max(1, values.count))
  }
}
