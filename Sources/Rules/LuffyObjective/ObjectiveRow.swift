import LuffyRollout

/// What is known of one rollout or trace before the policy is run on it.
///
/// Arrays run over the response's tokens (`tokenCount` each). Values at tokens that the response
/// mask leaves out are never read.
public struct ObjectiveRow: Sendable {
  /// Rows with the same number answer the same prompt.
  public var group: Int
  public var reward: Double
  public var source: Source
  public var tokenCount: Int
  /// Which tokens are trained on; nil for all.
  public var responseMask: ResponseMask?
  /// Which tokens were copied from a trace, where that was only a part; nil for all tokens of a
  /// trace or replayed rollout, and for none of a rollout of this step.
  public var offMask: [Bool]?
  /// log π_old (nats): the policy before this update's first step. Nil means π_old = π_θ, which
  /// holds at that first step.
  public var oldLogprobs: [Double]?
  /// log π_φ (nats) of whoever wrote the tokens: the teacher of a trace, the policy of the time
  /// of a replayed rollout.
  public var behaviorLogprobs: [Double]?
  /// log π_ref (nats), for KL terms.
  public var referenceLogprobs: [Double]?
  /// The response was cut at the longest allowed length.
  public var isTruncated: Bool
  /// An advantage that replaces the rule's.
  public var advantage: Double?

  public init(
    group: Int, reward: Double, source: Source = .onPolicy, tokenCount: Int,
    responseMask: ResponseMask? = nil, offMask: [Bool]? = nil, oldLogprobs: [Double]? = nil,
    behaviorLogprobs: [Double]? = nil, referenceLogprobs: [Double]? = nil,
    isTruncated: Bool = false, advantage: Double? = nil
  ) {
    self.group = group
    self.reward = reward
    self.source = source
    self.tokenCount = tokenCount
    self.responseMask = responseMask
    self.offMask = offMask
    self.oldLogprobs = oldLogprobs
    self.behaviorLogprobs = behaviorLogprobs
    self.referenceLogprobs = referenceLogprobs
    self.isTruncated = isTruncated
    self.advantage = advantage
  }

  /// More tokens than this are taken for a mistake, before anything is allocated for them.
  static let longest = 1 << 26

  /// True where any token was written by somebody else. A trace whose mask marks nothing is the
  /// policy's own.
  var isOff: Bool { offMask.map { $0.contains(true) } ?? (source != .onPolicy) }

  /// Who wrote each token; nil where it is not trained on.
  ///
  /// Marked tokens of a replayed rollout are `.replay`, of any other row `.offPolicy`.
  var tokenSources: [Source?] {
    let foreign: Source = source == .replay ? .replay : .offPolicy
    return (0..<tokenCount).map { token in
      if let responseMask, !responseMask.flags[token] { return nil }
      let isForeign = offMask.map { $0[token] } ?? (source != .onPolicy)
      return isForeign ? foreign : .onPolicy
    }
  }

  /// Checks that every array has one value a token and that trained values are finite.
  func validate(row: Int) throws(ObjectiveError) {
    guard tokenCount >= 0, tokenCount <= ObjectiveRow.longest else {
      throw .row(row, reason: "token count \(tokenCount) is not in 0…\(ObjectiveRow.longest)")
    }
    try checkCount(responseMask?.count, "response mask", row)
    try checkCount(offMask?.count, "off mask", row)
    try checkCount(oldLogprobs?.count, "old log-probs", row)
    try checkCount(behaviorLogprobs?.count, "behavior log-probs", row)
    try checkCount(referenceLogprobs?.count, "reference log-probs", row)
    guard reward.isFinite else { throw .row(row, reason: "reward \(reward) is not finite") }
    if let advantage, !advantage.isFinite {
      throw .row(row, reason: "advantage \(advantage) is not finite")
    }
    let sources = tokenSources
    try checkLogprobs(oldLogprobs, "old log-prob", row, sources)
    try checkLogprobs(behaviorLogprobs, "behavior log-prob", row, sources)
    try checkLogprobs(referenceLogprobs, "reference log-prob", row, sources)
  }

  func checkCount(_ count: Int?, _ what: String, _ row: Int) throws(ObjectiveError) {
    guard let count, count != tokenCount else { return }
    throw .row(row, reason: "\(what): \(count) values for \(tokenCount) tokens")
  }

  /// So far a log-prob may lie above 0, and an entropy below it: rounding of float32 sums.
  static let rounding = 1e-3

  /// Log-probs of trained tokens are finite and at most 0.
  func checkLogprobs(
    _ values: [Double]?, _ what: String, _ row: Int, _ sources: [Source?]
  ) throws(ObjectiveError) {
    try checkFinite(values, what, row, sources)
    guard let values else { return }
    for token in values.indices where sources[token] != nil && values[token] > Self.rounding {
      throw .row(
        row,
        reason: "token \(token): \(what) is \(values[token]), expected at most 0: the natural "
          + "logarithm of a probability")
    }
  }

  /// Entropies of trained tokens are finite and at least 0.
  func checkEntropies(
    _ values: [Double]?, _ row: Int, _ sources: [Source?]
  ) throws(ObjectiveError) {
    try checkFinite(values, "entropy", row, sources)
    guard let values else { return }
    for token in values.indices where sources[token] != nil && values[token] < -Self.rounding {
      throw .row(
        row, reason: "token \(token): entropy is \(values[token]), expected at least 0")
    }
  }

  func checkFinite(
    _ values: [Double]?, _ what: String, _ row: Int, _ sources: [Source?]
  ) throws(ObjectiveError) {
    guard let values else { return }
    for token in values.indices where sources[token] != nil && !values[token].isFinite {
      throw .notFinite(row: row, token: token, value: what, found: values[token])
    }
  }
}

extension ObjectiveRow {
  /// The row of a rollout or trace that has been judged.
  ///
  /// Recorded log-probs, of the whole distribution, become π_old of a rollout of this step, and π_φ of
  /// a replayed one that gives no other; they are used only where there is one a token. A prefix
  /// marks its tokens.
  public init(_ rollout: Rollout, group: Int, reward: Double, responseMask: ResponseMask? = nil) {
    let recorded = rollout.policyLogprobs.flatMap {
      $0.count == rollout.count ? $0.map(Double.init) : nil
    }
    let given = rollout.behaviorLogprobs?.map(Double.init)
    let isWhole =
      rollout.source == .onPolicy
      ? rollout.prefixLength <= 0 : rollout.prefixLength >= rollout.count
    self.init(
      group: group, reward: reward, source: rollout.source, tokenCount: rollout.count,
      responseMask: responseMask,
      offMask: isWhole || rollout.source == .replay ? nil : rollout.offMask,
      oldLogprobs: rollout.source == .onPolicy ? recorded : nil,
      behaviorLogprobs: given ?? (rollout.source == .replay ? recorded : nil),
      isTruncated: rollout.finishReason == .length)
  }
}
