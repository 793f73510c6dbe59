import LuffyModel

/// A loss whose gradients are given: log-probs and entropies of two texts, each with a weight of its own.
struct WeightedScores {
  let sequences: [[Int32]]
  let temperature: Float = 0.8

  var dLogProbs: [[Float]] { sequences.map { $0.indices.map { Float(($0 % 5) - 2) * 0.3 } } }
  var dEntropies: [[Float]] { sequences.map { $0.indices.map { Float(($0 % 3) - 1) * 0.2 } } }

  /// Summed in float64.
  func loss(_ model: Model) throws -> Double {
    let (dLogProbs, dEntropies) = (dLogProbs, dEntropies)
    var total = 0.0
    for (index, score) in try model.score(sequences, temperature: temperature).enumerated() {
      for token in 1..<score.logProbs.count {
        total += Double(score.logProbs[token]) * Double(dLogProbs[index][token])
        total += Double(score.entropies[token]) * Double(dEntropies[index][token])
      }
    }
    return total
  }

  /// Adds its gradients to the model's.
  func backward(_ model: Model, recomputing: Bool = false) throws {
    try model.backward(
      sequences, dLogProbs: dLogProbs, dEntropies: dEntropies, temperature: temperature,
      recomputing: recomputing)
  }
}
