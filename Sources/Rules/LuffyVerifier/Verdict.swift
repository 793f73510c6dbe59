/// How a response was judged against a reference answer.
public enum VerdictStatus: Sendable, Hashable, CaseIterable {
  /// The response's answer equals the reference.
  case right
  /// An answer was found and it differs from the reference.
  case wrong
  /// No answer was found in the response (or none in the reference): nothing to compare.
  case unparsed
}

/// The judgement on one response.
public struct Verdict: Sendable, Hashable {
  public let status: VerdictStatus
  /// The normalised text of the answer that was looked at first; nil where nothing was found.
  public let extracted: String?

  public init(status: VerdictStatus, extracted: String?) {
    self.status = status
    self.extracted = extracted
  }

  /// True only for ``VerdictStatus/right``: the reward-1 case.
  public var isCorrect: Bool { status == .right }
}
