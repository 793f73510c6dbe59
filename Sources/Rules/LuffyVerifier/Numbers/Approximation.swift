import Glibc

/// A complex number in double precision with a bound on its absolute error.
///
/// Every operation adds what rounding and its operands' errors may have done to the result, so that
/// two values that differ by more than their errors are proved different.
struct Approximation {
  var re: Double
  var im: Double
  var error: Double

  /// Half a unit in the last place, relative.
  static let unit = 0x1p-53

  init(_ re: Double, _ im: Double = 0, error: Double = 0) {
    self.re = re
    self.im = im
    self.error = error
  }

  /// A correctly rounded real.
  init(rounded value: Double) { self.init(value, 0, error: abs(value) * Self.unit) }

  var magnitude: Double { im == 0 ? abs(re) : hypot(re, im) }
  var isFinite: Bool { re.isFinite && im.isFinite && error.isFinite }
  /// Whether the value is known well enough to compare.
  var isSharp: Bool { isFinite && error <= 1e-6 * max(magnitude, 1e-3) }
  var isReal: Bool { abs(im) <= 4 * error }
  var isZero: Bool { magnitude <= 4 * error }

  private func rounding(_ count: Double) -> Approximation {
    Approximation(re, im, error: error + count * Self.unit * magnitude)
  }

  static func + (a: Approximation, b: Approximation) -> Approximation {
    Approximation(a.re + b.re, a.im + b.im, error: a.error + b.error).rounding(1)
  }

  static func - (a: Approximation, b: Approximation) -> Approximation {
    Approximation(a.re - b.re, a.im - b.im, error: a.error + b.error).rounding(1)
  }

  static func * (a: Approximation, b: Approximation) -> Approximation {
    let error = a.magnitude * b.error + b.magnitude * a.error + a.error * b.error
    if a.im == 0, b.im == 0 {
      return Approximation(a.re * b.re, 0, error: error).rounding(1)
    }
    return Approximation(
      a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re, error: error
    ).rounding(3)
  }

  /// nil where the divisor may be zero.
  static func / (a: Approximation, b: Approximation) -> Approximation? {
    let size = b.magnitude
    guard size > 2 * b.error, size > 0 else { return nil }
    let error = (a.error + a.magnitude / size * b.error) / (size - b.error)
    if a.im == 0, b.im == 0 { return Approximation(a.re / b.re, 0, error: error).rounding(1) }
    let square = size * size
    return Approximation(
      (a.re * b.re + a.im * b.im) / square, (a.im * b.re - a.re * b.im) / square, error: error
    ).rounding(6)
  }

  // MARK: functions

  var exponential: Approximation {
    let scale = Glibc.exp(re)
    let result =
      im == 0
      ? Approximation(scale) : Approximation(scale * Glibc.cos(im), scale * Glibc.sin(im))
    return Approximation(result.re, result.im, error: scale * (error + 2 * Self.unit))
  }

  /// The principal logarithm; nil at zero.
  var logarithm: Approximation? {
    let size = magnitude
    guard size > 2 * error, size > 0 else { return nil }
    // Just below the negative axis rounding alone would choose the branch.
    let angle = im == 0 || abs(im) <= error ? (re < 0 ? Double.pi : 0) : atan2(im, re)
    let result = Approximation(Glibc.log(size), angle)
    return Approximation(
      result.re, result.im,
      error: error / (size - error) + 2 * Self.unit * max(result.magnitude, 1))
  }

  var sine: Approximation {
    if im == 0 {
      return Approximation(Glibc.sin(re), 0, error: error + 2 * Self.unit)
    }
    return Approximation(
      Glibc.sin(re) * cosh(im), Glibc.cos(re) * sinh(im),
      error: cosh(im) * (error + 4 * Self.unit))
  }

  var cosine: Approximation {
    if im == 0 {
      return Approximation(Glibc.cos(re), 0, error: error + 2 * Self.unit)
    }
    return Approximation(
      Glibc.cos(re) * cosh(im), -Glibc.sin(re) * sinh(im),
      error: cosh(im) * (error + 4 * Self.unit))
  }

  func power(_ exponent: Int) -> Approximation? {
    if exponent < 0 {
      guard let positive = power(-exponent) else { return nil }
      return Approximation(1) / positive
    }
    if im == 0 {
      let value = Glibc.pow(re, Double(exponent))
      let below = exponent == 0 ? 0 : Double(exponent) * abs(Glibc.pow(re, Double(exponent - 1)))
      return Approximation(value, 0, error: below * error + 4 * Self.unit * abs(value))
    }
    var result = Approximation(1)
    var base = self
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = result * base }
      rest >>= 1
      if rest > 0 { base = base * base }
    }
    return result
  }

  /// The principal power; nil where it is undefined.
  func power(_ exponent: Approximation) -> Approximation? {
    if exponent.im == 0, exponent.error == 0, exponent.re == exponent.re.rounded(),
      abs(exponent.re) < 1e6
    {
      return power(Int(exponent.re))
    }
    if magnitude <= error {
      return magnitude == 0 && exponent.re > 0 ? Approximation(0) : nil
    }
    if im == 0, re > 0, exponent.im == 0 {
      let value = Glibc.pow(re, exponent.re)
      let relative =
        abs(exponent.re) * error / (re - error) + abs(Glibc.log(re)) * exponent.error
      return Approximation(value, 0, error: value * (relative + 4 * Self.unit))
    }
    guard let logarithm else { return nil }
    return (exponent * logarithm).exponential
  }

  var squareRoot: Approximation? { power(Approximation(0.5)) }
}
