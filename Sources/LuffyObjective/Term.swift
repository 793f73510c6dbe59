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

/// The loss of one token, before weights.
public enum TokenLoss: Sendable, Hashable {
  case surrogate(Surrogate)
  /// −log π_θ, whatever the advantage: supervised fine-tuning.
  case likelihood
  /// A KL estimate against the reference policy.
  case kl(KLEstimator)
  /// −H: an entropy bonus.
  case entropy
}

/// coefficient · aggregate(weights · token loss) over some tokens: one addend of an objective.
public struct Term: Sendable {
  public var loss: TokenLoss
  public var tokens: TokenSelection
  /// Detached factors; they multiply. They do not enter the aggregation's denominator.
  public var weights: [Weight]
  /// Tokens with π_θ above it leave the sum and the denominator of a token or sequence mean.
  public var probabilityMax: Double?
  public var aggregation: Aggregation
  public var coefficient: Schedule

  public init(
    _ loss: TokenLoss, on tokens: TokenSelection = .all, weights: [Weight] = [],
    probabilityMax: Double? = nil, aggregation: Aggregation, coefficient: Schedule = 1
  ) {
    self.loss = loss
    self.tokens = tokens
    self.weights = weights
    self.probabilityMax = probabilityMax
    self.aggregation = aggregation
    self.coefficient = coefficient
  }

  /// The denominator is known only when every row's current log-probs are.
  var needsCounting: Bool { probabilityMax != nil && aggregation.kind == .tokenMean }

  /// True where `probabilityMax` takes a token out.
  func drops(_ probability: Double) -> Bool { probabilityMax.map { probability > $0 } ?? false }

  /// The term's surrogate if PPO's maximum clips it.
  var pessimistic: Surrogate? {
    guard case .surrogate(let surrogate) = loss, case .pessimistic = surrogate.clip else {
      return nil
    }
    return surrogate
  }

  func validate(_ key: String) throws(ObjectiveError) {
    if case .surrogate(let surrogate) = loss {
      try surrogate.shaping.validate("\(key).shaping")
      try surrogate.clip.validate("\(key).clip")
    }
    if let probabilityMax {
      try require(
        probabilityMax > 0 && probabilityMax <= 1, "probability_max",
        "expected 0 < p ≤ 1, got \(probabilityMax)")
    }
    try aggregation.validate("\(key).aggregation")
    try coefficient.validate("\(key).coefficient")
  }
}
