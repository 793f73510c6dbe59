import LuffyModel

/// Random small shapes that reach every branch: heads narrower and wider than a panel, odd widths, q/k norms, biases.
enum TinyModel {
  static func configuration(_ seed: Int) -> ModelConfiguration {
    var random = SplitMix(state: UInt64(seed))
    let architectures: [ModelConfiguration.Architecture] = [.llama, .qwen2, .qwen3]
    let keyHeads = random.pick([1, 2, 3])
    let architecture = random.pick(architectures)
    return ModelConfiguration(
      architecture: architecture, vocabularySize: random.pick([17, 97, 1025, 2100]),
      width: random.pick([24, 32, 50]), layers: random.pick([1, 2, 3]),
      queryHeads: keyHeads * random.pick([1, 2, 3]), keyValueHeads: keyHeads,
      headWidth: random.pick([2, 8, 16, 34, 64]), hiddenWidth: random.pick([20, 56, 96]),
      normEpsilon: 1e-6, ropeTheta: 10000, ropeScaling: scaling(seed), maximumPositions: 512,
      tiedEmbeddings: random.pick([true, false]), attentionBias: architecture == .qwen2,
      initializerRange: 0.3, bosID: nil, eosIDs: [3])
  }
}

extension TinyModel {
  /// Every third has YaRN, whose attention factor scales cosines and sines.
  private static func scaling(_ seed: Int) -> ModelConfiguration.RopeScaling {
    seed % 3 == 2 ? .yarn(YarnScaling(factor: 4, originalPositions: 32)) : .none
  }
}

/// A small generator for tests (Steele et al. 2014).
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
  mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }
}
