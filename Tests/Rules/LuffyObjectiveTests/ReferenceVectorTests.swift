import LuffyJSON
import LuffyObjective
import LuffyRollout
import LuffyTestSupport
import Testing

/// The reference implementation's loss and advantage functions, run in float64 on random inputs.
@Suite(.enabled(if: ReferenceData.isPresent)) struct ReferenceVectorTests {
  @Test func `loss, advantages, gradients and metrics of every vector`() throws {
    for line in try VectorLine.all(in: "objective/reference_vectors.jsonl", count: 90) {
      try ReferenceVector(line).check()
    }
  }
}

/// One line of the file.
struct ReferenceVector {
  let line: VectorLine
  let rows: [ObjectiveRow]
  let scores: [TokenScores]

  init(_ line: VectorLine) {
    self.line = line
    let (lengths, old) = (line.lengths, line.values("old_logprob"))
    let behavior = line.values("behavior_prob")
    let teacher = line.node.doubles("teacher_tokens").map { Int($0) }
    let groups = line.node.doubles("group")
    let rewards = line.node.doubles("rewards")
    rows = lengths.indices.map { i in
      ObjectiveRow(
        group: Int(groups[i]), reward: rewards[i], source: teacher[i] > 0 ? .offPolicy : .onPolicy,
        tokenCount: lengths[i], offMask: (0..<lengths[i]).map { $0 < teacher[i] },
        oldLogprobs: old[i],
        behaviorLogprobs: behavior[i].isEmpty ? nil : behavior[i].map { naturalLog($0) })
    }
    scores = line.values("logprob").map { TokenScores(logprobs: $0) }
  }

  /// The reference's option strings as typed options.
  func objective() throws -> Objective {
    var result = ObjectiveOptions.reference(fixedLength: line.length)
    result.entropyCoefficient = 0
    let target = line.options["target"]?.bool == true
    result.behavior = target ? .given : .one
    result.offShaping =
      target ? .none : shaping("off", weight: line.options["off_w"]?.double ?? 1, "off_pow")
    result.onShaping = shaping("on", weight: line.options["on_w"]?.double ?? 1, "on_pow")
    if case .log = result.onShaping { result.onShaping = .log(weight: 1) }
    if line.options["remove_clip"]?.bool == false {
      let range = line.options["cliprange"]?.double ?? 0.2
      result.clipLow = range
      result.clipHigh = max((line.options["clip_upper"]?.double ?? 1) - 1, range)
    }
    result.offRatioMax = line.options["off_max"]?.double
    result.offRatioMin = line.options["off_min"]?.double
    result.probabilityMax = line.options["all_max"]?.double
    if line.options["fixed"]?.bool == false { result.aggregation = .tokenMean }
    let rule = line.options["adv"]?.string ?? ""
    result.baseline = rule.hasPrefix("split") ? .onPolicy : .group
    result.normalizeStd = rule.hasSuffix("std")
    return try result.makeObjective()
  }

  private func shaping(_ key: String, weight: Double, _ exponent: String) -> Shaping {
    switch line.options[key]?.string {
    case "logp": .log(weight: weight)
    case "p_logp": .pLog(weight: weight)
    case "square_root": .squareRoot
    case "pow": .power(exponent: line.options[exponent]?.double ?? 0.5)
    case "p_div_p_0.1": .saturating(gamma: 0.1)
    case "p_div_p_0.3": .saturating(gamma: 0.3)
    case "p_div_p_0.5": .saturating(gamma: 0.5)
    default: .none
    }
  }

  func check() throws {
    let seed = line.node["seed"]?.int ?? -1
    let result = try objective().evaluate(rows, scores: scores)
    expectClose(result.loss, line.node["loss"]?.double ?? .nan, "loss, seed \(seed)")
    let advantages = line.node.doubles("advantage")
    let gradients = line.node.doubles("d_logprob")
    for row in rows.indices {
      expectClose(result.advantages[row], advantages[row], "advantage \(row), seed \(seed)")
      for token in 0..<line.lengths[row] {
        expectClose(
          result.dLogprobs[row][token], gradients[row * line.length + token],
          "gradient \(row),\(token), seed \(seed)")
      }
    }
    try checkMetrics(result.metrics, seed)
  }

  /// The reference writes 0 where it guards an empty mean: absent here.
  private func checkMetrics(_ metrics: ObjectiveMetrics, _ seed: Int) throws {
    let names: [(String, ObjectiveMetric)] = [
      ("off_pg_loss", .offPolicyLoss), ("on_pg_loss", .onPolicyLoss),
      ("on_pg_clipfrac", .clipFraction), ("ppo_kl", .policyKL),
      ("off_policy_prob", .offPolicyProbability), ("on_policy_prob", .onPolicyProbability),
      ("off_ratio_mean", .offRatio), ("off_ratio_max_clip_frac", .offRatioMaxFraction),
      ("off_ratio_min_clip_frac", .offRatioMinFraction),
    ]
    for (name, metric) in names {
      let expected = line.node["metrics"]?[name]?.double
      guard let value = metrics[metric] else {
        #expect(expected == nil || expected == 0, "\(name) is absent, seed \(seed)")
        continue
      }
      expectClose(value, try #require(expected, "\(name), seed \(seed)"), "\(name), seed \(seed)")
    }
  }
}
