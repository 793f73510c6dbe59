import LuffyRollout

/// What the groups of a step look like before any model has seen them.
public struct BatchStatistics: Sendable {
  public private(set) var groups = 0
  /// Groups whose rows all have reward 0, or all 1; the trace's row counts.
  public private(set) var solveNone = 0
  public private(set) var solveAll = 0
  /// Groups whose rewards are all equal: their advantages are zero.
  public private(set) var uniformGroups = 0

  private var onRewards: [Double] = []
  private var offRewards: [Double] = []
  private var onLengths: [Double] = []
  private var offLengths: [Double] = []
  private var promptLengths: [Double] = []
  private var truncated = 0

  init(_ list: [RolloutGroup]) {
    groups = list.count
    for group in list {
      let rewards = group.rewards.compactMap(\.self)
      solveNone += !rewards.isEmpty && rewards.allSatisfy { $0 == 0 } ? 1 : 0
      solveAll += !rewards.isEmpty && rewards.allSatisfy { $0 == 1 } ? 1 : 0
      uniformGroups += Set(rewards).count <= 1 ? 1 : 0
      promptLengths.append(Double(group.promptIDs.count))
      for member in group.members { add(member) }
    }
  }

  private mutating func add(_ rollout: Rollout) {
    if rollout.source == .onPolicy {
      onLengths.append(Double(rollout.count))
      if let reward = rollout.reward { onRewards.append(reward) }
      truncated += rollout.finishReason == .length ? 1 : 0
    } else {
      offLengths.append(Double(rollout.count))
      if let reward = rollout.reward { offRewards.append(reward) }
    }
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private static func share(_ values: [Double], of wanted: Double) -> Double? {
    values.isEmpty ? nil : Double(values.filter { $0 == wanted }.count) / Double(values.count)
  }

  /// Mean reward of the policy's own rollouts.
  public var onPolicyReward: Double? { Self.mean(onRewards) }

  var present: [(name: String, value: Double)] {
    let rewards = onRewards + offRewards
    let optional: [(String, Double?)] = [
      ("batch/solve_none", Double(solveNone)), ("batch/solve_all", Double(solveAll)),
      ("batch/uniform_groups", Double(uniformGroups)),
      ("batch/solved", Self.share(rewards, of: 1)), ("batch/failed", Self.share(rewards, of: 0)),
      ("batch/on_solved", Self.share(onRewards, of: 1)),
      ("batch/off_solved", Self.share(offRewards, of: 1)),
      ("on_off_metrics/on_score", Self.mean(onRewards)),
      ("on_off_metrics/off_score", Self.mean(offRewards)),
      ("on_off_metrics/on_response_length_mean", Self.mean(onLengths)),
      ("on_off_metrics/off_response_length_mean", Self.mean(offLengths)),
      (
        "on_off_metrics/off_on_example_ratio",
        onLengths.isEmpty ? nil : Double(offLengths.count) / Double(onLengths.count)
      ),
      (
        "response_length/clip_ratio",
        onLengths.isEmpty ? nil : Double(truncated) / Double(onLengths.count)
      ),
    ]
    var all = optional.compactMap { name, value in value.map { (name: name, value: $0) } }
    all += Summary(rewards)?.named("critic/score") ?? []
    all += Summary(onLengths + offLengths)?.named("response_length") ?? []
    all += Summary(promptLengths)?.named("prompt_length") ?? []
    return all
  }
}
