import Glibc

/// A function of the importance ratio x = π_θ/π_d that replaces it in a surrogate, and so decides
/// how much a rare token weighs against a frequent one.
///
/// Everything is computed from log-probs, so nothing is lost where π_θ underflows. Slopes are
/// with respect to log π_θ: x·f′(x).
public enum Shaping: Sendable, Hashable {
  /// x. Slope x: the rarer the token, the smaller its gradient.
  case none
  /// x/(x+γ) = σ(ln x − ln γ) (LUFFY, §3.3). Slope γx/(x+γ)², at most ¼, at x = γ.
  case saturating(gamma: Double)
  /// f(π_θ)/f(π_d) with f(p) = p/(p+γ): shaping of the policy's own tokens, where x is near 1.
  case saturatingProbabilities(gamma: Double)
  /// x^α. Slope αx^α.
  case power(exponent: Double)
  /// w·ln x. Slope w: with π_d = 1 the likelihood's gradient.
  case log(weight: Double)
  /// x + w·ln x. Slope x + w.
  case pLog(weight: Double)

  /// √x.
  public static let squareRoot = Shaping.power(exponent: 0.5)

  /// The shaped ratio and its slope in log π_θ, from log π_θ and log π_d (nats).
  ///
  /// A ratio beyond the float64 range is infinite; a term reports it where it reaches the loss.
  public func apply(logprob: Double, denominator: Double) -> (ratio: Double, slope: Double) {
    let logRatio = logprob - denominator
    switch self {
    case .none:
      let ratio = exp(logRatio)
      return (ratio, ratio)
    case .saturating(let gamma):
      let z = logRatio - naturalLog(gamma)
      return (sigmoid(z), sigmoid(z) * sigmoid(-z))
    case .saturatingProbabilities(let gamma):
      let z = logprob - naturalLog(gamma)
      // f(π_θ)/f(π_d) = x·(π_d+γ)/(π_θ+γ): exact also where both probabilities underflow.
      let ratio = exp(logRatio) * (exp(denominator) + gamma) / (exp(logprob) + gamma)
      return (ratio, ratio * sigmoid(-z))
    case .power(let exponent):
      let ratio = exp(exponent * logRatio)
      return (ratio, exponent * ratio)
    case .log(let weight):
      return (weight * logRatio, weight)
    case .pLog(let weight):
      let ratio = exp(logRatio)
      return (ratio + weight * logRatio, ratio + weight)
    }
  }

  func validate(_ key: String) throws(ObjectiveError) {
    switch self {
    case .none: break
    case .saturating(let gamma), .saturatingProbabilities(let gamma):
      try require(gamma > 0 && gamma.isFinite, "\(key).gamma", "expected γ > 0, got \(gamma)")
    case .power(let exponent):
      try require(
        exponent > 0 && exponent.isFinite, "\(key).exponent", "expected α > 0, got \(exponent)")
    case .log(let weight), .pLog(let weight):
      try require(
        weight >= 0 && weight.isFinite, "\(key).weight", "expected w ≥ 0, got \(weight)")
    }
  }
}

/// 1/(1+e^−z), without overflow on either side.
func sigmoid(_ z: Double) -> Double {
  if z >= 0 { return 1 / (1 + exp(-z)) }
  let e = exp(z)
  return e / (1 + e)
}

/// ln x, under a name that the case `Shaping.log` does not hide.
private func naturalLog(_ x: Double) -> Double { log(x) }
