import LuffyKernels
import LuffyModel
import LuffyTensor
import LuffyTestSupport
import Testing

@Suite(.serialized) struct ModelBehaviourTests {
  static let architectures: [ModelConfiguration.Architecture] = [.llama, .qwen2, .qwen3]

  private func model(_ architecture: ModelConfiguration.Architecture) throws -> Model {
    try Model(
      configuration: ModelConfiguration(
        architecture: architecture, vocabularySize: 41, width: 24, layers: 2, queryHeads: 4,
        keyValueHeads: 2, headWidth: 8, hiddenWidth: 40, tiedEmbeddings: architecture != .llama,
        attentionBias: architecture == .qwen2, initializerRange: 0.25), seed: 8)
  }

  private func sequence(_ count: Int, _ seed: Int) -> [Int32] {
    (0..<count).map { Int32(($0 * 17 + seed * 5 + $0 * $0 % 7) % 41) }
  }

  /// Whole-model gradients at a temperature, with the entropy term, over several blocks of keys, against central
  /// differences of the float32 loss summed in float64.
  @Test(arguments: architectures) func finiteDifferences(
    _ architecture: ModelConfiguration.Architecture
  ) throws {
    let model = try model(architecture)
    let scores = WeightedScores(sequences: [sequence(80, 1), sequence(9, 2)])
    try model.zeroGradients()
    try scores.backward(model)
    let gradients = try model.gradients()
    let step: Float = 2e-3
    for entry in model.layout.entries {
      for place in [0, entry.count / 2] {
        let index = entry.offset + place
        let value = model.values.pointer[index]
        model.values.pointer[index] = value + step
        model.parametersDidChange()
        let up = try scores.loss(model)
        model.values.pointer[index] = value - step
        model.parametersDidChange()
        let down = try scores.loss(model)
        model.values.pointer[index] = value
        model.parametersDidChange()
        let numeric = (up - down) / Double(2 * step)
        let found = Double(gradients[index])
        #expect(
          abs(found - numeric) < 2e-2 * max(1, abs(numeric)), "\(entry.name)[\(place)]")
      }
    }
  }

  @Test(arguments: architectures) func companyOrderAndThreadsChangeNoBit(
    _ architecture: ModelConfiguration.Architecture
  ) throws {
    ThreadCount.hold()
    defer { ThreadCount.release() }
    let model = try model(architecture)
    let sequences = (0..<7).map { sequence(1 + $0 * 11, $0) }
    let alone = try sequences.map { try model.score([$0])[0] }
    for threads in [1, 2, 3] {
      Threads.set(threads)
      #expect(try model.score(sequences) == alone)
      #expect(try model.score(sequences.reversed()) == alone.reversed())
    }
    Threads.set(Threads.coreCount)
  }

  @Test func gradientsAddUpOverCalls() throws {
    let model = try model(.qwen3)
    let sequences = [sequence(20, 1), sequence(33, 2)]
    let ones = sequences.map { $0.map { _ in Float(1) } }
    func gradients(_ body: () throws -> Void) throws -> [Float] {
      try model.zeroGradients()
      try body()
      return Array(UnsafeBufferPointer(start: try model.gradients(), count: model.layout.count))
    }
    let whole = try gradients { try model.backward(sequences, dLogProbs: ones) }
    let parts = try gradients {
      for index in sequences.indices {
        try model.backward([sequences[index]], dLogProbs: [ones[index]])
      }
    }
    let norm = whole.reduce(0.0) { $0 + Double($1 * $1) }
    let distance = zip(whole, parts).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
    #expect(norm > 0 && distance < 1e-12 * norm)
  }

  @Test func refusals() throws {
    let model = try model(.llama)
    #expect(throws: ModelError.self) { try model.score([[]]) }
    #expect(throws: ModelError.self) { try model.score([[41]]) }
    #expect(throws: ModelError.self) { try model.score([[-1]]) }
    #expect(throws: ModelError.self) { try model.score([[1]], temperature: 0) }
    #expect(throws: ModelError.self) { try model.score([[1]], temperature: Float(bitPattern: 1)) }
    #expect(throws: ModelError.self) { try model.backward([[1, 2]], dLogProbs: [[1]]) }
    #expect(throws: ModelError.self) { try model.backward([[1, 2]], dLogProbs: [[0, .nan]]) }
    #expect(throws: ModelError.cancelled) { try model.score([[1, 2]]) { true } }
    #expect(try model.score([]).isEmpty)
    #expect(try model.score([[3]])[0].logProbs == [0])
    model.values.pointer[model.layout.entries[2].offset] = .infinity
    model.parametersDidChange()
    #expect(throws: ModelError.self) { try model.score([[1, 2]]) }
    #expect(throws: ModelError.self) { try model.backward([[1, 2]], dLogProbs: [[0, 1]]) }
  }
}
