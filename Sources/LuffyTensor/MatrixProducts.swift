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

/// The three matrix products of a linear layer y = x Wᵀ, on all threads.
///
/// Every output element is one float32 FMA chain over the contracted dimension in ascending order, so its bits depend
/// neither on the number of rows nor on the threads nor on the instruction set.
package final class MatrixProducts {
  package let kernels: luffy_kernels
  package var pool: ThreadPool { Threads.pool }
  private let packedRows: Scratch<Float>
  private let panels: Scratch<Float>

  /// Products smaller than this many multiply-adds run on the calling thread.
  private static let serialWork = 1 << 15
  /// Rows that a thread keeps in cache while it walks the panels, in tiles.
  private static let tilesPerBlock = 16
  /// The longest stretch of the contracted dimension for which a panel is packed at once.
  private static let contraction = 2048

  package init(arena: Arena, kernels: luffy_kernels = Kernels.table) {
    self.kernels = kernels
    packedRows = Scratch(in: arena)
    panels = Scratch(in: arena)
  }

  /// Gives back scratch memory until the next product.
  package func releaseScratch() {
    packedRows.release()
    panels.release()
  }

  // MARK: Packed weights

  /// Floats that `pack` needs for W [n, k].
  package static func packedCount(n: Int, k: Int) -> Int { (n + 31) / 32 * 32 * k }

  /// Panels [n/32][k][32] of Wᵀ from W [n, k].
  package func pack(
    _ w: UnsafePointer<Float>, n: Int, k: Int, into packed: UnsafeMutablePointer<Float>
  ) {
    run((n + 31) / 32, work: n * k) { panel in
      let first = panel * 32
      kernels.pack_panel_transposed(w + first * k, k, min(32, n - first), k, packed + first * k)
    }
  }

  // MARK: Products

  /// y [rows, n] = x [rows, k] Wᵀ (+ bias), from packed panels of W.
  package func forward(
    _ x: Rows, rows: Int, k: Int, packed: UnsafePointer<Float>, n: Int, into y: Rows,
    bias: UnsafePointer<Float>? = nil, store: ProductStore = .set
  ) throws(OutOfMemory) {
    let a = try packRows(x, rows: rows, k: k)
    let block = Self.tilesPerBlock * kernels.tile_rows
    let panelCount = (n + 31) / 32
    let blocks = (rows + block - 1) / block
    run(panelCount * blocks, work: rows * n * k) { unit in
      let row = unit / panelCount * block
      let column = unit % panelCount * 32
      kernels.gemm_panel(
        a + row * k, min(block, rows - row), k, packed + column * k, y.row(row) + column, y.stride,
        min(32, n - column), bias.map { $0 + column }, store.rawValue)
    }
  }

  /// dx [rows, k] = dy [rows, n] W, from W [n, k] as it is.
  package func inputGradient(
    _ dy: Rows, rows: Int, n: Int, w: UnsafePointer<Float>, k: Int, into dx: Rows,
    store: ProductStore = .set
  ) throws(OutOfMemory) {
    let a = try packRows(dy, rows: rows, k: n)
    try panelWise(columns: k, depth: n, work: rows * n * k) { column, width, panel in
      kernels.pack_panel(w + column, k, width, n, panel)
      kernels.gemm_panel(
        a, rows, n, panel, dx.start + column, dx.stride, width, nil, store.rawValue)
    }
  }

  /// dW [n, k] += dyᵀ x, a chain over rows.
  package func weightGradient(
    _ dy: Rows, _ x: Rows, rows: Int, n: Int, k: Int, into dw: UnsafeMutablePointer<Float>
  ) throws(OutOfMemory) {
    var first = 0
    while first < rows {
      let depth = min(Self.contraction, rows - first)
      let a = try packedRows.take(n * depth)
      let tile = kernels.tile_rows
      run((n + tile - 1) / tile, work: n * depth) { index in
        let row = index * tile
        kernels.pack_a_transposed(
          dy.row(first) + row, dy.stride, min(tile, n - row), depth, a + row * depth)
      }
      let start = first
      try panelWise(columns: k, depth: depth, work: n * depth * k) { column, width, panel in
        kernels.pack_panel(x.row(start) + column, x.stride, width, depth, panel)
        kernels.gemm_panel(
          a, n, depth, panel, dw + column, k, width, nil, ProductStore.chain.rawValue)
      }
      first += depth
    }
  }

  // MARK: Pieces

  private func packRows(_ x: Rows, rows: Int, k: Int) throws(OutOfMemory) -> UnsafeMutablePointer<
    Float
  > {
    let a = try packedRows.take(rows * k)
    let tile = kernels.tile_rows
    run((rows + tile - 1) / tile, work: rows * k) { index in
      let row = index * tile
      kernels.pack_a(x.row(row), x.stride, min(tile, rows - row), k, a + row * k)
    }
    return a
  }

  /// Calls `body` for each panel of 32 columns with room for its packed form.
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
    if work < Self.serialWork {
      for index in 0..<count { body(index) }
    } else {
      pool.parallelFor(count, body)
    }
  }
}
