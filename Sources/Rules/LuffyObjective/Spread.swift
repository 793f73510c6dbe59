/// Mean, largest and smallest of some values; there is none of no values.
public struct Spread: Sendable, Hashable {
  public let mean: Double
  public let max: Double
  public let min: Double

  init?(_ values: [Double]) {
    guard let max = values.max(), let min = values.min() else { return nil }
    self.mean = values.reduce(0, +) / Double(values.count)
    self.max = max
    self.min = min
  }
}
