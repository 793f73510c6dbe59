import CLuffySIMD

/// Sixteen float32 lanes: one AVX-512 register, two AVX2, four NEON or SSE. The width is part of the numerics
/// (sums inside a row run in sixteen lanes), so it is the same on every instruction set.
struct Lanes {
  var vector: luffy_lanes

  @inline(always) init(_ vector: luffy_lanes) { self.vector = vector }
  @inline(always) init(repeating value: Float) { vector = luffy_lanes(repeating: value) }
  @inline(always) init(bits: Words) { vector = luffy_lanes_of(bits.vector) }

  @inline(always) static func + (a: Lanes, b: Lanes) -> Lanes {
    Lanes(luffy_add(a.vector, b.vector))
  }
  @inline(always) static func += (a: inout Lanes, b: Lanes) { a = a + b }
  @inline(always) static func - (a: Lanes, b: Lanes) -> Lanes {
    Lanes(luffy_subtract(a.vector, b.vector))
  }
  @inline(always) static func * (a: Lanes, b: Lanes) -> Lanes {
    Lanes(luffy_multiply(a.vector, b.vector))
  }
  @inline(always) static func / (a: Lanes, b: Lanes) -> Lanes {
    Lanes(luffy_divide(a.vector, b.vector))
  }
  @inline(always) func store(at pointer: UnsafeMutablePointer<Float>) {
    luffy_store(vector, pointer)
  }
  @inline(always) func squareRoot() -> Lanes { Lanes(luffy_square_root(vector)) }

  @inline(always) static func < (a: Lanes, b: Lanes) -> Words {
    Words(luffy_less(a.vector, b.vector))
  }
  @inline(always) static func == (a: Lanes, b: Lanes) -> Words {
    Words(luffy_equal(a.vector, b.vector))
  }
  /// `other` in the lanes of a mask.
  @inline(always) func replacing(with other: Lanes, where mask: Words) -> Lanes {
    Lanes(luffy_select(mask.vector, other.vector, vector))
  }
}

/// Sixteen 32-bit integers: bits of lanes, or masks of comparisons.
struct Words {
  var vector: luffy_words

  @inline(always) init(_ vector: luffy_words) { self.vector = vector }
  @inline(always) init(repeating value: Int32) { vector = luffy_words(repeating: value) }
  @inline(always) init(of lanes: Lanes) { vector = luffy_words_of(lanes.vector) }

  /// Wrapping.
  @inline(always) static func + (a: Words, b: Words) -> Words {
    Words(luffy_words_add(a.vector, b.vector))
  }
  @inline(always) static func - (a: Words, b: Words) -> Words {
    Words(luffy_words_subtract(a.vector, b.vector))
  }
  @inline(always) static func & (a: Words, b: Words) -> Words {
    Words(luffy_words_and(a.vector, b.vector))
  }
  @inline(always) static func << (a: Words, bits: Int32) -> Words {
    Words(luffy_shift_left(a.vector, bits))
  }
  /// Rounded down.
  @inline(always) var half: Words { Words(luffy_halve(vector)) }
  @inline(always) static func < (a: Words, b: Words) -> Words {
    Words(luffy_words_less(a.vector, b.vector))
  }

  /// Set in the first lanes.
  @inline(always) static func first(_ count: Int32) -> Words {
    Words(luffy_words(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
      < Words(repeating: count)
  }
}

@inline(always) func load(_ pointer: UnsafePointer<Float>) -> Lanes {
  Lanes(luffy_load(pointer))
}

@inline(always) func store(_ value: Lanes, _ pointer: UnsafeMutablePointer<Float>) {
  value.store(at: pointer)
}

/// The first `count` < 16 lanes; `fill` in the rest.
@inline(always) func loadFirst(
  _ pointer: UnsafePointer<Float>, _ count: Int, fill: Float = 0
) -> Lanes {
  let value = Lanes(luffy_load_first(pointer, count))
  if fill == 0 { return value }
  return Lanes(repeating: fill).replacing(with: value, where: .first(Int32(count)))
}

@inline(always) func storeFirst(
  _ value: Lanes, _ pointer: UnsafeMutablePointer<Float>, _ count: Int
) {
  luffy_store_first(value.vector, pointer, count)
}

/// Runs `body` over 16 lanes at a time; the last call may see fewer, with zeros in the others.
@inline(always) func forEachLanes(_ count: Int, _ body: (_ offset: Int, _ lanes: Int) -> Void) {
  var offset = 0
  while offset + 16 <= count {
    body(offset, 16)
    offset += 16
  }
  if offset < count { body(offset, count - offset) }
}

@inline(always) func load(_ pointer: UnsafePointer<Float>, lanes: Int, fill: Float = 0) -> Lanes {
  lanes == 16 ? load(pointer) : loadFirst(pointer, lanes, fill: fill)
}

@inline(always) func store(_ value: Lanes, _ pointer: UnsafeMutablePointer<Float>, lanes: Int) {
  if lanes == 16 { store(value, pointer) } else { storeFirst(value, pointer, lanes) }
}

/// Sum of the lanes as a balanced tree: halves added until one is left.
@inline(always) func sum(_ value: Lanes) -> Float { luffy_sum(value.vector) }

@inline(always) func larger(_ a: Lanes, _ b: Lanes) -> Lanes {
  Lanes(luffy_larger(a.vector, b.vector))
}

@inline(always) func maximum(_ value: Lanes) -> Float { luffy_largest(value.vector) }

/// a * b + c, rounded once.
@inline(always) func fma(_ a: Lanes, _ b: Lanes, _ c: Lanes) -> Lanes {
  Lanes(luffy_fma(a.vector, b.vector, c.vector))
}

/// e^x within 2 ulp; 0 below -87, +inf above 88.7; NaN stays NaN.
///
/// x = n ln 2 + r with |r| <= ln 2 / 2, e^r by its Taylor polynomial of degree 7 (truncation 6e-9), scaled by 2^n. What
/// that gives outside of the bounds is replaced.
@inline(always) func exponential(_ x: Lanes) -> Lanes {
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
  let exponent = Words(of: shifted) - Words(repeating: 0x4B40_0000)
  let bias = Words(repeating: 127)
  let first = Lanes(bits: (exponent.half + bias) << 23)
  let second = Lanes(bits: (exponent - exponent.half + bias) << 23)
  return (p * first * second)
    .replacing(with: Lanes(repeating: 0), where: x < Lanes(repeating: -87))
    .replacing(with: Lanes(repeating: .infinity), where: Lanes(repeating: 88.7) < x)
}

/// ln x of a positive finite x, within 2e-7 relative: float32 result of a float64 atanh series.
@inline(always) func logarithm(_ x: Float) -> Float {
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
