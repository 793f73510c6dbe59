import LuffyJSON
import LuffyObjective
import LuffyRollout
import LuffyTestSupport
import Testing

/// TRL's losses of the GRPO family, run in float64 on random inputs; advantages are given.
@Suite(.enabled(if: ReferenceData.isPresent)) struct TRLVectorTests {
  @Test func `loss, gradients and metrics of every vector`() throws {
    let documents = try ReferenceData.lines("objective/trl_vectors.jsonl")
    #expect(documents.count == 100)
    for document in documents {
      let vector = try #require(TRLVector(document.root))
      try vector.check()
    }
  }
}

struct TRLVector {
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
    func values(_ key: String) -> [[Double]] {
      let flat = node.doubles(key)
      return lengths.indices.map { Array(flat[($0 * length)..<($0 * length + lengths[$0])]) }
    }
    let (old, reference) = (values("old_logprob"), values("ref_logprob"))
    let isCurrent = options["old_is_current"]?.bool == true
    let advantages = node.doubles("advantages")
    rows = lengths.indices.map { i in
      ObjectiveRow(
        group: 0, reward: 0, tokenCount: lengths[i], oldLogprobs: isCurrent ? nil : old[i],
        referenceLogprobs: reference[i], advantage: advantages[i])
    }
    scores = zip(values("logprob"), values("entropy")).map {
      TokenScores(logprobs: $0, entropies: $1)
    }
  }

  func objective() -> Objective {
    let kind = options["loss_type"]?.string ?? ""
    let low = options["epsilon_low"]?.double ?? 0.2
    let high = options["epsilon_high"]?.double ?? 0.2
    let clip: Clip =
      switch kind {
      case "cispo": .detached(min: nil, max: high)
      case "sapo": .soft(positive: 1, negative: 1.05)
      default: .pessimistic(low: low, high: high, dual: options["delta"]?.double)
      }
    let aggregation: Aggregation =
      switch kind {
      case "grpo", "sapo": Aggregation(.sequenceMean)
      case "dr_grpo": Aggregation(.fixedLength(options["max_completion_length"]?.int ?? 0))
      default: Aggregation(.tokenMean)
      }
    let isSequence = options["importance_sampling_level"]?.string == "sequence"
    let surrogate = Surrogate(.old, level: isSequence ? .sequence : .token, clip: clip)
    return Objective(terms: [
      Term(.surrogate(surrogate), aggregation: aggregation),
      Term(
        .kl(.k3), aggregation: aggregation, coefficient: .constant(options["beta"]?.double ?? 0)),
      Term(
        .entropy, aggregation: Aggregation(.tokenMean),
        coefficient: .constant(options["entropy_coef"]?.double ?? 0)),
    ])
  }

  func check() throws {
    let seed = node["seed"]?.int ?? -1
    let result = try objective().evaluate(rows, scores: scores)
    expectClose(result.loss, node["loss"]?.double ?? .nan, "loss, seed \(seed)")
    let (dLogprob, dEntropy) = (node.doubles("d_logprob"), node.doubles("d_entropy"))
    for row in rows.indices {
      for token in 0..<lengths[row] {
        let place = "\(row),\(token), seed \(seed)"
        expectClose(
          result.dLogprobs[row][token], dLogprob[row * length + token], "dLogprob \(place)")
        // An entropy coefficient of 0 leaves the file without this array.
        let expected = dEntropy.isEmpty ? 0 : dEntropy[row * length + token]
        expectClose(result.dEntropies[row][token], expected, "dEntropy \(place)")
      }
    }
    checkMetrics(result.metrics, seed)
  }

  private func checkMetrics(_ metrics: ObjectiveMetrics, _ seed: Int) {
    var names: [(String, ObjectiveMetric)] = [("entropy", .entropy), ("kl", .referenceKL)]
    if options["importance_sampling_level"]?.string == "token" {
      // At sequence level TRL averages over rows, these over tokens.
      names += [
        ("clip_ratio/low_mean", .clipLowFraction), ("clip_ratio/high_mean", .clipHighFraction),
        ("cispo_clip_ratio", .clipHighFraction),
      ]
    }
    for (name, metric) in names {
      guard let expected = node["metrics"]?[name]?.double else { continue }
      expectClose(metrics[metric] ?? .nan, expected, "\(name), seed \(seed)")
    }
  }
}
