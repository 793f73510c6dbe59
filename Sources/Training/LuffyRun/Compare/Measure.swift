/// A number of a measurement that is averaged over seeds and drawn.
package enum Measure: String, CaseIterable, Sendable {
  case heldOutPass1 = "held_out_pass_at_1"
  case heldOutPass8 = "held_out_pass_at_8"
  case longerPass1 = "longer_pass_at_1"
  case longerPass8 = "longer_pass_at_8"
  case reward
  case entropy
  case length
  case teacherProbability = "teacher_probability"
  case rarestTeacherProbability = "rarest_teacher_probability"

  package var title: String {
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
  package var isShare: Bool { self != .entropy && self != .length }

  package func value(of measurement: Measurement) -> Double? {
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
