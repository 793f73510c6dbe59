/// Who wrote a rollout.
public enum Source: String, Sendable, Hashable, CaseIterable {
  /// The policy that is trained, in this step.
  case onPolicy
  /// Somebody else: a teacher's trace.
  case offPolicy
  /// The policy that is trained, in an earlier step.
  case replay
}
