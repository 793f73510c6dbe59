package import CLuffySIMD
package import LuffyKernels

/// A row-major block of float32: `rows` rows, `stride` elements from one to the next.
package struct Rows {
  package var start: UnsafeMutablePointer<Float>
  package var stride: Int

  package init(_ start: UnsafeMutablePointer<Float>, stride: Int) {
    self.start = start
    self.stride = stride
  }

  package func row(_ index: Int) -> UnsafeMutablePointer<Float> { start + index * stride }
}

/// How a product meets what its output already holds.
package enum ProductStore: Int32, Sendable {
  /// c = a b
  case set = 0
  /// The FMA chain of each element starts from c: a sum cut into several calls has the bits of one call.
  case chain = 1
  /// c = c + a b
  case add = 2
}

/// What matrix products multiply. Sums are float32 in both.
public enum Precision: String, Sendable, CaseIterable {
  case float32
  /// Both factors rounded to bfloat16 as they are packed; everything else stays float32.
  case bfloat16
}

/// The three matrix products of a linear layer y = x Wᵀ, on all threads.
///
/// Every output element is one float32 FMA chain over the contracted dimension in ascending order, so its bits depend
/// neither on the number of rows nor on the threads nor on the instruction set.
package final class MatrixProducts {
  package let kernels: luffy_kernels
  package let precision: Precision
  package var pool: ThreadPool { Threads.pool }
  private let packedRows: Scratch<Float>
  private let panels: Scratch<Float>

  /// Columns of a panel: rows of W.
  package static let panelColumns = 32

  /// Products smaller than this many multiply-adds run on the calling thread.
  private static let serialWork = 1 << 15
  /// What packing an element costs, in multiply-adds.
  private static let packingWork = 8
  /// Rows that a thread keeps in cache while it walks the panels, in tiles.
  private static let tilesPerBlock = 16
  /// Up to so many rows, words are widened as they are multiplied; above, a panel at a time.
  private static let widenedAtOnce = 64
  /// Tiles lower than this are not made for the sake of an even number for all threads.
  private static let lowestTile = 8
  /// Tiles of a transposed factor that a thread packs together: their rows lie in the same cache lines.
  private static let tilesPackedAtOnce = 8
  /// The longest stretch of the contracted dimension for which a panel is packed at once.
  package static let contraction = 2048

  package init(
    arena: Arena, precision: Precision = .float32, kernels: luffy_kernels = Kernels.table
  ) {
    self.kernels = kernels
    self.precision = precision
    packedRows = Scratch(in: arena)
    panels = Scratch(in: arena)
  }

  // MARK: Packed weights

  /// Words that a packed row of k elements takes: one each, or one for two.
  package static func depth(_ k: Int, _ precision: Precision) -> Int {
    precision == .float32 ? k : (k + 1) / 2
  }

  /// Words that a row of k elements takes where products read it: one each where pairs are widened.
  package static func workingDepth(
    _ k: Int, _ precision: Precision, _ kernels: luffy_kernels = Kernels.table
  ) -> Int {
    kernels.gemm_pairs_panel == nil ? k : depth(k, precision)
  }

  func depth(_ k: Int) -> Int { Self.workingDepth(k, precision, kernels) }

  /// Factors are multiplied as pairs of bfloat16.
  var inWords: Bool { precision == .bfloat16 && kernels.gemm_pairs_panel != nil }
  /// bfloat16 without an instruction for its pairs: weights are kept in words, factors widened as they are packed.
  var widens: Bool { precision == .bfloat16 && kernels.gemm_pairs_panel == nil }

  /// Words that `pack` needs for W [n, k].
  package static func packedCount(n: Int, k: Int, _ precision: Precision = .float32) -> Int {
    (n + 31) / 32 * 32 * depth(k, precision)
  }

  /// Where the panel of `column` (a multiple of 32) begins in packed W.
  package func panelOffset(column: Int, k: Int) -> Int { column * Self.depth(k, precision) }

  /// Panels [n/32][k][32] of Wᵀ from W [n, k].
  package func pack(
    _ w: UnsafePointer<Float>, n: Int, k: Int, into packed: UnsafeMutablePointer<Float>
  ) {
    run((n + 31) / 32, work: n * k) { panel in
      let first = panel * 32
      storeTransposedPanel(
        w + first * k, k, columns: min(32, n - first), k: k,
        into: packed + panelOffset(column: first, k: k))
    }
  }

  // MARK: Products

  /// Rows of x [rows, k] regrouped by tile, for products with one or several matrices; any other factor that is packed
  /// takes their place.
  package struct PackedRows {
    fileprivate let start: UnsafeMutablePointer<Float>
    fileprivate let rows: Int
    fileprivate let k: Int
    /// Of every tile but the last.
    fileprivate let height: Int

    fileprivate var tiles: Int { (rows + height - 1) / height }
  }

  /// The height of tiles that is nearly the same for all of `rows`, with as many tiles for each thread.
  private func tileHeight(rows: Int) -> Int {
    let least = (rows + kernels.tile_rows - 1) / kernels.tile_rows
    let even = (least + pool.threads - 1) / pool.threads * pool.threads
    let tiles = rows >= even * Self.lowestTile ? even : least
    return max(1, (rows + tiles - 1) / max(1, tiles))
  }

  /// - Parameter preparing: called for the rows of each tile, by the thread that then packs them.
  package func packRows(
    _ x: Rows, rows: Int, k: Int, preparing: (Range<Int>) -> Void = { _ in }
  ) throws(OutOfMemory) -> PackedRows {
    let depth = depth(k)
    let a = try packedRows.take(rows * depth)
    let packed = PackedRows(start: a, rows: rows, k: k, height: tileHeight(rows: rows))
    run(packed.tiles, work: Self.packingWork * rows * k) { index in
      let row = index * packed.height
      let end = min(rows, row + packed.height)
      preparing(row..<end)
      packFactor(x.row(row), x.stride, rows: end - row, k: k, into: a + row * depth)
    }
    return packed
  }

  /// A matrix W [n, k] in packed panels, and where x Wᵀ (+ bias) goes.
  package struct Linear {
    let packed: UnsafePointer<Float>
    let n: Int
    let y: Rows
    let bias: UnsafePointer<Float>?
    let store: ProductStore

    package init(
      packed: UnsafePointer<Float>, n: Int, into y: Rows, bias: UnsafePointer<Float>? = nil,
      store: ProductStore = .set
    ) {
      self.packed = packed
      self.n = n
      self.y = y
      self.bias = bias
      self.store = store
    }

    fileprivate var panels: Int { (n + 31) / 32 }
  }

  /// Up to three matrices that the same rows meet, one matrix's panels after another's.
  package struct Linears {
    fileprivate let linears: InlineArray<3, Linear>
    fileprivate let matrices: Int
    fileprivate let count: Int
    fileprivate let columns: Int

    package init(_ first: Linear, _ second: Linear? = nil, _ third: Linear? = nil) {
      linears = [first, second ?? first, third ?? first]
      matrices = 1 + (second == nil ? 0 : 1) + (third == nil ? 0 : 1)
      count = first.panels + (second?.panels ?? 0) + (third?.panels ?? 0)
      columns = first.n + (second?.n ?? 0) + (third?.n ?? 0)
    }

    /// Of all panels, one's matrix and first column.
    fileprivate subscript(_ panel: Int) -> (linear: Linear, column: Int) {
      var panel = panel
      var index = 0
      while panel >= linears[index].panels {
        panel -= linears[index].panels
        index += 1
      }
      return (linears[index], panel * 32)
    }
  }

  /// y [rows, n] = x [rows, k] Wᵀ (+ bias) of several matrices in one loop, which brings what `ahead` says into the cache.
  package func forward(
    _ x: PackedRows, _ panels: Linears, ahead: ReadAhead = ReadAhead()
  ) throws(OutOfMemory) {
    if widens && x.rows > Self.widenedAtOnce {
      for index in 0..<panels.matrices { try forwardWidened(x, panels.linears[index]) }
      return
    }
    let (rows, depth) = (x.rows, depth(x.k))
    let product = storedProduct
    let tiles = x.tiles
    // Blocks of nearly the same height, so that threads that share them end together.
    let blocks = (tiles + Self.tilesPerBlock - 1) / Self.tilesPerBlock
    let stored = Self.depth(x.k, precision)
    runParts(panels.count * blocks, work: rows * panels.columns * x.k) { part, units in
      readingAhead(
        units, part: part, ahead, depth: stored,
        panel: { unit in
          let (linear, column) = panels[unit % panels.count]
          return linear.packed + panelOffset(column: column, k: x.k)
        }
      ) { unit, ahead in
        let block = unit / panels.count
        let row = block * tiles / blocks * x.height
        let end = min(rows, (block + 1) * tiles / blocks * x.height)
        let (linear, column) = panels[unit % panels.count]
        product?(
          x.start + row * depth, end - row, x.height, depth,
          linear.packed + panelOffset(column: column, k: x.k),
          linear.y.row(row) + column, linear.y.stride, min(32, linear.n - column),
          linear.bias.map { $0 + column }, linear.store.rawValue, ahead)
      }
    }
  }

  /// Each panel widened once for all rows.
  private func forwardWidened(_ x: PackedRows, _ linear: Linear) throws(OutOfMemory) {
    let k = x.k
    try panelWise(columns: linear.n, depth: k, work: x.rows * linear.n * k) {
      column, width, panel in
      kernels.widen_panel(linear.packed + panelOffset(column: column, k: k), k, panel)
      kernels.gemm_panel(
        x.start, x.rows, x.height, k, panel, linear.y.start + column, linear.y.stride, width,
        linear.bias.map { $0 + column }, linear.store.rawValue, nil)
    }
  }

  /// The same for rows that meet one matrix only.
  package func forward(
    _ x: Rows, rows: Int, k: Int, packed: UnsafePointer<Float>, n: Int, into y: Rows,
    bias: UnsafePointer<Float>? = nil, store: ProductStore = .set
  ) throws(OutOfMemory) {
    try forward(
      try packRows(x, rows: rows, k: k),
      Linears(Linear(packed: packed, n: n, into: y, bias: bias, store: store)))
  }

  /// dx [rows, k] = dy [rows, n] W, from W [n, k] as it is.
  package func inputGradient(
    _ dy: Rows, rows: Int, n: Int, w: UnsafePointer<Float>, k: Int, into dx: Rows,
    store: ProductStore = .set
  ) throws(OutOfMemory) {
    let packed = try packRows(dy, rows: rows, k: n)
    try panelWise(columns: k, depth: n, work: rows * n * k) { column, width, panel in
      packPanel(w + column, k, columns: width, k: n, into: panel)
      multiply(
        packed.start, rows: rows, height: packed.height, k: n, panel,
        into: Rows(dx.start + column, stride: dx.stride), columns: width, store)
    }
  }

  /// dW [n, k] += dyᵀ x, a chain over rows.
  package func weightGradient(
    _ dy: Rows, _ x: Rows, rows: Int, n: Int, k: Int, into dw: UnsafeMutablePointer<Float>
  ) throws(OutOfMemory) {
    var first = 0
    while first < rows {
      let depth = min(Self.contraction, rows - first)
      let words = self.depth(depth)
      let a = try packedRows.take(n * words)
      let tile = kernels.tile_rows
      let unit = Self.tilesPackedAtOnce * tile
      run((n + unit - 1) / unit, work: n * depth) { index in
        let row = index * unit
        packTransposedFactor(
          dy.row(first) + row, dy.stride, rows: min(unit, n - row), k: depth, into: a + row * words)
      }
      let start = first
      try panelWise(columns: k, depth: depth, work: n * depth * k) { column, width, panel in
        packPanel(x.row(start) + column, x.stride, columns: width, k: depth, into: panel)
        multiply(
          a, rows: n, k: depth, panel, into: Rows(dw + column, stride: k), columns: width, .chain)
      }
      first += depth
    }
  }

  // MARK: Pieces

  /// Calls `body` for each panel of 32 columns with room for its packed form, `depth` words of each column.
  private func panelWise(
    columns: Int, depth: Int, work: Int,
    _ body: (_ column: Int, _ width: Int, _ panel: UnsafeMutablePointer<Float>) -> Void
  ) throws(OutOfMemory) {
    let count = (columns + 31) / 32
    let parts = work < Self.serialWork ? 1 : min(pool.threads, count)
    let room = try panels.take(parts * depth * 32)
    func each(_ part: Int) {
      for index in part * count / parts..<(part + 1) * count / parts {
        body(index * 32, min(32, columns - index * 32), room + part * depth * 32)
      }
    }
    if parts == 1 { each(0) } else { pool.parallelFor(parts, each) }
  }

  private func run(_ count: Int, work: Int, _ body: (Int) -> Void) {
    runParts(count, work: work) { _, range in
      for index in range { body(index) }
    }
  }

  private func runParts(_ count: Int, work: Int, _ body: (_ part: Int, Range<Int>) -> Void) {
    if work < Self.serialWork {
      body(0, 0..<count)
    } else {
      pool.parallelParts(count, body)
    }
  }
}
