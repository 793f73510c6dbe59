import LuffyJSON
import LuffyObjective
import LuffyRollout
import LuffyTestSupport
import Testing

/// The reference implementation's loss and advantage functions, run in float64 on random inputs.
@Suite(.enabled(if: ReferenceData.isPresent)) struct ReferenceVectorTests {
  @Test func `loss, advantages, gradients and metrics of every vector`() throws {
    let documents = try ReferenceData.lines("objective/reference_vectors.jsonl")
    #expect(documents.count == 90)
    for document in documents {
      let vector = try #require(ReferenceVector(document.root))
      try vector.check()
    }
  }
}

/// One line of the file.
struct ReferenceVector {
  let node: JSONNode
  let options: JSONNode
  let length: Int
  let lengths: [Int]
  let rows: [ObjectiveRow]
  let scores: [TokenScores]

  init?(_ node: JSONNode) {
    guard let options = node["options"], let length = node["length"]?.int else { return nil }
    self.node = node
    self.options = options
    self.length = length
    let lengths = node.doubles("lengths").map { Int($0) }
    self.lengths = lengths
    func rowsOf(_ key: String) -> [[Double]] {
      let flat = node.doubles(key)
      return lengths.indices.map { i in
        flat.isEmpty ? [] : Array(flat[(i * length)..<(i * length + lengths[i])])
      }
    }
    let old = rowsOf("old_logprob")
    let behavior = rowsOf("behavior_prob")
    let teacher = node.doubles("teacher_tokens").map { Int($0) }
    let groups = node.doubles("group")
    let rewards = node.doubles("rewards")
    rows = lengths.indices.map { i in
      ObjectiveRow(
        group: Int(groups[i]), reward: rewards[i], source: teacher[i] > 0 ? .offPolicy : .onPolicy,
        tokenCount: lengths[i], offMask: (0..<lengths[i]).map { $0 < teacher[i] },
        oldLogprobs: old[i],
        behaviorLogprobs: behavior[i].isEmpty ? nil : behavior[i].map { naturalLog($0) })
    }
    scores = rowsOf("logprob").map { TokenScores(logprobs: $0) }
  }

  /// The reference's option strings as typed options.
  func objective() throws -> Objective {
    var result = ObjectiveOptions.reference(fixedLength: length)
    result.entropyCoefficient = 0
    let target = options["target"]?.bool == true
    result.behavior = target ? .given : .one
    result.offShaping =
      target ? .none : shaping("off", weight: options["off_w"]?.double ?? 1, "off_pow")
    result.onShaping = shaping("on", weight: options["on_w"]?.double ?? 1, "on_pow")
    if case .log = result.onShaping { result.onShaping = .log(weight: 1) }
    if options["remove_clip"]?.bool == false {
      let range = options["cliprange"]?.double ?? 0.2
      result.clipLow = range
      result.clipHigh = max((options["clip_upper"]?.double ?? 1) - 1, range)
    }
    result.offRatioMax = options["off_max"]?.double
    result.offRatioMin = options["off_min"]?.double
    result.probabilityMax = options["all_max"]?.double
    if options["fixed"]?.bool == false { result.aggregation = .tokenMean }
    let rule = options["adv"]?.string ?? ""
    result.baseline = rule.hasPrefix("split") ? .onPolicy : .group
    result.normalizeStd = rule.hasSuffix("std")
    return try result.makeObjective()
  }

  private func shaping(_ key: String, weight: Double, _ exponent: String) -> Shaping {
    switch options[key]?.string {
    case "logp": .log(weight: weight)
    case "p_logp": .pLog(weight: weight)
    case "square_root": .squareRoot
    case "pow": .power(exponent: options[exponent]?.double ?? 0.5)
    case "p_div_p_0.1": .saturating(gamma: 0.1)
    case "p_div_p_0.3": .saturating(gamma: 0.3)
    case "p_div_p_0.5": .saturating(gamma: 0.5)
    default: .none
    }
  }

  func check() throws {
    let seed = node["seed"]?.int ?? -1
    let result = try objective().evaluate(rows, scores: scores)
    expectClose(result.loss, node["loss"]?.double ?? .nan, "loss, seed \(seed)")
    let advantages = node.doubles("advantage")
    let gradients = node.doubles("d_logprob")
    for row in rows.indices {
      expectClose(result.advantages[row], advantages[row], "advantage \(row), seed \(seed)")
      for token in 0..<lengths[row] {
        expectClose(
          result.dLogprobs[row][token], gradients[row * length + token],
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
      let expected = node["metrics"]?[name]?.double
      guard let value = metrics[metric] else {
        #expect(expected == nil || expected == 0, "\(name) is absent, seed \(seed)")
        continue
      }
      expectClose(value, try #require(expected, "\(name), seed \(seed)"), "\(name), seed \(seed)")
    }
  }
}
