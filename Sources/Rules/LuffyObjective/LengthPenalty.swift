/// DAPO's soft punishment of long responses, added to the reward of the policy's own rollouts: 0
/// up to `maximum` − `buffer` tokens, then falling linearly to −1 at `maximum`, −1 beyond.
public struct LengthPenalty: Sendable, Hashable {
  public var maximum: Int
  public var buffer: Int

  public init(maximum: Int, buffer: Int) {
    self.maximum = maximum
    self.buffer = buffer
  }

  public func value(length: Int) -> Double {
    let excess = Double(length) - (Double(maximum) - Double(buffer))
    return -min(1, max(0, excess / Double(buffer)))
  }

  func validate() throws(ObjectiveError) {
    try require(
      buffer >= 1 && maximum >= buffer, "length_penalty",
      "expected 1 ≤ buffer ≤ maximum, got buffer \(buffer), maximum \(maximum)")
  }
}
