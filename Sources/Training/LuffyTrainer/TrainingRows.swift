import LuffyModel
import LuffyObjective
import LuffyRollout

/// The rows of one step: every judged rollout and trace with its prompt, in the groups' order.
struct TrainingRows {
  struct Row {
    var prompt: [TokenID]
    var response: [TokenID]
    var objective: ObjectiveRow
    /// Log-probs are of softmax(logits / temperature): what its tokens were drawn at.
    var temperature: Float
    /// For a message: "group 3, rollout 1".
    var place: String
    /// Prompt and response.
    var tokens: Int { prompt.count + response.count }
    /// The policy of this step wrote some of it: all of a rollout, what continues the beginning of a trace.
    var hasOwnTokens: Bool {
      objective.source == .onPolicy || objective.offMask?.contains(false) == true
    }
  }

  private(set) var rows: [Row] = []
  /// The rows of each group that has any.
  private(set) var groups: [Range<Int>] = []

  /// - Parameter temperature: of rollouts that do not say at which they were drawn.
  init(_ groups: [RolloutGroup], _ model: Model, temperature: Float) throws {
    for (index, group) in groups.enumerated() {
      let start = rows.count
      if group.promptIDs.isEmpty { throw TrainerError.group("group \(index) has no prompt") }
      let temperatures = try GroupTemperatures(group, "group \(index)", default: temperature)
      try model.checkIDs(group.promptIDs, "group \(index), prompt")
      for (member, rollout) in group.members.enumerated() {
        let place = "group \(index), \(Self.name(member, in: group))"
        try Self.check(rollout, of: group, place, model)
        guard rollout.isRewarded, let reward = rollout.reward else { continue }
        rows.append(
          Row(
            prompt: group.promptIDs, response: rollout.ids,
            objective: ObjectiveRow(rollout, group: index, reward: reward),
            temperature: try temperatures.temperature(of: rollout), place: place))
      }
      if rows.count > start { self.groups.append(start..<rows.count) }
    }
    if rows.isEmpty {
      let members = groups.reduce(0) { $0 + $1.count }
      throw TrainerError.group(
        members == 0
          ? "a step needs at least one rollout or trace"
          : "none of the \(members) rollouts and traces has a reward: set one for each that is trained on"
      )
    }
  }

  /// What cannot be trained on, or is a mistake whatever its reward.
  private static func check(
    _ rollout: Rollout, of group: RolloutGroup, _ place: String, _ model: Model
  ) throws {
    if rollout.ids.isEmpty { throw TrainerError.group("\(place) has no tokens") }
    if rollout.source == .offPolicy && rollout.ids == group.promptIDs {
      throw TrainerError.group(
        "\(place) is the prompt itself: a trace is the response alone, without its prompt")
    }
    for (name, values) in [
      ("logprobs", rollout.logprobs), ("full_logprobs", rollout.fullLogprobs ?? []),
      ("behavior_logprobs", rollout.behaviorLogprobs ?? []),
    ] where !values.isEmpty && values.count != rollout.count {
      throw TrainerError.group(
        "\(place): \(values.count) \(name) for \(rollout.count) tokens, expected one a token")
    }
    try model.checkIDs(rollout.ids, place)
    try model.checkLength(group.promptIDs.count + rollout.count, "\(place), with its prompt,")
    try model.checkTargets(rollout.ids, from: 0, place)
  }

  private static func name(_ member: Int, in group: RolloutGroup) -> String {
    member < group.rollouts.count
      ? "rollout \(member)" : "trace \(member - group.rollouts.count)"
  }

  /// Consecutive groups in `count` parts as equal as they come.
  func parts(_ count: Int) throws(TrainerError) -> [Range<Int>] {
    if count > groups.count {
      throw .option(
        "updates_per_step is \(count), but this step has \(groups.count) groups with a reward, and an "
          + "update needs one: use updates_per_step \(groups.count) or more groups")
    }
    return (0..<count).map { part in
      let first = part * groups.count / count
      let last = (part + 1) * groups.count / count
      return groups[first].lowerBound..<groups[last - 1].upperBound
    }
  }

  mutating func setOldLogprobs(_ values: [Double], row: Int) {
    rows[row].objective.oldLogprobs = values
  }

  mutating func setReferenceLogprobs(_ values: [Double], row: Int) {
    rows[row].objective.referenceLogprobs = values
  }

  mutating func clearOldLogprobs(row: Int) { rows[row].objective.oldLogprobs = nil }
}
