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
