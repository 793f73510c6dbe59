import Glibc
import LuffyJSON
import LuffyRecords

/// A mean over seeds with its 95 % interval by Student's t.
package struct SeedMean: Equatable, Sendable {
  package var mean: Double
  /// Half the interval's width; nil for fewer than two values.
  package var half: Double?
  package var count: Int

  /// Nil for no values.
  package init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    count = values.count
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    self.mean = mean
    guard values.count > 1 else { return }
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    half = StudentT.quantile(0.975, degrees: n - 1) * (variance / n).squareRoot()
  }

  package var low: Double? { half.map { mean - $0 } }
  package var high: Double? { half.map { mean + $0 } }
}

extension SeedMean: JSONWritable {
  package func write(to writer: JSONWriter) {
    writer.object {
      writer.member("count", count)
      if let half { writer.member("half", half) }
      writer.member("mean", mean)
    }
  }
}

/// Student's t distribution.
package enum StudentT {
  /// P(T ≤ t) = 1 − ½ I_x(ν/2, ½) with x = ν/(ν + t²), for t ≥ 0.
  package static func cumulative(_ t: Double, degrees: Double) -> Double {
    let tail = 0.5 * incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
    return t >= 0 ? 1 - tail : tail
  }

  /// t with P(T ≤ t) = p, for ½ ≤ p < 1, by bisection.
  package static func quantile(_ p: Double, degrees: Double) -> Double {
    var low = 0.0
    var high = 1.0
    while cumulative(high, degrees: degrees) < p && high < 1e9 { high *= 2 }
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if cumulative(middle, degrees: degrees) < p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// I_x(a, b) by its continued fraction (Press et al., Numerical Recipes, 3rd ed., §6.4).
  package static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    // The fraction converges fast on this side; I_x(a, b) = 1 − I_{1−x}(b, a).
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)
    return exp(logFront) * fraction(x, a, b) / a
  }

  private static func logGamma(_ x: Double) -> Double {
    var sign: Int32 = 0
    return unsafe lgamma_r(x, &sign)
  }

  /// Lentz's method.
  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func nonZero(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / nonZero(1 - (a + b) * x / (a + 1))
    var result = d
    for index in 1...300 {
      let m = Double(index)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / nonZero(1 + even * d)
      c = nonZero(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / nonZero(1 + odd * d)
      c = nonZero(1 + odd / c)
      result *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return result
  }
}
