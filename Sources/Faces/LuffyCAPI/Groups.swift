import CLuffy
import LuffyRollout

extension Source {
  /// Of LUFFY_SOURCE_…
  init(number: Int32, _ place: String) throws(CallError) {
    switch Int(number) {
    case LUFFY_SOURCE_ON_POLICY: self = .onPolicy
    case LUFFY_SOURCE_OFF_POLICY: self = .offPolicy
    case LUFFY_SOURCE_REPLAY: self = .replay
    default: throw CallError.invalid("\(place): source is \(number), expected LUFFY_SOURCE_…")
    }
  }
}

extension FinishReason {
  /// Of LUFFY_FINISH_…
  fileprivate init(number: Int32, _ place: String) throws(CallError) {
    switch Int(number) {
    case LUFFY_FINISH_STOP: self = .stop
    case LUFFY_FINISH_LENGTH: self = .length
    case LUFFY_FINISH_CANCELLED: self = .cancelled
    default:
      throw CallError.invalid("\(place): finish_reason is \(number), expected LUFFY_FINISH_…")
    }
  }
}

extension luffy_rollout: VersionedStruct {
  static let typeName = "luffy_rollout"
  static var initial: Self {
    Self(
      struct_size: UInt32(size), source: Int32(LUFFY_SOURCE_ON_POLICY),
      finish_reason: Int32(LUFFY_FINISH_STOP), reserved: 0, ids: nil, length: 0, logprobs: nil,
      behavior_logprobs: nil, prefix_length: -1, reward: .nan, full_logprobs: nil,
      sampling: nil)
  }

  func rollout(_ place: String) throws(CallError) -> Rollout {
    try checkReserved(reserved, place)
    let prefix: Int?
    if prefix_length == -1 {
      prefix = nil
    } else if prefix_length >= 0 && UInt64(prefix_length) <= length {
      prefix = Int(prefix_length)
    } else {
      throw CallError.invalid(
        "\(place): prefix_length is \(prefix_length), expected -1 or 0 to the length of \(length)")
    }
    if reward.isInfinite {
      throw CallError.invalid("\(place): reward is \(reward), expected a finite number")
    }
    return Rollout(
      ids: Array(try array(ids, length, "\(place): ids")),
      logprobs: try optionalArray(logprobs, length, "\(place): logprobs").map { Array($0) } ?? [],
      source: try Source(number: source, place), reward: reward.isNaN ? nil : reward,
      finishReason: try FinishReason(number: finish_reason, place),
      behaviorLogprobs: try optionalArray(
        behavior_logprobs, length, "\(place): behavior_logprobs"
      ).map { Array($0) }, prefixLength: prefix,
      fullLogprobs: try optionalArray(
        full_logprobs, length, "\(place): full_logprobs"
      ).map { Array($0) },
      sampling: sampling == nil ? nil : try luffy_sampling_record.read(sampling).record(place))
  }
}

extension luffy_group: VersionedStruct {
  static let typeName = "luffy_group"
  static var initial: Self {
    Self(
      struct_size: UInt32(size), reserved: 0, prompt_ids: nil, prompt_length: 0, rollouts: nil,
      rollout_count: 0)
  }

  func group(_ place: String) throws(CallError) -> RolloutGroup {
    try checkReserved(reserved, place)
    guard let count = Int(exactly: rollout_count) else {
      throw CallError.invalid("\(place): rollout_count is \(rollout_count)")
    }
    var rollouts: [Rollout] = []
    var traces: [Rollout] = []
    let members = try luffy_rollout.readArray(
      self.rollouts, count: count, "\(place): rollouts")
    let tokens = members.reduce(0) { $0 &+ min(Int(clamping: $1.length), 1 << 40) }
    try Memory.expect(tokens, times: 256)
    for (index, member) in members.enumerated() {
      let rollout = try member.rollout("\(place), rollout \(index)")
      if rollout.source == .offPolicy { traces.append(rollout) } else { rollouts.append(rollout) }
    }
    return RolloutGroup(
      promptIDs: Array(try array(prompt_ids, prompt_length, "\(place): prompt_ids")),
      rollouts: rollouts, traces: traces)
  }

  static func groups(
    _ pointer: UnsafePointer<Self>?, _ count: Int
  ) throws(CallError) -> [RolloutGroup] {
    var groups: [RolloutGroup] = []
    for (index, group) in try readArray(pointer, count: count, "groups").enumerated() {
      groups.append(try group.group("group \(index)"))
    }
    return groups
  }
}
