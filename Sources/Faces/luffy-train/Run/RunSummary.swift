import LuffyObjective
import LuffyRecords
import LuffyRun
import LuffyTrainer

/// What the steps of reinforcement learning did, in one line.
struct RunSummary {
  /// One value at the beginning and at the end: the means of so many steps, or of all where there are fewer.
  private static let window = 10

  private var first: [StepMetrics] = []
  private var last: [StepMetrics] = []
  private var steps = 0
  private var skipped = 0

  /// After a step; a supervised one is left out.
  mutating func add(_ step: StageStep) {
    if step.isSupervised { return }
    steps += 1
    if step.metrics.skippedUpdates == step.stage.updatesPerStep { skipped += 1 }
    if first.count < Self.window { first.append(step.metrics) }
    last.append(step.metrics)
    if last.count > Self.window { last.removeFirst() }
  }

  /// Nil where there was no such step in this process.
  var text: String? {
    guard steps > 0 else { return nil }
    var parts = [
      change("reward of the model's own rollouts", \.batch.ownReward),
      change("probability of the teacher's tokens", \.objective[.offPolicyProbability]),
      change("entropy", \.objective[.entropy]),
    ].compactMap { $0 }
    if skipped > 0 {
      parts.append(
        "\(skipped) steps were skipped, since nothing in them could teach (as where all rewards of a group are equal)"
      )
    }
    return "over \(steps) step\(steps == 1 ? "" : "s"): \(parts.joined(separator: "; "))"
  }

  private func change(_ name: String, _ value: (StepMetrics) -> Double?) -> String? {
    guard let start = Self.mean(first, value), let end = Self.mean(last, value) else { return nil }
    return "\(name) \(start.rounded(to: 2)) → \(end.rounded(to: 2))"
  }

  private static func mean(_ steps: [StepMetrics], _ value: (StepMetrics) -> Double?) -> Double? {
    let values = steps.compactMap(value)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
