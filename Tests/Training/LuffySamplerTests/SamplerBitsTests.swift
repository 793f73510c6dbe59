import LuffyKernels
import LuffyModel
import LuffyRollout
import LuffySampler
import LuffyTensor
import LuffyTestSupport
import Testing

/// The promise that the whole design rests on: what the sampler records is what scoring gives, bit for bit.
@Suite(.serialized) struct SamplerBitsTests {
  private func prompts(_ random: inout SplitMix, _ model: Model) -> [[Int32]] {
    (0..<1 + random.below(4)).map { _ in
      (0..<1 + random.below(75)).map { _ in
        Int32(random.below(model.configuration.vocabularySize))
      }
    }
  }

  @Test(arguments: 0..<24, Precision.allCases)
  func sampledLogProbsAreTheScorersBits(_ seed: Int, precision: Precision) throws {
    ThreadCount.hold()
    defer { ThreadCount.release() }
    var random = SplitMix(state: UInt64(seed) &+ 1000)
    let model = try Model(
      configuration: TinyModel.configuration(seed), seed: UInt64(seed), precision: precision)
    let prompts = prompts(&random, model)
    let temperature = random.pick([Float(1), 0.7, 1.3])
    let options = SamplingOptions(
      count: 1 + random.below(5), maxNewTokens: 1 + random.below(70), temperature: temperature,
      seed: UInt64(seed), maximumBatch: 1 + random.below(9))
    var runs: [[[Rollout]]] = []
    for threads in [1, 2, 3] {
      Threads.set(threads)
      let rollouts = try Sampler(model).generate(prompts, options)
      runs.append(rollouts)
      for (prompt, group) in zip(prompts, rollouts) {
        let scores = try model.score(group.map { prompt + $0.ids }, temperature: temperature)
        for (rollout, score) in zip(group, scores) {
          #expect(
            rollout.logprobs.map(\.bitPattern)
              == score.logProbs.dropFirst(prompt.count).map(\.bitPattern))
        }
      }
    }
    Threads.set(Threads.coreCount)
    #expect(runs[0] == runs[1] && runs[1] == runs[2])
  }

  /// A block holds 32 positions; prompts of several lengths, rollouts that end at different times.
  @Test func lessMemoryForKeysGivesTheSameRollouts() throws {
    let model = try Model(configuration: TinyModel.configuration(3), seed: 5)
    let prompts: [[Int32]] = [1, 33, 64, 7, 40].map { count in (0..<count).map { Int32(1 + $0 % 9) }
    }
    var options = SamplingOptions(count: 6, maxNewTokens: 50, seed: 9)
    let all = try Sampler(model).generate(prompts, options)
    let block = 4 * KeyValuePool(model, maximumBytes: 1 << 40).blockFloats
    for blocks in [5, 6, 9, 20] {
      options.keyValueMemory = blocks * block
      #expect(try Sampler(model).generate(prompts, options) == all)
    }
    options.keyValueMemory = 4 * block
    let refusal = #expect(throws: ModelError.self) { try Sampler(model).generate(prompts, options) }
    #expect(refusal?.description.contains("needs \(5 * block) bytes") == true)
    options = SamplingOptions(maxNewTokens: Int.max)
    #expect(throws: ModelError.self) { try Sampler(model).generate(prompts, options) }
  }

  @Test func aRolloutDoesNotDependOnItsCompany() throws {
    let model = try Model(configuration: TinyModel.configuration(5), seed: 1)
    var random = SplitMix(state: 7)
    let prompts = (0..<4).map { _ in (0..<40).map { _ in Int32(random.below(17)) } }
    let whole = try Sampler(model).generate(
      prompts, SamplingOptions(count: 3, maxNewTokens: 40, seed: 9, maximumBatch: 64))
    let narrow = try Sampler(model).generate(
      prompts, SamplingOptions(count: 3, maxNewTokens: 40, seed: 9, maximumBatch: 1))
    let first = try Sampler(model).generate(
      [prompts[0]], SamplingOptions(count: 2, maxNewTokens: 40, seed: 9))
    #expect(whole == narrow)
    #expect(Array(whole[0][..<2]) == first[0])
    #expect(Set(whole[1].map(\.ids)).count > 1)
  }
}
