import LuffyJSON
import LuffyRecords

/// What an arm could do at one point of its training: a line of `compare.jsonl`.
///
/// Nothing in it depends on the machine, so a comparison repeats to the last byte.
package struct Measurement: Equatable, Sendable {
  package var arm: String
  /// From 0.
  package var seed: Int
  /// 0 is the base; the last is the end of the budget.
  package var point: Int
  /// The stage that was last trained.
  package var stage: String
  /// Optimiser steps so far, over all stages.
  package var step: Int
  /// Tokens spent: those of rows trained on (prompt and response), and those sampled for training.
  package var trainedTokens: Int
  package var sampledTokens: Int
  /// Mean reward of the policy's own rollouts in the steps since the point before; nil without any.
  package var reward: Double?
  /// On problems never trained on, and on longer ones.
  package var heldOutPass1: Double
  package var heldOutPass8: Double
  package var longerPass1: Double
  package var longerPass8: Double
  /// Mean over tokens of own responses to held-out problems, drawn at temperature 1, in nats.
  package var entropy: Double
  /// Mean tokens of these responses.
  package var length: Double
  /// Mean π_θ of teacher tokens, by tenths of the base's π: the rarest first.
  package var teacherDeciles: [Double]

  package var tokens: Int { trainedTokens + sampledTokens }
}

extension Measurement: JSONWritable {
  package func write(to writer: JSONWriter) {
    writer.object {
      writer.member("arm", arm)
      writer.member("entropy", entropy)
      writer.member("held_out_pass_at_1", heldOutPass1)
      writer.member("held_out_pass_at_8", heldOutPass8)
      writer.member("length", length)
      writer.member("longer_pass_at_1", longerPass1)
      writer.member("longer_pass_at_8", longerPass8)
      writer.member("point", point)
      if let reward { writer.member("reward", reward) }
      writer.member("sampled_tokens", sampledTokens)
      writer.member("seed", seed)
      writer.member("stage", stage)
      writer.member("step", step)
      writer.key("teacher_deciles")
      writer.array { for decile in teacherDeciles { writer.write(decile) } }
      writer.member("trained_tokens", trainedTokens)
    }
  }

  package init(_ line: DataLine) throws {
    arm = try line.text("arm")
    seed = try line.whole("seed")
    point = try line.whole("point")
    stage = try line.text("stage")
    step = try line.whole("step")
    trainedTokens = try line.whole("trained_tokens")
    sampledTokens = try line.whole("sampled_tokens")
    reward = line.root["reward"] == nil ? nil : try line.number("reward")
    heldOutPass1 = try line.number("held_out_pass_at_1")
    heldOutPass8 = try line.number("held_out_pass_at_8")
    longerPass1 = try line.number("longer_pass_at_1")
    longerPass8 = try line.number("longer_pass_at_8")
    entropy = try line.number("entropy")
    length = try line.number("length")
    teacherDeciles = try line.optionalNumbers("teacher_deciles") ?? []
  }

  /// Every line of `compare.jsonl`.
  package static func all(_ path: String) throws -> [Measurement] {
    try DataLine.all(path).map(Measurement.init)
  }
}
