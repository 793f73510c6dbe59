/// −A·clip(shape(π_θ/π_d)): the policy-gradient loss of one token.
public struct Surrogate: Sendable, Hashable {
  public enum Level: String, Sendable, Hashable, CaseIterable {
    /// A ratio a token.
    case token
    /// One ratio a row, exp(mean log-ratio over the term's tokens) (GSPO).
    case sequence
  }

  public var denominator: Denominator
  public var level: Level
  public var shaping: Shaping
  public var clip: Clip

  public init(
    _ denominator: Denominator = .old, level: Level = .token, shaping: Shaping = .none,
    clip: Clip = .none
  ) {
    self.denominator = denominator
    self.level = level
    self.shaping = shaping
    self.clip = clip
  }
}
