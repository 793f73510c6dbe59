import Glibc

/// A coefficient that may change over training steps, counted from 0.
public enum Schedule: Sendable, Hashable {
  case constant(Double)
  /// From `from` at step 0 to `to` at step `steps`, and `to` after it.
  case linear(from: Double, to: Double, steps: Int)
  /// The same ends along half a cosine.
  case cosine(from: Double, to: Double, steps: Int)

  public func value(at step: Int) -> Double {
    switch self {
    case .constant(let value): return value
    case .linear(let from, let to, let steps):
      return from + (to - from) * progress(step, steps)
    case .cosine(let from, let to, let steps):
      return to + (from - to) * (1 + cos(.pi * progress(step, steps))) / 2
    }
  }

  private func progress(_ step: Int, _ steps: Int) -> Double {
    steps > 0 ? min(1, max(0, Double(step) / Double(steps))) : 1
  }

  func validate(_ key: String) throws(ObjectiveError) {
    let ends: [Double]
    switch self {
    case .constant(let value): ends = [value]
    case .linear(let from, let to, _), .cosine(let from, let to, _): ends = [from, to]
    }
    for end in ends {
      try require(end.isFinite, key, "expected a finite coefficient, got \(end)")
    }
  }
}

extension Schedule: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  public init(floatLiteral value: Double) { self = .constant(value) }
  public init(integerLiteral value: Int) { self = .constant(Double(value)) }
}
