import LuffyKernels
import LuffyModel
import LuffyTensor
import LuffyTestSupport
import Testing

@Suite(.serialized) struct AdapterTests {
  static let architectures: [ModelConfiguration.Architecture] = [.llama, .qwen2, .qwen3]
  static let precisions: [Precision] = [.float32, .bfloat16]

  private func base(
    _ architecture: ModelConfiguration.Architecture = .llama, _ precision: Precision = .float32
  ) throws -> Model {
    try Model(
      configuration: ModelConfiguration(
        architecture: architecture, vocabularySize: 41, width: 24, layers: 2, queryHeads: 4,
        keyValueHeads: 2, headWidth: 8, hiddenWidth: 40, tiedEmbeddings: architecture != .llama,
        attentionBias: architecture == .qwen2, initializerRange: 0.25), seed: 8,
      precision: precision)
  }

  /// Adapters whose B is not zero, as after some updates.
  private func trained(_ base: Model, _ options: AdapterOptions) throws -> Model {
    let model = try Model(adapting: base, options)
    let random = Philox(seed: 77)
    for index in 0..<model.trained.count {
      model.trainedValues[index] += Float(random.uniform(UInt32(index), 0, 0, 0) - 0.5) * 0.4
    }
    model.parametersDidChange()
    return model
  }

  private func options(_ targets: Set<AdapterTarget> = Set(AdapterTarget.allCases))
    -> AdapterOptions
  {
    AdapterOptions(rank: 3, alpha: 5, targets: targets, seed: 4)
  }

  private func sequence(_ count: Int, _ seed: Int) -> [Int32] {
    (0..<count).map { Int32(($0 * 17 + seed * 5 + $0 * $0 % 7) % 41) }
  }

  @Test(arguments: architectures, precisions) func newAdaptersChangeNoBit(
    _ architecture: ModelConfiguration.Architecture, _ precision: Precision
  ) throws {
    let base = try base(architecture, precision)
    let sequences = [sequence(40, 1), sequence(7, 2)]
    let model = try Model(adapting: base, options())
    #expect(try model.score(sequences) == base.score(sequences))
  }

  /// The adapters' products against a base whose weights are W + scale · B A, computed in Double.
  @Test(arguments: architectures, AdapterTarget.allCases) func equalsMergedWeights(
    _ architecture: ModelConfiguration.Architecture, _ target: AdapterTarget
  ) throws {
    let base = try base(architecture)
    let sequences = [sequence(40, 1), sequence(7, 2)]
    var options = options([target])
    options.isRankStabilized = architecture == .qwen2
    let model = try trained(base, options)
    let scale = options.isRankStabilized ? 5 / 3.0.squareRoot() : 5 / 3.0
    let merged = try self.base(architecture)
    let entries = model.trained.entries
    #expect(entries.count == 4)
    for (a, b) in zip(entries, entries.dropFirst()) where a.name.hasSuffix("lora_A.weight") {
      let name = a.name.dropFirst("base_model.model.".count).dropLast("lora_A.weight".count)
      let weight = merged.span(try merged.entry(name + "weight"))
      for index in weight.indices {
        let (row, column) = (index / a.shape[1], index % a.shape[1])
        let sum = (0..<3).reduce(0.0) { sum, rank in
          sum + Double(model.trainedValues[b.offset + row * 3 + rank])
            * Double(model.trainedValues[a.offset + rank * a.shape[1] + column])
        }
        weight[index] = Float(Double(weight[index]) + scale * sum)
      }
    }
    merged.parametersDidChange()
    let (found, expected) = (try model.score(sequences), try merged.score(sequences))
    let untouched = try base.score(sequences)
    for (index, score) in found.enumerated() {
      for (token, value) in score.logProbs.enumerated() {
        let distance: Float = abs(value - expected[index].logProbs[token])
        #expect(distance < 2e-4)
      }
      #expect(score.logProbs != untouched[index].logProbs)
    }
  }

  /// Every gradient of an adapter against central differences; recomputing changes no bit of them.
  @Test(arguments: architectures) func finiteDifferences(
    _ architecture: ModelConfiguration.Architecture
  ) throws {
    let model = try trained(base(architecture), options())
    let scores = WeightedScores(sequences: [sequence(80, 1), sequence(9, 2)])
    func gradients(recomputing: Bool) throws -> [Float] {
      try model.zeroGradients()
      try scores.backward(model, recomputing: recomputing)
      return Array(UnsafeBufferPointer(start: try model.gradients(), count: model.trained.count))
    }
    let found = try gradients(recomputing: false)
    #expect(try gradients(recomputing: true) == found)
    let step: Float = 2e-3
    for entry in model.trained.entries {
      for place in [0, entry.count / 2, entry.count - 1] {
        let index = entry.offset + place
        let value = model.trainedValues[index]
        func moved(_ by: Float) throws -> Double {
          model.trainedValues[index] = value + by
          model.parametersDidChange()
          return try scores.loss(model)
        }
        let (up, down): (Double, Double) = (try moved(step), try moved(-step))
        let numeric: Double = (up - down) / Double(2 * step)
        _ = try moved(0)
        let distance: Double = abs(Double(found[index]) - numeric)
        #expect(distance < 2e-2 * max(1, abs(numeric)), "\(entry.name)[\(place)]")
      }
    }
  }

  @Test(arguments: precisions) func companyOrderAndThreadsChangeNoBit(
    _ precision: Precision
  ) throws {
    ThreadCount.hold()
    defer { ThreadCount.release() }
    let model = try trained(base(.qwen3, precision), options())
    let sequences = (0..<7).map { sequence(1 + $0 * 11, $0) }
    let alone = try sequences.map { try model.score([$0])[0] }
    for threads in [1, 2, 3] {
      Threads.set(threads)
      #expect(try model.score(sequences) == alone)
      #expect(try model.score(sequences.reversed()) == alone.reversed())
    }
    Threads.set(Threads.coreCount)
  }

  /// The frozen weights are the base's own, and no gradient of them is held.
  @Test func theBaseIsSharedAndUntouched() throws {
    let base = try base()
    let sequences = [sequence(30, 3)]
    let before = try base.score(sequences)
    let model = try trained(base, options([.query, .down]))
    let count = model.trained.count
    #expect(
      model.trained.entries.map(\.name).first
        == "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight")
    let elements: Int = model.trained.entries.reduce(0) { $0 + $1.count }
    #expect(elements == 720)
    try model.zeroGradients()
    try model.backward(sequences, dLogProbs: [[Float](repeating: 1, count: 30)])
    let gradients = try model.gradients()
    model.update { values in
      for index in 0..<count { values[index] -= 0.1 * gradients[index] }
      for entry in model.trained.entries {
        model.withWorkspacePacking(entry)
      }
    }
    #expect(try base.score(sequences) == before)
    #expect(base.values.pointer == model.values.pointer)
  }

  @Test func refusesOptionsOutOfRange() throws {
    let base = try base()
    var rank = options()
    for wrong in [0, -1, AdapterOptions.maxRank + 1] {
      rank.rank = wrong
      #expect(throws: ModelError.self) { try Model(adapting: base, rank) }
    }
    var alpha = options()
    for wrong in [0, -1, .nan, .infinity, 1e300, 1e-300] {
      alpha.alpha = wrong
      #expect(throws: ModelError.self) { try Model(adapting: base, alpha) }
    }
    #expect(throws: ModelError.self) { try Model(adapting: base, options([])) }
    let adapted = try Model(adapting: base, options())
    #expect(throws: ModelError.self) { try Model(adapting: adapted, options()) }
  }
}

extension Model {
  fileprivate func withWorkspacePacking(_ entry: ParameterLayout.Entry) {
    try? withWorkspace { pack(offset: entry.offset, count: entry.count, $0) }
  }
}
