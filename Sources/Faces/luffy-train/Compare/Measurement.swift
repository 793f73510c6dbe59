/// What an arm could do at one point of its training: a line of `compare.jsonl`.
///
/// Nothing in it depends on the machine, so a comparison repeats to the last byte.
struct Measurement: Codable, Equatable, Sendable {
  var arm: String
  /// From 0.
  var seed: Int
  /// 0 is the base; the last is the end of the budget.
  var point: Int
  /// The stage that was last trained.
  var stage: String
  /// Optimiser steps so far, over all stages.
  var step: Int
  /// Tokens spent: those of rows trained on (prompt and response), and those sampled for training.
  var trainedTokens: Int
  var sampledTokens: Int
  /// Mean reward of the policy's own rollouts in the steps since the point before; nil without any.
  var reward: Double?
  /// On problems never trained on, and on longer ones.
  var heldOutPass1: Double
  var heldOutPass8: Double
  var longerPass1: Double
  var longerPass8: Double
  /// Mean over tokens of own responses to held-out problems, drawn at temperature 1, in nats.
  var entropy: Double
  /// Mean tokens of these responses.
  var length: Double
  /// Mean π_θ of teacher tokens, by tenths of the base's π: the rarest first.
  var teacherDeciles: [Double]

  var tokens: Int { trainedTokens + sampledTokens }

  enum CodingKeys: String, CodingKey {
    case arm, seed, point, stage, step, reward, entropy, length
    case trainedTokens = "trained_tokens"
    case sampledTokens = "sampled_tokens"
    case heldOutPass1 = "held_out_pass_at_1"
    case heldOutPass8 = "held_out_pass_at_8"
    case longerPass1 = "longer_pass_at_1"
    case longerPass8 = "longer_pass_at_8"
    case teacherDeciles = "teacher_deciles"
  }
}

/// A number of a measurement that is averaged over seeds and drawn.
enum Measure: String, CaseIterable, Codable, Sendable {
  case heldOutPass1 = "held_out_pass_at_1"
  case heldOutPass8 = "held_out_pass_at_8"
  case longerPass1 = "longer_pass_at_1"
  case longerPass8 = "longer_pass_at_8"
  case reward
  case entropy
  case length
  case teacherProbability = "teacher_probability"
  case rarestTeacherProbability = "rarest_teacher_probability"

  var title: String {
    switch self {
    case .heldOutPass1: "held-out pass@1"
    case .heldOutPass8: "held-out pass@8"
    case .longerPass1: "longer problems, pass@1"
    case .longerPass8: "longer problems, pass@8"
    case .reward: "reward of own rollouts"
    case .entropy: "entropy (nats a token)"
    case .length: "response length (tokens)"
    case .teacherProbability: "probability of teacher tokens"
    case .rarestTeacherProbability: "probability of the rarest tenth of teacher tokens"
    }
  }

  /// Between 0 and 1.
  var isShare: Bool { self != .entropy && self != .length }

  func value(of measurement: Measurement) -> Double? {
    let deciles = measurement.teacherDeciles
    return switch self {
    case .heldOutPass1: measurement.heldOutPass1
    case .heldOutPass8: measurement.heldOutPass8
    case .longerPass1: measurement.longerPass1
    case .longerPass8: measurement.longerPass8
    case .reward: measurement.reward
    case .entropy: measurement.entropy
    case .length: measurement.length
    case .teacherProbability:
      deciles.isEmpty ? nil : deciles.reduce(0, +) / Double(deciles.count)
    case .rarestTeacherProbability: deciles.first
    }
  }
}
