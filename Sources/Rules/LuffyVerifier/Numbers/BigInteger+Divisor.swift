/// Greatest common divisors by Lehmer's method (Knuth, The Art of Computer Programming, vol. 2, 4.5.2): Euclid's quotients
/// are found from the leading bits, and some thirty bits of both numbers are removed in one pass.
extension BigInteger {
  static func gcd(_ a: BigInteger, _ b: BigInteger) throws(OverBudget) -> BigInteger {
    var (x, y) = (a.absolute, b.absolute)
    if x < y { swap(&x, &y) }
    while y.int == nil {
      if let next = Steps(x, y)?.applied(x, y), !next.1.isNegative {
        (x, y) = next.0 < next.1 ? (next.1, next.0) : next
      } else {
        guard let division = x.dividedWithRemainder(by: y) else { throw OverBudget() }
        (x, y) = (y, division.rest)
      }
    }
    guard !y.isZero else { return x }
    guard let rest = x.dividedWithRemainder(by: y)?.rest.int, let last = y.int else {
      throw OverBudget()
    }
    var (p, q) = (last, rest)
    while q != 0 { (p, q) = (q, p % q) }
    return BigInteger(p)
  }

  /// What several of Euclid's steps do to a pair: (a·x + b·y, c·x + d·y).
  private struct Steps {
    var (a, b, c, d) = (1, 0, 0, 1)

    /// nil where the leading bits decide no quotient.
    init?(_ x: BigInteger, _ y: BigInteger) {
      let shift = max(0, x.bitWidth - 61)
      var (p, q) = (x.leading(from: shift), y.leading(from: shift))
      while q + c != 0, q + d != 0 {
        let quotient = (p + a) / (q + c)
        guard quotient == (p + b) / (q + d), quotient < 1 << 30 else { break }
        let (next, other) = (a - quotient * c, b - quotient * d)
        guard abs(next) < 1 << 30, abs(other) < 1 << 30 else { break }
        (a, c) = (c, next)
        (b, d) = (d, other)
        (p, q) = (q, p - quotient * q)
      }
      if b == 0 { return nil }
    }

    func applied(_ x: BigInteger, _ y: BigInteger) -> (BigInteger, BigInteger) {
      (Self.combined(x, y, a, b), Self.combined(x, y, c, d))
    }

    /// m·x + n·y, where one of m and n is negative at most.
    private static func combined(_ x: BigInteger, _ y: BigInteger, _ m: Int, _ n: Int) -> BigInteger
    {
      let (first, second) = (x.magnitude, y.magnitude)
      var limbs: [UInt32] = []
      limbs.reserveCapacity(first.count + 1)
      var carry = 0
      for index in first.indices {
        let value =
          m * Int(first[index]) + n * Int(index < second.count ? second[index] : 0) + carry
        limbs.append(UInt32(truncatingIfNeeded: value))
        carry = value >> 32
      }
      guard carry >= 0 else { return BigInteger(-1) }
      if carry > 0 { limbs.append(UInt32(truncatingIfNeeded: carry)) }
      return BigInteger(negative: false, magnitude: limbs)
    }
  }

  /// The bits from `shift` on, at most 61 of them.
  private func leading(from shift: Int) -> Int {
    let limbs = magnitude
    var value = 0
    for index in limbs.indices.reversed() where index * 32 + 32 > shift {
      let place = index * 32 - shift
      value |= place >= 0 ? Int(limbs[index]) << place : Int(limbs[index]) >> -place
    }
    return value
  }
}
