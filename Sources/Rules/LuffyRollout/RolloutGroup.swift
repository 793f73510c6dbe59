/// All rollouts and traces of one prompt: what an advantage compares.
public struct RolloutGroup: Sendable, Hashable {
  public var promptIDs: [TokenID]
  /// The policy's own responses.
  public var rollouts: [Rollout]
  /// Responses that others wrote (`source` is `.offPolicy`).
  public var traces: [Rollout]

  public init(promptIDs: [TokenID], rollouts: [Rollout], traces: [Rollout] = []) {
    self.promptIDs = promptIDs
    self.rollouts = rollouts
    self.traces = traces
  }

  /// Rollouts, then traces: the order of `rewards`.
  public var members: [Rollout] { rollouts + traces }

  public var count: Int { rollouts.count + traces.count }

  /// One reward a member, rollouts first; nil where nobody has judged it.
  public var rewards: [Double?] { members.map(\.reward) }

  /// The same without the members that have no reward, or one that is NaN.
  public var rewarded: RolloutGroup {
    RolloutGroup(
      promptIDs: promptIDs, rollouts: rollouts.filter(\.isRewarded),
      traces: traces.filter(\.isRewarded))
  }

  /// Sets one reward a member, rollouts first.
  public mutating func setRewards(_ rewards: [Double]) throws(RewardCountError) {
    guard rewards.count == count else {
      throw RewardCountError(expected: count, found: rewards.count)
    }
    for index in rollouts.indices { rollouts[index].reward = rewards[index] }
    for index in traces.indices { traces[index].reward = rewards[rollouts.count + index] }
  }
}

extension Rollout {
  /// Somebody has judged it.
  public var isRewarded: Bool { reward.map { !$0.isNaN } ?? false }
}

/// A group got too many or too few rewards.
public struct RewardCountError: Error, Hashable, CustomStringConvertible {
  public let expected: Int
  public let found: Int

  public init(expected: Int, found: Int) {
    self.expected = expected
    self.found = found
  }

  public var description: String {
    "a group of \(expected) rollouts and traces needs \(expected) rewards, not \(found)"
  }
}
