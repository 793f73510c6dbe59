/// A mean over problems with its 95 % interval, all in [0, 1].
public struct Estimate: Sendable, Hashable {
  public let mean: Double
  public let low: Double
  public let high: Double

  private static let z = 1.959964

  /// Of one value a problem in [0, 1]: mean ± 1.96·s/√n over n problems, cut to [0, 1].
  ///
  /// Where all values are equal s = 0 says nothing; then the interval is Wilson's for n trials (1927,
  /// doi:10.1080/01621459.1927.10502953). No values: mean 0 in [0, 1].
  public init(_ values: [Double]) {
    let n = Double(values.count)
    guard n > 0 else {
      (mean, low, high) = (0, 0, 1)
      return
    }
    let mean = values.reduce(0, +) / n
    self.mean = mean
    if values.allSatisfy({ $0 == values[0] }) {
      let square = Self.z * Self.z / n
      let center = (mean + square / 2) / (1 + square)
      let spread = max(0, mean * (1 - mean)) / n + square / (4 * n)
      let half = Self.z / (1 + square) * spread.squareRoot()
      (low, high) = (max(0, center - half), min(1, center + half))
    } else {
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
      let half = Self.z * (variance / n).squareRoot()
      (low, high) = (max(0, mean - half), min(1, mean + half))
    }
  }
}
