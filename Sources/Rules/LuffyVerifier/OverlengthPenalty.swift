/// The soft over-length penalty: 0 up to L − C tokens, then linear down to −1 at L, −1 beyond.
///
///     penalty(n) = 0                      n ≤ L − C
///                = ((L − C) − n) / C      L − C < n ≤ L
///                = −1                     n > L
///
/// Source: DAPO (arXiv 2503.14476), equation 13; L is `maximumLength`, C is `buffer`.
public struct OverlengthPenalty: Sendable, Hashable {
  /// L: the length, in tokens, from which the full penalty applies.
  public let maximumLength: Int
  /// C: the length of the ramp, in tokens; 0 makes a step at L.
  public let buffer: Int
  /// What the penalty is multiplied with; 1 in the paper.
  public let weight: Double

  /// Negative lengths count as 0 and a ramp longer than L as L.
  public init(maximumLength: Int, buffer: Int, weight: Double = 1) {
    self.maximumLength = max(0, maximumLength)
    self.buffer = min(max(0, buffer), self.maximumLength)
    self.weight = weight
  }

  /// What to add to the reward of a response of `length` tokens: between −weight and 0.
  public func callAsFunction(length: Int) -> Double {
    let start = maximumLength - buffer
    if length <= start { return 0 }
    if length > maximumLength { return -weight }
    return weight * (Double(start - length) / Double(buffer))
  }
}
