import LuffyModel
import LuffyTestSupport
import Testing

@Suite(.enabled(if: ReferenceData.isPresent))
struct ReferenceModelTests {
  static let names = ["qwen2-tied", "llama-untied", "qwen3"]

  @Test(arguments: names) func logProbsAndEntropies(_ name: String) throws {
    let reference = try ReferenceCheckpoint(name)
    let scores = try reference.model.score(reference.sequences)
    var worst = 0.0
    for (index, score) in scores.enumerated() {
      for token in 1..<score.logProbs.count {
        worst = max(
          worst, abs(Double(score.logProbs[token]) - reference.logProbs[index][token]),
          abs(Double(score.entropies[token]) - reference.entropies[index][token]))
      }
    }
    #expect(worst < 1e-5)
  }

  @Test(arguments: names, [false, true]) func gradients(_ name: String, recomputing: Bool) throws {
    let reference = try ReferenceCheckpoint(name)
    let model = reference.model
    try model.zeroGradients()
    try model.backward(
      reference.sequences, dLogProbs: reference.weights.map { $0.map(Float.init) },
      dEntropies: reference.weights.map { $0.map { _ in Float(reference.entropyWeight) } },
      recomputing: recomputing)
    let gradients = try model.gradients()
    for entry in model.layout.entries {
      let expected = try reference.gradient(entry)
      var difference = 0.0
      var norm = 0.0
      for index in 0..<entry.count {
        let distance = Double(gradients[entry.offset + index]) - Double(expected[index])
        difference += distance * distance
        norm += Double(expected[index]) * Double(expected[index])
      }
      #expect((difference / norm).squareRoot() < 1e-4, "\(entry.name)")
    }
  }
}
