import Glibc

/// A factor on each token's loss through which no gradient flows.
///
/// Any function of `WeightContext` is one: see `docs/objective.md`, "A new objective".
public struct Weight: Sendable {
  public let name: String
  public let needsEntropies: Bool
  /// One factor a selected token.
  public let values: @Sendable (WeightContext) -> [Double]

  public init(
    name: String, needsEntropies: Bool = false,
    values: @escaping @Sendable (WeightContext) -> [Double]
  ) {
    self.name = name
    self.needsEntropies = needsEntropies
    self.values = values
  }

  /// A weight that is one number for the row.
  public static func row(
    name: String, _ value: @escaping @Sendable (WeightContext) -> Double
  ) -> Weight {
    Weight(name: name) { [Double](repeating: value($0), count: $0.logprobs.count) }
  }

  /// p(1−p) with p = π_θ(token) (CHORD-φ): neither what is known nor what is hopeless.
  public static let uncertainty = Weight(name: "uncertainty") { context in
    context.logprobs.map { exp($0) * -expm1($0) }
  }

  /// exp(rate·H) of each token's entropy H (SRFT: −1 on traces, +1 on rollouts).
  public static func exponentialEntropy(rate: Double) -> Weight {
    Weight(name: "exponential entropy", needsEntropies: true) { context in
      context.entropies.map { exp(rate * $0) }
    }
  }

  /// 1 on the ⌈fraction·n⌉ tokens of the row's n with the highest entropy, 0 on the rest
  /// (Prefix-RFT). Of equal entropies the earlier token counts as the higher.
  public static func topEntropy(fraction: Double) -> Weight {
    Weight(name: "top entropy", needsEntropies: true) { context in
      let entropies = context.entropies
      // A fraction that is not a number keeps nothing.
      let share = fraction > 0 ? min(1, fraction) : 0
      let kept = (share * Double(entropies.count)).rounded(.up)
      let order = entropies.indices.sorted {
        entropies[$0] == entropies[$1] ? $0 < $1 : entropies[$0] > entropies[$1]
      }
      var values = [Double](repeating: 0, count: entropies.count)
      for index in order.prefix(Int(kept)) { values[index] = 1 }
      return values
    }
  }

  /// 1 where the row's advantage is positive, else 0.
  public static let positiveAdvantage = Weight.row(name: "positive advantage") {
    $0.advantage > 0 ? 1 : 0
  }

  /// 1 where the row's advantage is negative or 0, else 0.
  public static let negativeAdvantage = Weight.row(name: "negative advantage") {
    $0.advantage > 0 ? 0 : 1
  }

  /// 1 where at most `share` of the group's own rollouts are solved, else 0 (HPT's gate).
  public static func successAtMost(_ share: Double) -> Weight {
    .row(name: "success at most \(share)") { $0.groupSuccess <= share ? 1 : 0 }
  }

  /// 1 where more than `share` of the group's own rollouts are solved, else 0.
  public static func successAbove(_ share: Double) -> Weight {
    .row(name: "success above \(share)") { $0.groupSuccess > share ? 1 : 0 }
  }
}
