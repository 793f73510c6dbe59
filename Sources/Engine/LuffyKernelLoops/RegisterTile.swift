import CLuffySIMD

/// What a product multiplies, and how a tile walks over k.
protocol Arithmetic {
  static func multiplyAdd(_ accumulator: Lanes, _ a: Lanes, _ b: Lanes) -> Lanes
  /// Steps of one walk over k, each of which asks for lines ahead.
  static func steps(_ k: Int) -> Int
  /// All steps of k; `panel` is the tile's first column.
  static func run<Tile: RegisterTile>(
    _ tile: inout Tile, _ a: UnsafePointer<Float>, _ k: Int, _ panel: UnsafePointer<Float>,
    _ ahead: inout Ahead)
}

extension Arithmetic {
  @inline(always) static func steps(_ k: Int) -> Int { k }

  /// A word of each column a step.
  @inline(always) static func run<Tile: RegisterTile>(
    _ tile: inout Tile, _ a: UnsafePointer<Float>, _ k: Int, _ panel: UnsafePointer<Float>,
    _ ahead: inout Ahead
  ) {
    var lines = ahead
    defer { ahead = lines }
    var a = a
    var b = panel
    let end = b + k * 32
    while b < end {
      lines.advance()
      tile.step(Self.self, a, Tile.Columns(b))
      a += Tile.rows
      b += 32
    }
  }
}

/// One FMA a lane.
enum Float32Arithmetic: Arithmetic {
  @inline(always) static func multiplyAdd(_ accumulator: Lanes, _ a: Lanes, _ b: Lanes) -> Lanes {
    fma(a, b, accumulator)
  }
}

/// The same, of a panel in words of two bfloat16 that are widened in registers: two steps of k a word.
enum WidenedArithmetic: Arithmetic {
  @inline(always) static func multiplyAdd(_ accumulator: Lanes, _ a: Lanes, _ b: Lanes) -> Lanes {
    Float32Arithmetic.multiplyAdd(accumulator, a, b)
  }

  @inline(always) static func steps(_ k: Int) -> Int { max(1, k / 2) }

  @inline(always) static func run<Tile: RegisterTile>(
    _ tile: inout Tile, _ a: UnsafePointer<Float>, _ k: Int, _ panel: UnsafePointer<Float>,
    _ ahead: inout Ahead
  ) {
    var lines = ahead
    defer { ahead = lines }
    var a = a
    var b = panel
    let end = b + k / 2 * 32
    while b < end {
      lines.advance()
      tile.step(Self.self, a, Tile.Columns(lowHalvesAt: b))
      tile.step(Self.self, a + Tile.rows, Tile.Columns(highHalvesAt: b))
      a += 2 * Tile.rows
      b += 32
    }
    if k % 2 == 1 { tile.step(Self.self, a, Tile.Columns(lowHalvesAt: b)) }
  }
}

/// Columns of a panel that a tile covers: all 32 where registers suffice, else half of them at a time.
protocol PanelColumns {
  static var count: Int { get }
  init()
  init(_ pointer: UnsafePointer<Float>)
  /// The bfloat16 in the low or the high half of each word.
  init(lowHalvesAt pointer: UnsafePointer<Float>)
  init(highHalvesAt pointer: UnsafePointer<Float>)
  func store(_ pointer: UnsafeMutablePointer<Float>)
  mutating func multiplyAdd<A: Arithmetic>(_: A.Type, _ a: Lanes, _ b: Self)
  static func + (a: Self, b: Self) -> Self
}

struct HalfPanel: PanelColumns {
  var lanes = Lanes(repeating: 0)

  @inline(always) static var count: Int { 16 }
  @inline(always) init() {}
  @inline(always) init(lanes: Lanes) { self.lanes = lanes }
  @inline(always) init(_ pointer: UnsafePointer<Float>) { lanes = load(pointer) }
  @inline(always) init(lowHalvesAt pointer: UnsafePointer<Float>) {
    lanes = lowHalf(load(pointer))
  }
  @inline(always) init(highHalvesAt pointer: UnsafePointer<Float>) {
    lanes = highHalf(load(pointer))
  }

  @inline(always) func store(_ pointer: UnsafeMutablePointer<Float>) {
    lanes.store(at: pointer)
  }

  @inline(always) mutating func multiplyAdd<A: Arithmetic>(
    _: A.Type, _ a: Lanes, _ b: HalfPanel
  ) {
    lanes = A.multiplyAdd(lanes, a, b.lanes)
  }

  @inline(always) static func + (a: Self, b: Self) -> Self { Self(lanes: a.lanes + b.lanes) }
}

struct WholePanel: PanelColumns {
  var low = HalfPanel()
  var high = HalfPanel()

  @inline(always) static var count: Int { 32 }
  @inline(always) init() {}

  @inline(always) init(low: HalfPanel, high: HalfPanel) {
    self.low = low
    self.high = high
  }

  @inline(always) init(_ pointer: UnsafePointer<Float>) {
    low = HalfPanel(pointer)
    high = HalfPanel(pointer + 16)
  }

  @inline(always) init(lowHalvesAt pointer: UnsafePointer<Float>) {
    low = HalfPanel(lowHalvesAt: pointer)
    high = HalfPanel(lowHalvesAt: pointer + 16)
  }

  @inline(always) init(highHalvesAt pointer: UnsafePointer<Float>) {
    low = HalfPanel(highHalvesAt: pointer)
    high = HalfPanel(highHalvesAt: pointer + 16)
  }

  @inline(always) func store(_ pointer: UnsafeMutablePointer<Float>) {
    low.store(pointer)
    high.store(pointer + 16)
  }

  @inline(always) mutating func multiplyAdd<A: Arithmetic>(
    _: A.Type, _ a: Lanes, _ b: WholePanel
  ) {
    low.multiplyAdd(A.self, a, b.low)
    high.multiplyAdd(A.self, a, b.high)
  }

  @inline(always) static func + (a: Self, b: Self) -> Self {
    Self(low: a.low + b.low, high: a.high + b.high)
  }
}

/// Rows of accumulators that stay in registers over the whole of k.
///
/// Tiles are composed from one row, so that every height runs the same multiply-add per element: each output is one
/// FMA chain over k in ascending order, whatever the tile.
protocol RegisterTile {
  associatedtype Columns: PanelColumns
  static var rows: Int { get }
  init()
  /// Starts the chains from c instead of zero.
  mutating func start(_ c: UnsafePointer<Float>, _ ldc: Int)
  mutating func step<A: Arithmetic>(_: A.Type, _ a: UnsafePointer<Float>, _ b: Columns)
  func finish(_ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ bias: Columns, add: Bool)
}

struct OneRow<Columns: PanelColumns>: RegisterTile {
  var sums = Columns()

  @inline(always) static var rows: Int { 1 }
  @inline(always) init() {}

  @inline(always) mutating func start(_ c: UnsafePointer<Float>, _ ldc: Int) {
    sums = Columns(c)
  }

  @inline(always) mutating func step<A: Arithmetic>(
    _: A.Type, _ a: UnsafePointer<Float>, _ b: Columns
  ) {
    sums.multiplyAdd(A.self, Lanes(repeating: a[0]), b)
  }

  @inline(always) func finish(
    _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ bias: Columns, add: Bool
  ) {
    let result = sums + bias
    (add ? Columns(c) + result : result).store(c)
  }
}

struct Rows<Upper: RegisterTile, Lower: RegisterTile>: RegisterTile
where Upper.Columns == Lower.Columns {
  typealias Columns = Upper.Columns
  var upper = Upper()
  var lower = Lower()

  @inline(always) static var rows: Int { Upper.rows + Lower.rows }
  @inline(always) init() {}

  @inline(always) mutating func start(_ c: UnsafePointer<Float>, _ ldc: Int) {
    upper.start(c, ldc)
    lower.start(c + Upper.rows * ldc, ldc)
  }

  @inline(always) mutating func step<A: Arithmetic>(
    _: A.Type, _ a: UnsafePointer<Float>, _ b: Columns
  ) {
    upper.step(A.self, a, b)
    lower.step(A.self, a + Upper.rows, b)
  }

  @inline(always) func finish(
    _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ bias: Columns, add: Bool
  ) {
    upper.finish(c, ldc, bias, add: add)
    lower.finish(c + Upper.rows * ldc, ldc, bias, add: add)
  }
}

typealias TwoRows<C: PanelColumns> = Rows<OneRow<C>, OneRow<C>>
typealias ThreeRows<C: PanelColumns> = Rows<TwoRows<C>, OneRow<C>>
typealias FourRows<C: PanelColumns> = Rows<TwoRows<C>, TwoRows<C>>
typealias FiveRows<C: PanelColumns> = Rows<ThreeRows<C>, TwoRows<C>>
typealias SixRows<C: PanelColumns> = Rows<ThreeRows<C>, ThreeRows<C>>
typealias SevenRows<C: PanelColumns> = Rows<FourRows<C>, ThreeRows<C>>
typealias EightRows<C: PanelColumns> = Rows<FourRows<C>, FourRows<C>>
typealias NineRows<C: PanelColumns> = Rows<FiveRows<C>, FourRows<C>>
typealias TenRows<C: PanelColumns> = Rows<FiveRows<C>, FiveRows<C>>
typealias ElevenRows<C: PanelColumns> = Rows<SixRows<C>, FiveRows<C>>
typealias TwelveRows<C: PanelColumns> = Rows<SixRows<C>, SixRows<C>>
typealias ThirteenRows<C: PanelColumns> = Rows<SevenRows<C>, SixRows<C>>
typealias FourteenRows<C: PanelColumns> = Rows<SevenRows<C>, SevenRows<C>>
