/// What one step of k multiplies: a float32 each, or a pair of bfloat16 in one word.
protocol Arithmetic {
  static func multiplyAdd(_ accumulator: Lanes, _ a: Lanes, _ b: Lanes) -> Lanes
}

/// One FMA a lane.
enum Float32Arithmetic: Arithmetic {
  @inline(__always) static func multiplyAdd(_ accumulator: Lanes, _ a: Lanes, _ b: Lanes) -> Lanes {
    accumulator.addingProduct(a, b)
  }
}

/// Two products of bfloat16 a lane, added in float32.
enum BFloat16Arithmetic: Arithmetic {
  @inline(__always) static func multiplyAdd(_ accumulator: Lanes, _ a: Lanes, _ b: Lanes) -> Lanes {
    addPairProducts(accumulator, a, b)
  }
}

/// Rows of accumulators, 32 columns each, that stay in registers over the whole of k.
///
/// Tiles are composed from one row, so that every height runs the same multiply-add per element: each output is one
/// FMA chain over k in ascending order, whatever the tile.
protocol RegisterTile {
  static var rows: Int { get }
  init()
  /// Starts the chains from c instead of zero.
  mutating func start(_ c: UnsafePointer<Float>, _ ldc: Int)
  mutating func step<A: Arithmetic>(
    _: A.Type, _ a: UnsafePointer<Float>, _ low: Lanes, _ high: Lanes)
  func finish(_ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ low: Lanes, _ high: Lanes, add: Bool)
}

struct OneRow: RegisterTile {
  var low = Lanes(repeating: 0)
  var high = Lanes(repeating: 0)

  @inline(__always) static var rows: Int { 1 }
  @inline(__always) init() {}

  @inline(__always) mutating func start(_ c: UnsafePointer<Float>, _ ldc: Int) {
    low = load(c)
    high = load(c + 16)
  }

  @inline(__always) mutating func step<A: Arithmetic>(
    _: A.Type, _ a: UnsafePointer<Float>, _ b0: Lanes, _ b1: Lanes
  ) {
    let factor = Lanes(repeating: a[0])
    low = A.multiplyAdd(low, factor, b0)
    high = A.multiplyAdd(high, factor, b1)
  }

  @inline(__always) func finish(
    _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ b0: Lanes, _ b1: Lanes, add: Bool
  ) {
    if add {
      store(load(c) + (low + b0), c)
      store(load(c + 16) + (high + b1), c + 16)
    } else {
      store(low + b0, c)
      store(high + b1, c + 16)
    }
  }
}

struct Rows<Upper: RegisterTile, Lower: RegisterTile>: RegisterTile {
  var upper = Upper()
  var lower = Lower()

  @inline(__always) static var rows: Int { Upper.rows + Lower.rows }
  @inline(__always) init() {}

  @inline(__always) mutating func start(_ c: UnsafePointer<Float>, _ ldc: Int) {
    upper.start(c, ldc)
    lower.start(c + Upper.rows * ldc, ldc)
  }

  @inline(__always) mutating func step<A: Arithmetic>(
    _: A.Type, _ a: UnsafePointer<Float>, _ b0: Lanes, _ b1: Lanes
  ) {
    upper.step(A.self, a, b0, b1)
    lower.step(A.self, a + Upper.rows, b0, b1)
  }

  @inline(__always) func finish(
    _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ b0: Lanes, _ b1: Lanes, add: Bool
  ) {
    upper.finish(c, ldc, b0, b1, add: add)
    lower.finish(c + Upper.rows * ldc, ldc, b0, b1, add: add)
  }
}

typealias TwoRows = Rows<OneRow, OneRow>
typealias ThreeRows = Rows<TwoRows, OneRow>
typealias FourRows = Rows<TwoRows, TwoRows>
typealias FiveRows = Rows<ThreeRows, TwoRows>
typealias SixRows = Rows<ThreeRows, ThreeRows>
typealias SevenRows = Rows<FourRows, ThreeRows>
typealias EightRows = Rows<FourRows, FourRows>
typealias NineRows = Rows<FiveRows, FourRows>
typealias TenRows = Rows<FiveRows, FiveRows>
typealias ElevenRows = Rows<SixRows, FiveRows>
typealias TwelveRows = Rows<SixRows, SixRows>
typealias ThirteenRows = Rows<SevenRows, SixRows>
typealias FourteenRows = Rows<SevenRows, SevenRows>
