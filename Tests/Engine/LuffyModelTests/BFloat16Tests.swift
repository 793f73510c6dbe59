import LuffyKernels
import LuffyModel
import LuffyTensor
import LuffyTestSupport
import Testing

@Suite(.enabled(if: ReferenceData.isPresent), .serialized) struct BFloat16Tests {
  /// Gradients within 2e-2 of the float64 reference over the whole model, each tensor within 6e-2.
  @Test(arguments: ReferenceModelTests.names) func gradients(_ name: String) throws {
    let reference = try ReferenceCheckpoint(name, precision: .bfloat16)
    let model = reference.model
    let scores = try model.score(reference.sequences)
    for (index, score) in scores.enumerated() {
      for token in 1..<score.logProbs.count {
        #expect(
          abs(Double(score.logProbs[token]) - reference.logProbs[index][token]) < 5e-2)
      }
    }
    try model.zeroGradients()
    try model.backward(
      reference.sequences, dLogProbs: reference.weights.map { $0.map(Float.init) },
      dEntropies: reference.weights.map { $0.map { _ in Float(reference.entropyWeight) } })
    let gradients = try model.gradients()
    var (total, whole) = (0.0, 0.0)
    for entry in model.layout.entries {
      let expected = try reference.gradient(entry)
      var (difference, norm) = (0.0, 0.0)
      for index in 0..<entry.count {
        let distance = Double(gradients[entry.offset + index]) - Double(expected[index])
        difference += distance * distance
        norm += Double(expected[index]) * Double(expected[index])
      }
      #expect((difference / norm).squareRoot() < 6e-2, "\(entry.name)")
      total += difference
      whole += norm
    }
    #expect((total / whole).squareRoot() < 2e-2)
    #expect(total > 0)
  }

  @Test(arguments: ReferenceModelTests.names) func companyAndThreadsChangeNoBit(
    _ name: String
  ) throws {
    ThreadCount.hold()
    defer { ThreadCount.release() }
    let reference = try ReferenceCheckpoint(name, precision: .bfloat16)
    let alone = try reference.sequences.map { try reference.model.score([$0])[0] }
    for threads in [1, 2, 3] {
      Threads.set(threads)
      #expect(try reference.model.score(reference.sequences) == alone)
    }
    Threads.set(Threads.coreCount)
  }
}
