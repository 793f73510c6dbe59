import Glibc

/// Inverse trigonometric and hyperbolic functions on their principal branches.
extension Approximation {
  private static let i = Approximation(0, 1)
  private static let one = Approximation(1)

  /// −i · ln(iz + √(1 − z²)); real where |x| ≤ 1.
  var arcsine: Approximation? {
    if im == 0, abs(re) <= 1 {
      let slope = 1 / max(1e-8, (1 - re * re).squareRoot())
      return Approximation(asin(re), 0, error: error * slope + 2 * Self.unit)
    }
    guard let root = (Self.one - self * self).squareRoot,
      let log = (Self.i * self + root).logarithm
    else { return nil }
    return Approximation(0, -1) * log
  }

  var arccosine: Approximation? {
    if im == 0, abs(re) <= 1 {
      let slope = 1 / max(1e-8, (1 - re * re).squareRoot())
      return Approximation(acos(re), 0, error: error * slope + 2 * Self.unit)
    }
    guard let arcsine else { return nil }
    return Approximation(rounded: .pi / 2) - arcsine
  }

  var arctangent: Approximation? {
    if im == 0 {
      return Approximation(atan(re), 0, error: error + 2 * Self.unit)
    }
    guard let a = (Self.one - Self.i * self).logarithm,
      let b = (Self.one + Self.i * self).logarithm
    else { return nil }
    return Approximation(0, 0.5) * (a - b)
  }

  var arsinh: Approximation? {
    guard let root = (self * self + Self.one).squareRoot else { return nil }
    return (self + root).logarithm
  }

  var arcosh: Approximation? {
    guard let a = (self + Self.one).squareRoot, let b = (self - Self.one).squareRoot else {
      return nil
    }
    return (self + a * b).logarithm
  }

  var artanh: Approximation? {
    guard let a = (Self.one + self).logarithm, let b = (Self.one - self).logarithm else {
      return nil
    }
    return Approximation(0.5) * (a - b)
  }
}
