import LuffyModel
import LuffyObjective
import LuffyRollout

/// The rows of one step: every rollout and trace with its prompt, in the groups' order.
struct TrainingRows {
  struct Row {
    var prompt: [TokenID]
    var response: [TokenID]
    var objective: ObjectiveRow
    /// Prompt and response.
    var tokens: Int { prompt.count + response.count }
    var sequence: [TokenID] { prompt + response }
  }

  private(set) var rows: [Row] = []
  /// The rows of each group.
  private(set) var groups: [Range<Int>] = []

  init(_ groups: [RolloutGroup], _ model: Model) throws {
    for (index, group) in groups.enumerated() {
      let start = rows.count
      for (member, rollout) in group.members.enumerated() {
        let place = "group \(index), \(Self.name(member, in: group))"
        guard let reward = rollout.reward else {
          throw TrainerError.group("\(place) has no reward")
        }
        if rollout.ids.isEmpty { throw TrainerError.group("\(place) has no tokens") }
        if group.promptIDs.isEmpty { throw TrainerError.group("group \(index) has no prompt") }
        rows.append(
          Row(
            prompt: group.promptIDs, response: rollout.ids,
            objective: ObjectiveRow(rollout, group: index, reward: reward)))
      }
      self.groups.append(start..<rows.count)
    }
    if rows.isEmpty { throw TrainerError.group("a step needs at least one rollout or trace") }
    try model.check(rows.map(\.sequence), 1)
    try model.checkTargets(rows.map(\.response), from: 0, "response")
  }

  private static func name(_ member: Int, in group: RolloutGroup) -> String {
    member < group.rollouts.count
      ? "rollout \(member)" : "trace \(member - group.rollouts.count)"
  }

  /// Consecutive groups in `count` parts as equal as they come; empty parts are left out.
  func parts(_ count: Int) -> [Range<Int>] {
    (0..<count).compactMap { part in
      let first = part * groups.count / count
      let last = (part + 1) * groups.count / count
      if first == last { return nil }
      return groups[first].lowerBound..<groups[last - 1].upperBound
    }.filter { !$0.isEmpty }
  }

  mutating func setOldLogprobs(_ values: [Double], row: Int) {
    rows[row].objective.oldLogprobs = values
  }

  mutating func setReferenceLogprobs(_ values: [Double], row: Int) {
    rows[row].objective.referenceLogprobs = values
  }

  mutating func clearOldLogprobs(row: Int) { rows[row].objective.oldLogprobs = nil }
}

extension TrainingRows {
  /// Rows of the lengths of a workload, of no particular tokens.
  static func uniform(_ workload: StepWorkload) -> [Row] {
    (0..<workload.prompts).flatMap { group in
      // Groups differ in their prompts.
      var prompt = [TokenID](repeating: 0, count: workload.promptTokens)
      prompt[0] = TokenID(truncatingIfNeeded: group)
      let row = Row(
        prompt: prompt, response: Array(repeating: 0, count: workload.responseTokens),
        objective: ObjectiveRow(group: group, reward: 0, tokenCount: workload.responseTokens))
      return Array(repeating: row, count: workload.rollouts + workload.traces)
    }
  }
}
