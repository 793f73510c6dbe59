/// What bounds a (shaped) ratio ρ inside a surrogate with advantage A.
public enum Clip: Sendable, Hashable {
  /// −A·ρ.
  case none
  /// max(−A·min(ρ, δ), −A·clamp(ρ, 1−low, 1+high)): PPO; with `high` > `low` DAPO's clip-higher;
  /// with δ (`dual`) a bound on what a bad token with a large ratio costs. Nil opens a side.
  case pessimistic(low: Double?, high: Double?, dual: Double? = nil)
  /// −A·clamp(ρ, min, max): two-sided whatever A's sign; no gradient beyond a bound.
  case bounds(min: Double?, max: Double?)
  /// −A·sg(clamp(ρ, min, max))·log π_θ (CISPO): a bounded weight; every token keeps a gradient.
  case detached(min: Double?, max: Double?)
  /// −A·(4/τ)·σ(τ(ρ−1)) with τ = `positive` for A > 0, else `negative` (SAPO): a smooth gate.
  case soft(positive: Double, negative: Double)

  /// A clipped token loss.
  struct Value {
    var loss: Double
    /// ∂loss/∂ρ.
    var dRatio: Double
    /// ∂loss/∂log π_θ on top of what passes through ρ.
    var dLogprob = 0.0
    /// ρ as it entered the loss.
    var ratio: Double
    /// A bound and not ρ decided the loss: below for A < 0, above for A > 0.
    var isClippedLow = false
    var isClippedHigh = false
    /// The pessimistic maximum took the clamped side.
    var isClipped = false
  }

  func apply(ratio: Double, advantage: Double, logprob: Double) -> Value {
    // 0·∞ is not a number; without an advantage nothing is learned whatever the ratio.
    guard advantage != 0 else { return Value(loss: 0, dRatio: 0, ratio: bounded(ratio)) }
    switch self {
    case .none:
      return Value(loss: -advantage * ratio, dRatio: -advantage, ratio: ratio)
    case .pessimistic(_, _, let dual):
      return pessimistic(ratio, advantage, cap: dual ?? .infinity)
    case .bounds:
      let used = bounded(ratio)
      return Value(
        loss: -advantage * used, dRatio: used == ratio ? -advantage : 0, ratio: used)
    case .detached:
      let used = bounded(ratio)
      var value = Value(loss: -advantage * used * logprob, dRatio: 0, ratio: used)
      value.dLogprob = -advantage * used
      value.isClippedHigh = used < ratio && advantage > 0
      value.isClippedLow = used > ratio && advantage < 0
      return value
    case .soft(let positive, let negative):
      let temperature = advantage > 0 ? positive : negative
      let z = temperature * (ratio - 1)
      return Value(
        loss: -advantage * sigmoid(z) * 4 / temperature,
        dRatio: -advantage * 4 * sigmoid(z) * sigmoid(-z), ratio: ratio)
    }
  }

  private func pessimistic(_ ratio: Double, _ advantage: Double, cap: Double) -> Value {
    let used = bounded(ratio)
    let free = -advantage * Swift.min(ratio, cap)
    let clamped = -advantage * used
    let isClipped = clamped > free
    var value = Value(loss: isClipped ? clamped : free, dRatio: 0, ratio: ratio)
    let hasGradient = isClipped ? used == ratio : ratio <= cap
    value.dRatio = hasGradient ? -advantage : 0
    value.isClipped = isClipped
    value.isClippedLow = used > ratio && advantage < 0
    value.isClippedHigh = used < ratio && advantage > 0
    return value
  }

  /// ρ between the bounds.
  private func bounded(_ ratio: Double) -> Double {
    let (low, high) = range
    return Swift.max(low, Swift.min(ratio, high))
  }

  /// The bounds on ρ itself; infinite where a side is open.
  var range: (low: Double, high: Double) {
    switch self {
    case .none, .soft: (-.infinity, .infinity)
    case .pessimistic(let low, let high, _):
      (low.map { 1 - $0 } ?? -.infinity, high.map { 1 + $0 } ?? .infinity)
    case .bounds(let min, let max), .detached(let min, let max):
      (min ?? -.infinity, max ?? .infinity)
    }
  }

  func validate(_ key: String) throws(ObjectiveError) {
    switch self {
    case .none: break
    case .pessimistic(let low, let high, let dual):
      if let low {
        try require(low >= 0 && low <= 1, "\(key)_low", "expected 0 ≤ low ≤ 1, got \(low)")
      }
      if let high {
        try require(high >= 0 && high.isFinite, "\(key)_high", "expected high ≥ 0, got \(high)")
      }
      if let dual {
        try require(dual > 1 && dual.isFinite, "\(key)_dual", "expected δ > 1, got \(dual)")
      }
    case .bounds(let min, let max), .detached(let min, let max):
      try require(min?.isFinite ?? true, "\(key)_min", "expected a finite bound, got \(min ?? 0)")
      try require(max?.isFinite ?? true, "\(key)_max", "expected a finite bound, got \(max ?? 0)")
      if let min, let max {
        try require(min <= max, "\(key)_min", "expected min ≤ max, got \(min) > \(max)")
      }
    case .soft(let positive, let negative):
      for (name, value) in [("positive", positive), ("negative", negative)] {
        try require(
          value > 0 && value.isFinite, "\(key)_\(name)", "expected a temperature > 0, got \(value)")
      }
    }
  }
}
