/// An exact fraction in lowest terms with a positive denominator.
struct Rational: Hashable, Sendable {
  let numerator: BigInteger
  let denominator: BigInteger

  private init(lowest numerator: BigInteger, _ denominator: BigInteger) {
    self.numerator = numerator
    self.denominator = denominator
  }

  init(_ value: Int) { self.init(lowest: BigInteger(value), .one) }
  init(_ value: BigInteger) { self.init(lowest: value, .one) }

  /// nil for a zero denominator.
  init?(_ numerator: BigInteger, over denominator: BigInteger) throws(OverBudget) {
    if denominator.isZero { return nil }
    if denominator.isOne {
      self.init(lowest: numerator, .one)
      return
    }
    let divisor = try BigInteger.gcd(numerator, denominator)
    guard let top = numerator.dividedWithRemainder(by: divisor)?.quotient,
      let bottom = denominator.dividedWithRemainder(by: divisor)?.quotient
    else { return nil }
    self.init(
      lowest: bottom.isNegative ? -top : top, bottom.isNegative ? -bottom : bottom)
  }

  static let zero = Rational(0)
  static let one = Rational(1)
  static let minusOne = Rational(-1)

  var isInteger: Bool { denominator.isOne }
  var isZero: Bool { numerator.isZero }
  var signum: Int { numerator.signum }
  /// The value where it is an integer that fits a machine word.
  var int: Int? { denominator.isOne ? numerator.int : nil }

  static prefix func - (value: Rational) -> Rational {
    Rational(lowest: -value.numerator, value.denominator)
  }

  func adding(_ other: Rational) throws(OverBudget) -> Rational {
    if denominator.isOne, other.denominator.isOne {
      return Rational(try numerator.adding(other.numerator))
    }
    let top = try numerator.multiplied(by: other.denominator)
      .adding(try other.numerator.multiplied(by: denominator))
    let sum = try Rational(top, over: try denominator.multiplied(by: other.denominator))
    guard let sum else { throw OverBudget() }
    return sum
  }

  func subtracting(_ other: Rational) throws(OverBudget) -> Rational { try adding(-other) }

  func multiplied(by other: Rational) throws(OverBudget) -> Rational {
    let top = try numerator.multiplied(by: other.numerator)
    let product = try Rational(top, over: try denominator.multiplied(by: other.denominator))
    guard let product else { throw OverBudget() }
    return product
  }

  /// nil for a zero divisor.
  func divided(by other: Rational) throws(OverBudget) -> Rational? {
    try Rational(
      try numerator.multiplied(by: other.denominator),
      over: try denominator.multiplied(by: other.numerator))
  }

  /// nil for a negative power of zero.
  func power(_ exponent: Int) throws(OverBudget) -> Rational? {
    guard exponent.magnitude <= 1_000_000 else { throw OverBudget() }
    let magnitude = abs(exponent)
    let top = try numerator.power(magnitude)
    let bottom = try denominator.power(magnitude)
    if exponent >= 0 { return Rational(lowest: top, bottom) }
    return try Rational(bottom, over: top)
  }

  /// The nearest double, good to a few ulps; infinite or zero out of range.
  var double: Double {
    if denominator.isOne { return numerator.double }
    let (top, bottom) = (numerator.double, denominator.double)
    if top.isFinite, bottom.isFinite { return top / bottom }
    let shift = max(numerator.bitWidth, denominator.bitWidth) - 512
    guard let scale = try? BigInteger(2).power(shift),
      let a = numerator.dividedWithRemainder(by: scale)?.quotient,
      let b = denominator.dividedWithRemainder(by: scale)?.quotient
    else { return .nan }
    return b.isZero ? (numerator.isNegative ? -.infinity : .infinity) : a.double / b.double
  }

  /// Rounded to `decimals` decimal places, half to even; nil for more than 300 places.
  func rounded(decimals: Int) throws(OverBudget) -> Rational? {
    guard decimals >= 0, decimals <= 300 else { return nil }
    let scale = try BigInteger(10).power(decimals)
    let scaled = try numerator.multiplied(by: scale)
    guard let (quotient, rest) = scaled.dividedWithRemainder(by: denominator) else { return nil }
    let twice = try rest.absolute.multiplied(by: BigInteger(2))
    var nearest = quotient
    if twice > denominator || (twice == denominator && quotient.isOdd) {
      nearest = try quotient.adding(BigInteger(isZero || !numerator.isNegative ? 1 : -1))
    }
    return try Rational(nearest, over: scale)
  }

  /// Reads `12`, `12.5`, `.5`, `1E-3`; nil for anything else.
  init?(decimal text: Bytes) throws(OverBudget) {
    var digits = Bytes()
    var decimals = 0
    var exponent = 0
    var seenPoint = false
    var index = 0
    var negative = false
    if let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      negative = sign == UInt8(ascii: "-")
      index = 1
    }
    while index < text.count {
      let byte = text[index]
      if byte.isDigit {
        digits.append(byte)
        if seenPoint { decimals += 1 }
      } else if byte == UInt8(ascii: "."), !seenPoint {
        seenPoint = true
      } else if byte == UInt8(ascii: "E") || byte == UInt8(ascii: "e") {
        guard let value = Int(Bytes(text[(index + 1)...]).text), abs(value) <= 4_000 else {
          throw OverBudget()
        }
        exponent = value
        break
      } else {
        return nil
      }
      index += 1
    }
    guard let magnitude = BigInteger(digits: digits) else { return nil }
    let value = negative ? -magnitude : magnitude
    let shift = exponent - decimals
    if shift >= 0 {
      self.init(try value.multiplied(by: try BigInteger(10).power(shift)))
    } else {
      try self.init(value, over: try BigInteger(10).power(-shift))
    }
  }
}

extension Rational: Comparable {
  static func < (a: Rational, b: Rational) -> Bool {
    if a.denominator == b.denominator { return a.numerator < b.numerator }
    if let left = try? a.numerator.multiplied(by: b.denominator),
      let right = try? b.numerator.multiplied(by: a.denominator)
    {
      return left < right
    }
    return a.double < b.double
  }
}
