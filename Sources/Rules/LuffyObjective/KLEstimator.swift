import Glibc

/// An estimate of KL(π_θ ‖ π_ref) from one token drawn from π_θ, with x = log π_ref − log π_θ.
public enum KLEstimator: String, Sendable, Hashable, CaseIterable {
  /// −x: unbiased, of either sign.
  case k1
  /// x²/2: low variance, biased.
  case k2
  /// eˣ − x − 1: unbiased and never negative (GRPO).
  case k3

  /// The estimate and its derivative in log π_θ.
  func apply(logprob: Double, reference: Double) -> (value: Double, slope: Double) {
    let x = reference - logprob
    switch self {
    case .k1: return (-x, 1)
    case .k2: return (x * x / 2, -x)
    case .k3:
      // expm1 keeps the digits that eˣ − 1 loses near x = 0.
      let e = expm1(x)
      return (e - x, -e)
    }
  }
}
