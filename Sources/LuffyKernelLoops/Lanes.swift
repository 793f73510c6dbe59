/// Sixteen float32 lanes: one AVX-512 register, two AVX2, four NEON or SSE. The width is part of the numerics
/// (sums inside a row run in sixteen lanes), so it is the same on every instruction set.
typealias Lanes = SIMD16<Float>
typealias IntLanes = SIMD16<Int32>

/// Lane numbers 0…15.
@inline(__always) var laneNumbers: IntLanes {
  IntLanes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
}

@inline(__always) func load(_ pointer: UnsafePointer<Float>) -> Lanes {
  UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
}

@inline(__always) func store(_ value: Lanes, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Lanes.self)
}

/// The first `count` < 16 lanes; `fill` in the rest.
@inline(__always) func loadFirst(
  _ pointer: UnsafePointer<Float>, _ count: Int, fill: Float = 0
) -> Lanes {
  var value = Lanes(repeating: fill)
  for lane in 0..<count { value[lane] = pointer[lane] }
  return value
}

@inline(__always) func storeFirst(
  _ value: Lanes, _ pointer: UnsafeMutablePointer<Float>, _ count: Int
) {
  for lane in 0..<count { pointer[lane] = value[lane] }
}

/// Runs `body` over 16 lanes at a time; the last call may see fewer, with zeros in the others.
@inline(__always) func forEachLanes(_ count: Int, _ body: (_ offset: Int, _ lanes: Int) -> Void) {
  var offset = 0
  while offset + 16 <= count {
    body(offset, 16)
    offset += 16
  }
  if offset < count { body(offset, count - offset) }
}

@inline(__always) func load(_ pointer: UnsafePointer<Float>, lanes: Int, fill: Float = 0) -> Lanes {
  lanes == 16 ? load(pointer) : loadFirst(pointer, lanes, fill: fill)
}

@inline(__always) func store(_ value: Lanes, _ pointer: UnsafeMutablePointer<Float>, lanes: Int) {
  if lanes == 16 { store(value, pointer) } else { storeFirst(value, pointer, lanes) }
}

/// Sum of the lanes as a balanced tree: halves added until one is left.
@inline(__always) func sum(_ value: Lanes) -> Float {
  let eight = value.lowHalf + value.highHalf
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  return two.x + two.y
}

@inline(__always) func larger(_ a: Lanes, _ b: Lanes) -> Lanes {
  a.replacing(with: b, where: b .> a)
}

@inline(__always) func maximum(_ value: Lanes) -> Float {
  let eight = value.lowHalf.replacing(
    with: value.highHalf, where: value.highHalf .> value.lowHalf)
  let four = eight.lowHalf.replacing(
    with: eight.highHalf, where: eight.highHalf .> eight.lowHalf)
  let two = four.lowHalf.replacing(with: four.highHalf, where: four.highHalf .> four.lowHalf)
  return two.y > two.x ? two.y : two.x
}

/// a * b + c, rounded once.
@inline(__always) func fma(_ a: Lanes, _ b: Lanes, _ c: Lanes) -> Lanes {
  c.addingProduct(a, b)
}

/// e^x within 2 ulp; 0 below -87, +inf above 88.7; NaN stays NaN.
///
/// x = n ln 2 + r with |r| <= ln 2 / 2, e^r by its Taylor polynomial of degree 7 (truncation 6e-9), scaled by 2^n. What
/// that gives outside of the bounds is replaced.
@inline(__always) func exponential(_ x: Lanes) -> Lanes {
  // 1.5 * 2^23: adding it rounds to an integer in the low bits.
  let magic = Lanes(repeating: 12_582_912)
  let shifted = fma(x, Lanes(repeating: 1.442_695_04), magic)
  let n = shifted - magic
  var r = fma(n, Lanes(repeating: -0.693_145_752), x)
  r = fma(n, Lanes(repeating: -1.428_606_82e-6), r)
  var p = Lanes(repeating: 1 / 5040)
  p = fma(p, r, Lanes(repeating: 1 / 720))
  p = fma(p, r, Lanes(repeating: 1 / 120))
  p = fma(p, r, Lanes(repeating: 1 / 24))
  p = fma(p, r, Lanes(repeating: 1 / 6))
  p = fma(p, r, Lanes(repeating: 0.5))
  p = fma(p, r, Lanes(repeating: 1))
  p = fma(p, r, Lanes(repeating: 1))
  // 2^n as two factors, since n may be 128 at the upper end.
  let exponent = unsafeBitCast(shifted, to: IntLanes.self) &- IntLanes(repeating: 0x4B40_0000)
  let half = exponent &>> IntLanes(repeating: 1)
  let bias = IntLanes(repeating: 127)
  let shift = IntLanes(repeating: 23)
  let first = unsafeBitCast((half &+ bias) &<< shift, to: Lanes.self)
  let second = unsafeBitCast((exponent &- half &+ bias) &<< shift, to: Lanes.self)
  var result = p * first * second
  result.replace(with: Lanes(repeating: 0), where: x .< Lanes(repeating: -87))
  result.replace(with: Lanes(repeating: .infinity), where: x .> Lanes(repeating: 88.7))
  return result
}

/// ln x of a positive finite x, within 2e-7 relative: float32 result of a float64 atanh series.
@inline(__always) func logarithm(_ x: Float) -> Float {
  let value = Double(x)
  var exponent = Int(value.exponent)
  var mantissa = value.significand
  if mantissa > 1.414_213_562_373_095_1 {
    mantissa *= 0.5
    exponent += 1
  }
  let z = (mantissa - 1) / (mantissa + 1)
  let square = z * z
  var series = 1.0 / 19
  series = series * square + 1.0 / 17
  series = series * square + 1.0 / 15
  series = series * square + 1.0 / 13
  series = series * square + 1.0 / 11
  series = series * square + 1.0 / 9
  series = series * square + 1.0 / 7
  series = series * square + 1.0 / 5
  series = series * square + 1.0 / 3
  series = series * square + 1.0
  return Float(2 * z * series + Double(exponent) * 0.693_147_180_559_945_3)
}
