/// Arithmetic that pays for the size of its numbers: a step of the budget is about a hundred limb operations.
extension WorkBudget {
  func sum(_ a: Rational, _ b: Rational) throws(OverBudget) -> Rational {
    try spend(large: Self.cost(a, b))
    return try a.adding(b)
  }

  func product(_ a: Rational, _ b: Rational) throws(OverBudget) -> Rational {
    try spend(large: Self.cost(a, b))
    return try a.multiplied(by: b)
  }

  /// nil for a zero divisor.
  func quotient(_ a: Rational, _ b: Rational) throws(OverBudget) -> Rational? {
    try spend(large: Self.cost(a, b))
    return try a.divided(by: b)
  }

  /// nil for a negative power of zero.
  func power(_ base: Rational, _ exponent: Int) throws(OverBudget) -> Rational? {
    let bits = max(base.numerator.bitWidth, base.denominator.bitWidth)
    let (width, overflow) = bits.multipliedReportingOverflow(by: Int(clamping: exponent.magnitude))
    if !overflow, width > 256 {
      let size = min(width / 32, BigInteger.limbLimit)
      try spend(large: size * size / 60)
    }
    return try base.power(exponent)
  }

  /// The sum of many fractions, in pairs, so that the partial sums stay small.
  func sum(_ values: ArraySlice<Rational>) throws(OverBudget) -> Rational {
    switch values.count {
    case 0: return .zero
    case 1: return values[values.startIndex]
    default:
      let middle = values.startIndex + values.count / 2
      return try sum(try sum(values[..<middle]), try sum(values[middle...]))
    }
  }

  /// The product of many fractions, in pairs.
  func product(_ values: ArraySlice<Rational>) throws(OverBudget) -> Rational {
    switch values.count {
    case 0: return .one
    case 1: return values[values.startIndex]
    default:
      let middle = values.startIndex + values.count / 2
      return try product(try product(values[..<middle]), try product(values[middle...]))
    }
  }

  /// What a sum, product or quotient costs: products of limbs, and for fractions the steps of a common divisor.
  private static func cost(_ a: Rational, _ b: Rational) -> Int {
    if a.numerator.int != nil, a.denominator.int != nil, b.numerator.int != nil,
      b.denominator.int != nil
    {
      return a.isInteger && b.isInteger ? 0 : 8
    }
    let top = (a.numerator.bitWidth + b.numerator.bitWidth) / 32 + 2
    if a.isInteger, b.isInteger {
      return top / 20 + (a.numerator.bitWidth / 32) * (b.numerator.bitWidth / 32) / 60
    }
    let limbs = top + (a.denominator.bitWidth + b.denominator.bitWidth) / 32
    return limbs + limbs * limbs / 25
  }
}
