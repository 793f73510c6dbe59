import LuffyModel
import LuffyRollout
import LuffySampler
import Testing

@Suite struct SamplingTests {
  private func model(vocabulary seed: Int = 3) throws -> Model {
    try Model(configuration: TinyModel.configuration(seed), seed: 11)
  }

  /// Probabilities of the next token after a prompt, by scoring each continuation.
  private func distribution(_ model: Model, _ prompt: [Int32], temperature: Float) throws
    -> [Double]
  {
    let scores = try model.score(
      (0..<model.configuration.vocabularySize).map { prompt + [Int32($0)] },
      temperature: temperature)
    return scores.map { Double($0.logProbs.last ?? 0).exponential }
  }

  @Test func frequenciesFollowTheDistribution() throws {
    let model = try model()
    let prompt: [Int32] = [1, 2, 5]
    let p = try distribution(model, prompt, temperature: 0.8)
    let draws = 20_000
    let rollouts = try Sampler(model).generate(
      [prompt], SamplingOptions(count: draws, maxNewTokens: 1, temperature: 0.8, seed: 4))
    var counts = [Int](repeating: 0, count: p.count)
    for rollout in rollouts[0] { counts[Int(rollout.ids[0])] += 1 }
    #expect(abs(p.reduce(0, +) - 1) < 1e-4)
    for (id, count) in counts.enumerated() {
      let expected = p[id] * Double(draws)
      #expect(abs(Double(count) - expected) < 5 * (expected + 1).squareRoot() + 1, "token \(id)")
    }
  }

  @Test func truncationKeepsTheMostProbableAndRenormalises() throws {
    let model = try model()
    let prompt: [Int32] = [4, 4]
    let p = try distribution(model, prompt, temperature: 1)
    let order = p.indices.sorted { p[$0] > p[$1] }
    for (topK, topP) in [(3, Float(1)), (0, 0.5), (6, 0.7), (1, 1), (0, 1e-6)] {
      let rollouts = try Sampler(model).generate(
        [prompt],
        SamplingOptions(count: 2000, maxNewTokens: 1, topK: topK, topP: topP, seed: 8))
      var allowed = topK > 0 ? Array(order[..<topK]) : order
      let total = allowed.reduce(0) { $0 + p[$1] }
      var mass = 0.0
      let cut = allowed.firstIndex { id in
        mass += p[id]
        return mass >= Double(topP) * total * (1 - 1e-7)
      }
      allowed = Array(allowed[...(cut ?? allowed.count - 1)])
      let kept = allowed.reduce(0) { $0 + p[$1] }
      for rollout in rollouts[0] {
        let id = Int(rollout.ids[0])
        #expect(allowed.contains(id))
        #expect(abs(Double(rollout.logprobs[0]).exponential - p[id] / kept) < 1e-4)
      }
    }
  }

  @Test func greedyTakesTheMostProbable() throws {
    let model = try model()
    let rollout = try Sampler(model).generate(
      [[1, 2]], SamplingOptions(maxNewTokens: 5, temperature: 0, stopIDs: []))[0][0]
    var prompt: [Int32] = [1, 2]
    for id in rollout.ids {
      let p = try distribution(model, prompt, temperature: 1)
      #expect(p[Int(id)] == p.max())
      prompt.append(id)
    }
    #expect(rollout.finishReason == .length && rollout.ids.count == 5)
  }

  @Test func stopsAtStopIDsAndKeepsThem() throws {
    let model = try model()
    let all = Set((0..<Int32(model.configuration.vocabularySize)))
    let rollout = try Sampler(model).generate(
      [[1]], SamplingOptions(maxNewTokens: 9, stopIDs: all))[0][0]
    #expect(rollout.ids.count == 1 && rollout.finishReason == .stop)
  }

  @Test func refusesBadArguments() throws {
    let sampler = Sampler(try model())
    let bad: [([[Int32]], SamplingOptions)] = [
      ([[]], SamplingOptions()), ([[-1]], SamplingOptions()), ([[1 << 20]], SamplingOptions()),
      ([[1]], SamplingOptions(count: 0)), ([[1], [2]], SamplingOptions(count: .max)),
      ([[1]], SamplingOptions(maxNewTokens: 0)),
      ([[1]], SamplingOptions(temperature: .nan)), ([[1]], SamplingOptions(temperature: -1)),
      ([[1]], SamplingOptions(topK: -1)), ([[1]], SamplingOptions(topP: 0)),
      ([[1]], SamplingOptions(topP: 1.5)), ([[1]], SamplingOptions(maximumBatch: 0)),
    ]
    for (prompts, options) in bad {
      #expect(throws: ModelError.self) { try sampler.generate(prompts, options) }
    }
    #expect(throws: ModelError.cancelled) {
      try sampler.generate([[1]], SamplingOptions()) { true }
    }
  }
}

extension Double {
  fileprivate var exponential: Double {
    var sum = 1.0
    var term = 1.0
    let x = self / 64
    for k in 1..<30 {
      term *= x / Double(k)
      sum += term
    }
    for _ in 0..<6 { sum *= sum }
    return sum
  }
}
