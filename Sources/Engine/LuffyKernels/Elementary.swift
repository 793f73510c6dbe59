/// Elementary functions in float64 from + - * / alone, so that their bits do not depend on a C library.
package enum Elementary {
  private static let ln2High = 0.693_147_180_369_123_816_490
  private static let ln2Low = 1.908_214_929_270_587_700_02e-10

  /// e^x within 4 ulp; 0 below -745, +inf above 709.7.
  package static func exp(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > 709.78 { return .infinity }
    if x < -745 { return 0 }
    let n = (x * 1.442_695_040_888_963_407_36).rounded(.toNearestOrEven)
    let r = (x - n * ln2High) - n * ln2Low
    var p = 1.0 / 6_227_020_800
    for factorial in factorials { p = p * r + 1 / factorial }
    let half = (n / 2).rounded(.down)
    return p * power(Int(half)) * power(Int(n - half))
  }

  private static let factorials: [Double] = [
    479_001_600, 39_916_800, 3_628_800, 362_880, 40_320, 5_040, 720, 120, 24, 6, 2, 1, 1,
  ]

  private static func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }

  /// ln x within 4 ulp; -inf at 0, NaN below.
  package static func log(_ x: Double) -> Double {
    if x == 0 { return -.infinity }
    guard x > 0, x.isFinite else { return x > 0 ? x : .nan }
    var exponent = Double(x.exponent)
    var mantissa = x.significand
    if mantissa > 1.414_213_562_373_095_048_8 {
      mantissa /= 2
      exponent += 1
    }
    let z = (mantissa - 1) / (mantissa + 1)
    let square = z * z
    var series = 0.0
    var term = 27.0
    while term >= 1 {
      series = series * square + 1 / term
      term -= 2
    }
    return (2 * z * series + exponent * ln2Low) + exponent * ln2High
  }

  /// base^exponent for a positive base.
  package static func pow(_ base: Double, _ exponent: Double) -> Double {
    exp(exponent * log(base))
  }

  /// (cos x, sin x) within 2e-15 absolute for |x| < 5e4, the range that is tested.
  package static func cosineAndSine(_ x: Double) -> (cosine: Double, sine: Double) {
    let n = (x * 0.636_619_772_367_581_343_08).rounded(.toNearestOrEven)
    // π/2 in three parts, so that the remainder keeps its digits.
    var r = x - n * 1.570_796_326_734_125_614_17
    r -= n * 6.077_100_506_303_965_976_6e-11
    r -= n * 2.022_266_248_795_950_631_54e-21
    let square = r * r
    var sine = 0.0
    var cosine = 0.0
    for k in stride(from: 9, through: 0, by: -1) {
      sine = 1 - square * sine / Double((2 * k + 2) * (2 * k + 3))
      cosine = 1 - square * cosine / Double((2 * k + 1) * (2 * k + 2))
    }
    sine *= r
    switch Int(n) & 3 {
    case 0: return (cosine, sine)
    case 1: return (-sine, cosine)
    case 2: return (-cosine, -sine)
    default: return (sine, -cosine)
    }
  }
}
