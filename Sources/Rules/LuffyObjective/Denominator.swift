/// The policy that a ratio divides by.
public enum Denominator: String, Sendable, Hashable, CaseIterable {
  /// π_old, the policy before this update's first step; π_θ itself (detached) where a row does
  /// not carry it.
  case old
  /// 1: the writer is taken as certain of every token (LUFFY's choice for traces).
  case one
  /// π_φ, the writer: a teacher's given log-probs, or those recorded when a replayed rollout was
  /// drawn.
  case behavior
}
