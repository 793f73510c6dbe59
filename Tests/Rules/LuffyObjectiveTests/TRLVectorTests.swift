import LuffyJSON
import LuffyObjective
import LuffyRollout
import LuffyTestSupport
import Testing

/// TRL's losses of the GRPO family, run in float64 on random inputs; advantages are given.
@Suite(.enabled(if: ReferenceData.isPresent)) struct TRLVectorTests {
  @Test func `loss, gradients and metrics of every vector`() throws {
    for line in try VectorLine.all(in: "objective/trl_vectors.jsonl", count: 100) {
      try TRLVector(line).check()
    }
  }
}

struct TRLVector {
  let line: VectorLine
  let rows: [ObjectiveRow]
  let scores: [TokenScores]

  init(_ line: VectorLine) {
    self.line = line
    let (old, reference) = (line.values("old_logprob"), line.values("ref_logprob"))
    let isCurrent = line.options["old_is_current"]?.bool == true
    let advantages = line.node.doubles("advantages")
    rows = line.lengths.indices.map { i in
      ObjectiveRow(
        group: 0, reward: 0, tokenCount: line.lengths[i], oldLogprobs: isCurrent ? nil : old[i],
        referenceLogprobs: reference[i], advantage: advantages[i])
    }
    scores = zip(line.values("logprob"), line.values("entropy")).map {
      TokenScores(logprobs: $0, entropies: $1)
    }
  }

  func objective() -> Objective {
    let kind = line.options["loss_type"]?.string ?? ""
    let low = line.options["epsilon_low"]?.double ?? 0.2
    let high = line.options["epsilon_high"]?.double ?? 0.2
    let clip: Clip =
      switch kind {
      case "cispo": .detached(min: nil, max: high)
      case "sapo": .soft(positive: 1, negative: 1.05)
      default: .pessimistic(low: low, high: high, dual: line.options["delta"]?.double)
      }
    let aggregation: Aggregation =
      switch kind {
      case "grpo", "sapo": Aggregation(.sequenceMean)
      case "dr_grpo": Aggregation(.fixedLength(line.options["max_completion_length"]?.int ?? 0))
      default: Aggregation(.tokenMean)
      }
    let isSequence = line.options["importance_sampling_level"]?.string == "sequence"
    let surrogate = Surrogate(.old, level: isSequence ? .sequence : .token, clip: clip)
    return Objective(terms: [
      Term(.surrogate(surrogate), aggregation: aggregation),
      Term(
        .kl(.k3), aggregation: aggregation,
        coefficient: .constant(line.options["beta"]?.double ?? 0)),
      Term(
        .entropy, aggregation: Aggregation(.tokenMean),
        coefficient: .constant(line.options["entropy_coef"]?.double ?? 0)),
    ])
  }

  func check() throws {
    let seed = line.node["seed"]?.int ?? -1
    let result = try objective().evaluate(rows, scores: scores)
    expectClose(result.loss, line.node["loss"]?.double ?? .nan, "loss, seed \(seed)")
    let (dLogprob, dEntropy) = (line.node.doubles("d_logprob"), line.node.doubles("d_entropy"))
    for row in rows.indices {
      for token in 0..<line.lengths[row] {
        let place = "\(row),\(token), seed \(seed)"
        expectClose(
          result.dLogprobs[row][token], dLogprob[row * line.length + token], "dLogprob \(place)")
        // An entropy coefficient of 0 leaves the file without this array.
        let expected = dEntropy.isEmpty ? 0 : dEntropy[row * line.length + token]
        expectClose(result.dEntropies[row][token], expected, "dEntropy \(place)")
      }
    }
    checkMetrics(result.metrics, seed)
  }

  private func checkMetrics(_ metrics: ObjectiveMetrics, _ seed: Int) {
    var names: [(String, ObjectiveMetric)] = [("entropy", .entropy), ("kl", .referenceKL)]
    if line.options["importance_sampling_level"]?.string == "token" {
      // At sequence level TRL averages over rows, these over tokens.
      names += [
        ("clip_ratio/low_mean", .clipLowFraction), ("clip_ratio/high_mean", .clipHighFraction),
        ("cispo_clip_ratio", .clipHighFraction),
      ]
    }
    for (name, metric) in names {
      guard let expected = line.node["metrics"]?[name]?.double else { continue }
      expectClose(metrics[metric] ?? .nan, expected, "\(name), seed \(seed)")
    }
  }
}
