import Glibc

/// An integer of bounded size: a machine word where it fits, else sign and 32-bit limbs.
///
/// Every operation that could grow throws ``OverBudget`` past ``limbLimit`` limbs, so that no
/// answer can make the verifier compute with millions of digits.
struct BigInteger: Hashable, Sendable {
  /// 1,024 limbs: 32,768 bits, about 9,800 decimal digits.
  static let limbLimit = 1024

  private(set) var isNegative: Bool
  /// The magnitude where it needs more than 63 bits, least significant limb first; else empty.
  private(set) var limbs: [UInt32]
  private var small: Int

  init(_ value: Int) {
    if value == Int.min {
      isNegative = true
      limbs = [0, 0x8000_0000]
      small = 0
    } else {
      isNegative = value < 0
      limbs = []
      small = value
    }
  }

  init(negative: Bool, magnitude: [UInt32]) {
    var end = magnitude.count
    while end > 0, magnitude[end - 1] == 0 { end -= 1 }
    if end <= 2 {
      let low = end > 0 ? UInt64(magnitude[0]) : 0
      let value = low | (end > 1 ? UInt64(magnitude[1]) << 32 : 0)
      if value <= UInt64(Int.max) {
        small = negative ? -Int(value) : Int(value)
        isNegative = small < 0
        limbs = []
        return
      }
    }
    isNegative = negative
    limbs = end == magnitude.count ? magnitude : Array(magnitude[..<end])
    small = 0
  }

  static let zero = BigInteger(0)
  static let one = BigInteger(1)

  var isZero: Bool { limbs.isEmpty && small == 0 }
  var isOne: Bool { limbs.isEmpty && small == 1 }
  var isOdd: Bool { limbs.isEmpty ? small & 1 == 1 : limbs[0] & 1 == 1 }
  var signum: Int { isZero ? 0 : (isNegative ? -1 : 1) }

  /// The value where it fits a machine word.
  var int: Int? { limbs.isEmpty ? small : nil }

  var bitWidth: Int {
    if limbs.isEmpty { return Int.bitWidth - small.magnitude.leadingZeroBitCount }
    return limbs.count * 32 - limbs[limbs.count - 1].leadingZeroBitCount
  }

  var magnitude: [UInt32] {
    if !limbs.isEmpty { return limbs }
    let value = small.magnitude
    return value >> 32 == 0
      ? [UInt32(truncatingIfNeeded: value)]
      : [UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)]
  }

  /// The nearest double; infinite past the range.
  var double: Double {
    if limbs.isEmpty { return Double(small) }
    var result = 0.0
    for limb in limbs.suffix(4).reversed() { result = result * 4_294_967_296 + Double(limb) }
    result = result * Self.powerOfTwo(32 * max(0, limbs.count - 4))
    return isNegative ? -result : result
  }

  /// ln of the magnitude, to about a double's precision, however large.
  var logarithm: Double {
    if limbs.isEmpty { return Glibc.log(Double(small.magnitude)) }
    var top = 0.0
    for limb in limbs.suffix(4).reversed() { top = top * 4_294_967_296 + Double(limb) }
    return Glibc.log(top) + Double(32 * max(0, limbs.count - 4)) * Glibc.log(2)
  }

  private static func powerOfTwo(_ exponent: Int) -> Double {
    exponent > 1100 ? .infinity : Double(sign: .plus, exponent: exponent, significand: 1)
  }

  // MARK: arithmetic

  static prefix func - (value: BigInteger) -> BigInteger {
    if value.limbs.isEmpty { return BigInteger(-value.small) }
    return BigInteger(negative: !value.isNegative, magnitude: value.limbs)
  }

  var absolute: BigInteger { isNegative ? -self : self }

  func adding(_ other: BigInteger) throws(OverBudget) -> BigInteger {
    if limbs.isEmpty, other.limbs.isEmpty {
      let (sum, overflow) = small.addingReportingOverflow(other.small)
      if !overflow { return BigInteger(sum) }
    }
    let (a, b) = (magnitude, other.magnitude)
    if isNegative == other.isNegative {
      let sum = Self.add(a, b)
      guard sum.count <= Self.limbLimit else { throw OverBudget() }
      return BigInteger(negative: isNegative, magnitude: sum)
    }
    if Self.isLess(a, b) {
      return BigInteger(negative: other.isNegative, magnitude: Self.subtract(b, a))
    }
    return BigInteger(negative: isNegative, magnitude: Self.subtract(a, b))
  }

  func subtracting(_ other: BigInteger) throws(OverBudget) -> BigInteger {
    try adding(-other)
  }

  func multiplied(by other: BigInteger) throws(OverBudget) -> BigInteger {
    if limbs.isEmpty, other.limbs.isEmpty {
      let (product, overflow) = small.multipliedReportingOverflow(by: other.small)
      if !overflow { return BigInteger(product) }
    }
    let (a, b) = (magnitude, other.magnitude)
    guard a.count + b.count <= Self.limbLimit else { throw OverBudget() }
    return BigInteger(negative: isNegative != other.isNegative, magnitude: Self.multiply(a, b))
  }

  /// Quotient toward zero and remainder with the dividend's sign; nil for a zero divisor.
  func dividedWithRemainder(by other: BigInteger) -> (quotient: BigInteger, rest: BigInteger)? {
    if other.isZero { return nil }
    if limbs.isEmpty, other.limbs.isEmpty {
      let (quotient, rest) = small.quotientAndRemainder(dividingBy: other.small)
      return (BigInteger(quotient), BigInteger(rest))
    }
    let (a, b) = (magnitude, other.magnitude)
    if Self.isLess(a, b) { return (.zero, self) }
    let (quotient, rest) = b.count == 1 ? Self.divideShort(a, b[0]) : Self.divideLong(a, b)
    return (
      BigInteger(negative: isNegative != other.isNegative, magnitude: quotient),
      BigInteger(negative: isNegative, magnitude: rest)
    )
  }

  func power(_ exponent: Int) throws(OverBudget) -> BigInteger {
    guard exponent >= 0 else { throw OverBudget() }
    if isZero || isOne { return exponent == 0 ? .one : self }
    let (bits, overflow) = exponent.multipliedReportingOverflow(by: max(1, bitWidth - 1))
    guard self == -BigInteger.one || (!overflow && bits <= Self.limbLimit * 32) else {
      throw OverBudget()
    }
    var result = BigInteger.one
    var base = self
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = try result.multiplied(by: base) }
      rest >>= 1
      if rest > 0 { base = try base.multiplied(by: base) }
    }
    return result
  }

  /// The integer root of degree `degree`, rounded down; nil for a negative number or degree < 1.
  func root(_ degree: Int) throws(OverBudget) -> BigInteger? {
    guard degree >= 1, !isNegative else { return nil }
    if isZero || isOne || degree == 1 { return self }
    if degree >= bitWidth { return .one }
    guard bitWidth <= 4096 else { throw OverBudget() }
    // Newton's steps from above only fall until they reach the root.
    var root = try BigInteger(2).power(bitWidth / degree + 1)
    while true {
      guard let part = dividedWithRemainder(by: try root.power(degree - 1))?.quotient,
        let next = try root.multiplied(by: BigInteger(degree - 1)).adding(part)
          .dividedWithRemainder(by: BigInteger(degree))?.quotient
      else { return nil }
      if next >= root { return root }
      root = next
    }
  }
}

extension BigInteger: Comparable {
  static func < (a: BigInteger, b: BigInteger) -> Bool {
    if a.limbs.isEmpty, b.limbs.isEmpty { return a.small < b.small }
    if a.isNegative != b.isNegative { return a.isNegative }
    return a.isNegative ? isLess(b.magnitude, a.magnitude) : isLess(a.magnitude, b.magnitude)
  }
}

extension BigInteger {
  /// Reads decimal digits; nil for anything else or more than 4,300 digits (Python's own limit,
  /// which is Math-Verify's).
  init?(digits: some Collection<UInt8>) {
    guard !digits.isEmpty, digits.count <= 4_300 else { return nil }
    if digits.count <= 18 {
      var value = 0
      for digit in digits {
        guard digit.isDigit else { return nil }
        value = value * 10 + Int(digit - 0x30)
      }
      self.init(value)
      return
    }
    var limbs: [UInt32] = []
    var (group, scale) = (UInt64(0), UInt64(1))
    for (index, digit) in digits.enumerated() {
      guard digit.isDigit else { return nil }
      group = group * 10 + UInt64(digit - 0x30)
      scale *= 10
      if scale < 1_000_000_000, index < digits.count - 1 { continue }
      Self.append(group, scale: scale, to: &limbs)
      (group, scale) = (0, 1)
    }
    self.init(negative: false, magnitude: limbs)
  }

  /// limbs · scale + group.
  private static func append(_ group: UInt64, scale: UInt64, to limbs: inout [UInt32]) {
    var carry = group
    for index in limbs.indices {
      let value = UInt64(limbs[index]) * scale + carry
      limbs[index] = UInt32(truncatingIfNeeded: value)
      carry = value >> 32
    }
    if carry > 0 { limbs.append(UInt32(carry)) }
  }

  // MARK: limbs

  static func isLess(_ a: [UInt32], _ b: [UInt32]) -> Bool {
    if a.count != b.count { return a.count < b.count }
    for index in a.indices.reversed() where a[index] != b[index] { return a[index] < b[index] }
    return false
  }

  fileprivate static func add(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    result.reserveCapacity(max(a.count, b.count) + 1)
    var carry: UInt64 = 0
    for index in 0..<max(a.count, b.count) {
      let sum =
        UInt64(index < a.count ? a[index] : 0) + UInt64(index < b.count ? b[index] : 0) + carry
      result.append(UInt32(truncatingIfNeeded: sum))
      carry = sum >> 32
    }
    if carry > 0 { result.append(UInt32(carry)) }
    return result
  }

  /// a − b for a ≥ b.
  fileprivate static func subtract(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    var result = a
    var borrow: Int64 = 0
    for index in a.indices {
      var value = Int64(a[index]) - Int64(index < b.count ? b[index] : 0) - borrow
      borrow = value < 0 ? 1 : 0
      if value < 0 { value += 1 << 32 }
      result[index] = UInt32(truncatingIfNeeded: value)
    }
    return result
  }

  fileprivate static func multiply(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    var result = [UInt32](repeating: 0, count: a.count + b.count)
    for (i, x) in a.enumerated() {
      var carry: UInt64 = 0
      for (j, y) in b.enumerated() {
        let value = UInt64(x) * UInt64(y) + UInt64(result[i + j]) + carry
        result[i + j] = UInt32(truncatingIfNeeded: value)
        carry = value >> 32
      }
      result[i + b.count] = UInt32(carry)
    }
    return result
  }

  fileprivate static func divideShort(_ a: [UInt32], _ b: UInt32) -> ([UInt32], [UInt32]) {
    var quotient = a
    var rest: UInt64 = 0
    for index in a.indices.reversed() {
      let value = rest << 32 | UInt64(a[index])
      quotient[index] = UInt32(truncatingIfNeeded: value / UInt64(b))
      rest = value % UInt64(b)
    }
    return (quotient, [UInt32(rest)])
  }

  /// Knuth's algorithm D (The Art of Computer Programming, vol. 2, 4.3.1).
  fileprivate static func divideLong(_ a: [UInt32], _ b: [UInt32]) -> ([UInt32], [UInt32]) {
    let shift = b[b.count - 1].leadingZeroBitCount
    let divisor = shifted(b, left: shift)
    var rest = shifted(a, left: shift)
    if rest.count == a.count { rest.append(0) }
    let n = b.count
    var quotient = [UInt32](repeating: 0, count: rest.count - n)
    let top = UInt64(divisor[n - 1])
    let next = UInt64(divisor[n - 2])
    for j in quotient.indices.reversed() {
      let head = UInt64(rest[j + n]) << 32 | UInt64(rest[j + n - 1])
      var guess = head / top
      var over = head % top
      while guess >> 32 != 0 || guess &* next > (over << 32 | UInt64(rest[j + n - 2])) {
        guess -= 1
        over += top
        if over >> 32 != 0 { break }
      }
      var borrow: Int64 = 0
      var carry: UInt64 = 0
      for i in 0..<n {
        let product = guess * UInt64(divisor[i]) + carry
        carry = product >> 32
        let value = Int64(rest[i + j]) - borrow - Int64(product & 0xFFFF_FFFF)
        rest[i + j] = UInt32(truncatingIfNeeded: value)
        borrow = value < 0 ? 1 : 0
      }
      let value = Int64(rest[j + n]) - borrow - Int64(carry)
      rest[j + n] = UInt32(truncatingIfNeeded: value)
      if value < 0 {
        guess -= 1
        var carry: UInt64 = 0
        for i in 0..<n {
          let sum = UInt64(rest[i + j]) + UInt64(divisor[i]) + carry
          rest[i + j] = UInt32(truncatingIfNeeded: sum)
          carry = sum >> 32
        }
        rest[j + n] = UInt32(truncatingIfNeeded: UInt64(rest[j + n]) + carry)
      }
      quotient[j] = UInt32(truncatingIfNeeded: guess)
    }
    return (quotient, shifted(rest, right: shift))
  }

  private static func shifted(_ a: [UInt32], left shift: Int) -> [UInt32] {
    if shift == 0 { return a }
    var result: [UInt32] = []
    var carry: UInt32 = 0
    for limb in a {
      result.append(limb << UInt32(shift) | carry)
      carry = limb >> UInt32(32 - shift)
    }
    if carry > 0 { result.append(carry) }
    return result
  }

  private static func shifted(_ a: [UInt32], right shift: Int) -> [UInt32] {
    if shift == 0 { return a }
    var result = a
    for index in a.indices {
      let above = index + 1 < a.count ? a[index + 1] << UInt32(32 - shift) : 0
      result[index] = a[index] >> UInt32(shift) | above
    }
    return result
  }
}
