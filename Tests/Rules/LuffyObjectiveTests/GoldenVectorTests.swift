import LuffyObjective
import LuffyRollout
import Testing

/// Three rows of three positions, worked by hand: the trace first, the last position of the first
/// and third rows masked out.
@Suite struct GoldenVectorTests {
  static let probabilities = [[0.5, 0.02, 0.5], [0.9, 0.3, 0.05], [0.6, 0.4, 0.5]]
  static let old = [[0.48, 0.03, 0.5], [0.8, 0.35, 0.10], [0.4, 0.39, 0.5]]
  static let masks = [[true, true, false], [true, true, true], [true, true, false]]

  var rows: [ObjectiveRow] {
    (0..<3).map { i in
      ObjectiveRow(
        group: 0, reward: [1, 0, 1][i], source: i == 0 ? .offPolicy : .onPolicy, tokenCount: 3,
        responseMask: ResponseMask(Self.masks[i]), oldLogprobs: Self.old[i].map { naturalLog($0) },
        behaviorLogprobs: i == 0 ? [0.5, 0.1, 1].map { naturalLog($0 + 1e-6) } : nil)
    }
  }

  var scores: [TokenScores] {
    Self.probabilities.map { TokenScores(logprobs: $0.map { naturalLog($0) }) }
  }

  /// The published options at the reference's scale, changed by `change`.
  func evaluate(_ change: (inout ObjectiveOptions) -> Void) throws -> ObjectiveResult {
    var options = ObjectiveOptions.reference(fixedLength: 3)
    options.entropyCoefficient = 0
    change(&options)
    return try options.makeObjective().evaluate(rows, scores: scores)
  }

  func expectLoss(
    _ expected: Double, _ what: String, _ change: (inout ObjectiveOptions) -> Void
  ) throws {
    expectClose(try evaluate(change).loss, expected, what, relative: 0, absolute: 1e-10)
  }

  @Test func `the published configuration`() throws {
    let result = try evaluate { _ in }
    expectClose(result.loss, 0.1598494098494, "loss", relative: 0, absolute: 1e-12)
    let gradient = [
      [-0.0154320988, -0.0154320988, 0], [0.25, 0.1904761905, 0.1111111111],
      [-0.1666666667, -0.1139601140, 0],
    ]
    for (row, expected) in zip(result.dLogprobs, gradient) {
      for (value, expected) in zip(row, expected) {
        expectClose(value, expected, "gradient", relative: 0, absolute: 1e-10)
      }
    }
    for (value, expected) in zip(result.advantages, [1.0 / 3, -2.0 / 3, 1.0 / 3]) {
      expectClose(value, expected, "advantage", relative: 1e-14)
    }
  }

  @Test func `clips and aggregations`() throws {
    try expectLoss(0.0685068899, "token mean") { $0.aggregation = .tokenMean }
    let clip: (inout ObjectiveOptions) -> Void = { ($0.clipLow, $0.clipHigh) = (0.2, 0.2) }
    try expectLoss(0.2598494098, "clip, fixed length", clip)
    try expectLoss(0.1113640328, "clip, token mean") {
      clip(&$0)
      $0.aggregation = .tokenMean
    }
    try expectLoss(0.1075545090, "clip higher") {
      ($0.clipLow, $0.clipHigh, $0.aggregation) = (0.2, 0.28, .tokenMean)
    }
    try expectLoss(-0.0901505902, "probability at most 0.6, fixed length") {
      $0.probabilityMax = 0.6
    }
    try expectLoss(-0.0450752951, "probability at most 0.6, token mean") {
      ($0.probabilityMax, $0.aggregation) = (0.6, .tokenMean)
    }
    try expectLoss(0.0939037153, "off ratio at most 0.3") {
      ($0.offRatioMax, $0.aggregation) = (0.3, .tokenMean)
    }
    try expectLoss(0.0621576836, "off ratio at least 0.3") {
      ($0.offRatioMin, $0.aggregation) = (0.3, .tokenMean)
    }
    try expectLoss(0.0589832709, "given teacher") {
      ($0.behavior, $0.offShaping, $0.aggregation) = (.given, .none, .tokenMean)
    }
  }

  @Test(arguments: [
    (Shaping.none, 0.0913640328), (.log(weight: 0.1), 0.1380553194),
    (.pLog(weight: 0.1), 0.1132934146), (.squareRoot, 0.0757198358),
    (.power(exponent: 0.5), 0.0757198358), (.saturating(gamma: 0.3), 0.0833878423),
    (.saturating(gamma: 0.5), 0.0904849119),
  ]) func `shaping of traces`(shaping: Shaping, expected: Double) throws {
    try expectLoss(expected, "\(shaping)") {
      ($0.offShaping, $0.aggregation) = (shaping, .tokenMean)
    }
  }

  @Test(arguments: [
    (Shaping.log(weight: 1), -0.1376101222, 0.1604389088),
    (.pLog(weight: 0.1), 0.0595077825, 0.1108971133),
    (.squareRoot, 0.1023661841, 0.1123914846),
    (.saturating(gamma: 0.1), 0.1052546660, 0.1179530787),
    (.saturating(gamma: 0.5), 0.0838145541, 0.1093556796),
  ]) func `shaping of rollouts`(shaping: Shaping, free: Double, clipped: Double) throws {
    try expectLoss(free, "\(shaping)") { ($0.onShaping, $0.aggregation) = (shaping, .tokenMean) }
    try expectLoss(clipped, "\(shaping), clip") {
      ($0.onShaping, $0.aggregation, $0.clipLow, $0.clipHigh) = (shaping, .tokenMean, 0.2, 0.2)
    }
  }

  @Test func `metrics`() throws {
    let free = try evaluate { $0.aggregation = .tokenMean }.metrics
    let clipped = try evaluate {
      ($0.aggregation, $0.clipLow, $0.clipHigh) = (.tokenMean, 0.2, 0.2)
    }.metrics
    let expected: [(ObjectiveMetrics, ObjectiveMetric, Double)] = [
      (free, .policyKL, 0.0947678603), (free, .offRatio, 0.5), (free, .offPolicyProbability, 0.26),
      (free, .onPolicyProbability, 0.408), (free, .offPolicyLoss, -0.1666666667),
      (free, .onPolicyLoss, 0.1625763126), (free, .clipFraction, 0),
      (clipped, .clipFraction, 2.0 / 7), (clipped, .onPolicyLoss, 0.2225763126),
    ]
    for (metrics, metric, value) in expected {
      expectClose(metrics[metric] ?? .nan, value, metric.name, relative: 0, absolute: 1e-10)
    }
    #expect(free[.entropy] == nil)
    #expect(free[.referenceKL] == nil)
  }
}
