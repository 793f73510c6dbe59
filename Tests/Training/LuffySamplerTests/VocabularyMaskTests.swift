import Foundation
import LuffyModel
import LuffyRollout
import LuffySampler
import LuffyTensor
import Testing

/// Rows of the vocabulary without a token take no part: in rollouts, in scores, in gradients.
@Suite struct VocabularyMaskTests {
  /// A model of which about two thirds of the ids have a token; all of them above 1,024 where `upper`, so that a
  /// whole block of logits is left out.
  private func model(
    _ seed: Int, precision: Precision = .float32, upper: Bool = false
  ) throws -> (Model, Set<Int32>) {
    var configuration = TinyModel.configuration(seed)
    if upper { configuration.vocabularySize = 2100 }
    let model = try Model(configuration: configuration, seed: UInt64(seed), precision: precision)
    var random = SplitMix(state: UInt64(seed) &+ 77)
    let size = configuration.vocabularySize
    var ids = (0..<Int32(size)).filter { _ in random.below(3) > 0 }
    ids.removeAll { upper && $0 <= 1024 || Int($0) >= size - 5 }
    model.companions.tokenIDs = ids
    return (model, Set(ids))
  }

  private func prompts(_ ids: Set<Int32>, _ seed: Int) -> [[Int32]] {
    var random = SplitMix(state: UInt64(seed))
    let ids = ids.sorted()
    return (0..<3).map { _ in (0..<1 + random.below(40)).map { _ in random.pick(ids) } }
  }

  @Test(arguments: 0..<16, Precision.allCases)
  func idsWithoutATokenAreNeverDrawnAndBitsAgree(_ seed: Int, precision: Precision) throws {
    let (model, ids) = try model(seed, precision: precision, upper: seed % 4 == 3)
    #expect(model.tokenCount == ids.count)
    let prompts = prompts(ids, seed)
    for (topK, topP, temperature) in [(0, 1, 1), (0, 0.9, 1.5), (7, 1, 3), (0, 1, 0)]
      as [(Int, Float, Float)]
    {
      let options = SamplingOptions(
        count: 6, maxNewTokens: 40, temperature: temperature, topK: topK, topP: topP,
        seed: UInt64(seed), stopIDs: [])
      for (prompt, group) in zip(prompts, try Sampler(model).generate(prompts, options)) {
        #expect(group.allSatisfy { $0.ids.allSatisfy(ids.contains) })
        if options.truncates { continue }
        let scores = try model.score(
          group.map { prompt + $0.ids }, temperature: temperature == 0 ? 1 : temperature)
        for (rollout, score) in zip(group, scores) {
          #expect(
            rollout.logprobs.map(\.bitPattern)
              == score.logProbs.dropFirst(prompt.count).map(\.bitPattern))
        }
      }
    }
  }

  /// The twin: float64 over the log-probs of every id without the mask.
  @Test(arguments: [0, 1, 2, 5, 8]) func scoresAreThoseOfTheSoftmaxOverTheOthers(_ seed: Int) throws
  {
    var configuration = TinyModel.configuration(seed)
    configuration.vocabularySize = 97
    let model = try Model(configuration: configuration, seed: UInt64(seed))
    let ids = (0..<Int32(90)).filter { $0 % 3 != 1 }
    let prefix: [Int32] = [0, 3, 5, 2, 89]
    let all = try model.score((0..<Int32(97)).map { prefix + [$0] }, temperature: 0.7)
      .map { Double($0.logProbs.last ?? 0) }
    model.companions.tokenIDs = ids
    let total = ids.reduce(0.0) { $0 + exp(all[Int($1)]) }
    let expected = ids.map { all[Int($0)] - log(total) }
    let entropy = -expected.reduce(0.0) { $0 + exp($1) * $1 }
    let scores = try model.score(ids.map { prefix + [$0] }, temperature: 0.7)
    for (score, value) in zip(scores, expected) {
      #expect(abs(Double(score.logProbs.last ?? 0) - value) < 2e-5)
      #expect(abs(Double(score.entropies.last ?? 0) - entropy) < 2e-5)
    }
  }

  @Test(arguments: [false, true]) func gradientsAreThoseOfTheLoss(upper: Bool) throws {
    var configuration = TinyModel.configuration(4)
    configuration.tiedEmbeddings = false
    configuration.vocabularySize = upper ? 2100 : 97
    let model = try Model(configuration: configuration, seed: 6)
    let ids = (0..<Int32(configuration.vocabularySize - 7)).filter {
      $0 % 4 != 2 && !(upper && $0 < 1024)
    }
    model.companions.tokenIDs = ids
    let sequence = (0..<12).map { ids[$0 * 5 % ids.count] }
    let weights = sequence.indices.map { Float($0 % 5) - 1.7 }
    let entropyWeights = sequence.indices.map { Float($0 % 3) * 0.4 }
    try model.zeroGradients()
    try model.backward([sequence], dLogProbs: [weights], dEntropies: [entropyWeights])
    func loss() throws -> Double {
      let score = try model.score([sequence])[0]
      return zip(score.logProbs, weights).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        + zip(score.entropies, entropyWeights).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    }
    let gradients = try model.gradients()
    for name in ["lm_head.weight", "model.layers.0.mlp.up_proj.weight", "model.norm.weight"] {
      let entry = try model.entry(name)
      let span = model.span(entry)
      let place = (0..<entry.count).max {
        abs(gradients[entry.offset + $0]) < abs(gradients[entry.offset + $1])
      }!
      let value = span[place]
      let differences = try [Float(4e-3), -4e-3].map { shift in
        span[place] = value + shift
        model.parametersDidChange()
        return try loss()
      }
      span[place] = value
      model.parametersDidChange()
      let numeric = (differences[0] - differences[1]) / 8e-3
      let exact = Double(gradients[entry.offset + place])
      #expect(abs(numeric - exact) < 2e-2 * abs(exact) + 1e-4, "\(name)")
    }
    let head = try model.entry("lm_head.weight")
    for id in 0..<configuration.vocabularySize where !ids.contains(Int32(id)) {
      let row = (0..<configuration.width).map {
        gradients[head.offset + id * configuration.width + $0]
      }
      #expect(row.allSatisfy { $0 == 0 }, "row \(id)")
    }
  }

  @Test func switchedOffNothingChanges() throws {
    let (model, ids) = try model(2)
    let plain = try Model(configuration: model.configuration, seed: 2)
    model.limitsVocabulary = false
    #expect(model.tokenCount == model.configuration.vocabularySize)
    let sequence = prompts(ids, 3)[0] + [Int32(model.configuration.vocabularySize - 1)]
    #expect(try model.score([sequence]) == plain.score([sequence]))
    let options = SamplingOptions(count: 4, maxNewTokens: 30, seed: 1)
    #expect(
      try Sampler(model).generate([sequence], options)
        == Sampler(plain).generate([sequence], options))
    // Ids beyond the vocabulary alone are no tokenizer of this model.
    plain.companions.tokenIDs = [30_000]
    #expect(plain.tokenCount == model.tokenCount)
  }

  @Test func aSequenceOfIdsWithoutATokenIsRefused() throws {
    let (model, ids) = try model(1)
    let without = try #require(
      (0..<Int32(model.configuration.vocabularySize)).first { !ids.contains($0) })
    let known = try #require(ids.first)
    let refusal = #expect(throws: ModelError.self) {
      try model.score([[known], [known, without]])
    }
    #expect(
      refusal?.description.contains("token 1 of sequence 1 is \(without), which names no token")
        == true)
    #expect(throws: ModelError.self) {
      try model.backward([[known, without]], dLogProbs: [[0, 1]])
    }
    // What is read but not predicted may be such an id: a prompt, and the first token.
    #expect(try model.score([[without, known]])[0].logProbs[1] < 0)
    #expect(try Sampler(model).generate([[without]], SamplingOptions(maxNewTokens: 2)).count == 1)
  }

  @Test func stopIDsAreTheUnionAndGenerateUsesThem() throws {
    var configuration = TinyModel.configuration(2)
    configuration.vocabularySize = 17
    configuration.eosIDs = [3]
    let model = try Model(configuration: configuration, seed: 2)
    #expect(model.stopIDs == [3])
    model.companions.generationEndIDs = [9, 1, 400]
    model.companions.tokenizerEndID = 5
    #expect(model.stopIDs == [1, 3, 5, 9])
    let options = SamplingOptions(count: 40, maxNewTokens: 60, seed: 4)
    for rollout in try Sampler(model).generate([[2]], options)[0] {
      #expect(!rollout.ids.dropLast().contains { [1, 3, 5, 9].contains($0) })
      #expect(rollout.finishReason == .stop || rollout.count == 60)
    }
    var own = options
    own.stopIDs = [2]
    #expect(
      try Sampler(model).generate([[2]], own)[0].contains { $0.ids.dropLast().contains(5) })
  }
}
