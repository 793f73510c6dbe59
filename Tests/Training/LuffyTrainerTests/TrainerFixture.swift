import Foundation
import LuffyModel
import LuffyRollout
import LuffySampler
import LuffyTensor
import LuffyTrainer

/// A tiny model with groups of its own rollouts and teacher traces.
struct TrainerFixture {
  var configuration = ModelConfiguration(
    architecture: .qwen2, vocabularySize: 61, width: 32, layers: 2, queryHeads: 4,
    keyValueHeads: 2, headWidth: 8, hiddenWidth: 48, attentionBias: true, initializerRange: 0.2,
    eosIDs: [0])
  var precision = Precision.float32

  func model(seed: UInt64 = 3) throws -> Model {
    try Model(configuration: configuration, seed: seed, precision: precision)
  }

  /// A group of 5 rollouts and 1 trace a prompt; rewards alternate.
  func groups(
    _ model: Model, promptLengths: [Int] = [5, 8, 11, 14], step: UInt32 = 0
  ) throws -> [RolloutGroup] {
    let prompts = promptLengths.enumerated().map { index, length in
      (0..<length).map { Int32(1 + ($0 * 7 + index * 13) % 60) }
    }
    let options = SamplingOptions(count: 5, maxNewTokens: 24, seed: 17, step: step)
    let rollouts = try Sampler(model).generate(prompts, options)
    return zip(prompts, rollouts).map { prompt, rollouts in
      let judged = rollouts.enumerated().map { index, rollout in
        var rollout = rollout
        rollout.reward = index % 3 == 0 ? 1 : 0
        return rollout
      }
      let trace = Rollout.trace(ids: (1...20).map { Int32($0 % 61) } + [0], reward: 1)
      return RolloutGroup(promptIDs: prompt, rollouts: judged, traces: [trace])
    }
  }

  static func weights(_ model: Model) -> [Float] { Array(model.values.span) }

  static func gradients(_ model: Model) throws -> [Float] {
    Array(UnsafeBufferPointer(start: try model.gradients(), count: model.layout.count))
  }

  /// |a − b| / |b|.
  static func distance(_ a: [Float], _ b: [Float]) -> Float {
    let difference = zip(a, b).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (difference / b.reduce(0) { $0 + $1 * $1 }).squareRoot()
  }

  static func temporaryDirectory() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("luffy-\(UUID())").path
  }
}
