/// Why a rollout ended.
public enum FinishReason: String, Sendable, Hashable, CaseIterable {
  /// A stop token came; it is the rollout's last id.
  case stop
  /// The longest allowed response was reached.
  case length
  /// The caller cancelled.
  case cancelled
}
