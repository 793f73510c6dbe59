internal import CLuffySIMD
import LuffyKernels
internal import LuffyTensor

extension Attention {
  /// What the backward pass reads and adds to; all rows are tokens of the pass.
  struct Gradients {
    var q: Rows
    var k: Rows
    var v: Rows
    var o: Rows
    var lse: UnsafePointer<Float>
    var dO: Rows
    var dQ: Rows
    var dK: Rows
    var dV: Rows
    /// Rows of every segment's share of its prefix's gradients, segment after segment.
    var dPrefixK: Rows
    var dPrefixV: Rows
  }

  /// dq, dk and dv of whole sequences, a task a sequence and key-value head, so that each sum has one owner and one
  /// order: query blocks ascending, within them key blocks ascending; then the sequences that share a prefix.
  func backward(_ segments: [Segment], _ g: Gradients) {
    let tasks = segments.count * shape.heads
    let parts = tasks < 2 ? 1 : min(tasks, products.pool.threads)
    var prefixRows: [Int] = []
    var shared = 0
    for segment in segments {
      prefixRows.append(shared)
      shared += segment.sharedPositions
    }
    let tokens = segments.reduce(0) { $0 + $1.count }
    g.dQ.start.update(repeating: 0, count: tokens * g.dQ.stride)
    for rows in [g.dK, g.dV] { rows.start.update(repeating: 0, count: tokens * rows.stride) }
    for rows in [g.dPrefixK, g.dPrefixV] {
      rows.start.update(repeating: 0, count: shared * rows.stride)
    }
    let each = { (part: Int) in
      let width = shape.headWidth
      let panels = shape.valuePanels
      let count = 32 * (8 * width + 6 * 32 + 3) + 4 * panels * 1024
      withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { buffer in
        guard let start = buffer.baseAddress else { return }
        for task in stride(from: part, to: tasks, by: parts) {
          let index = task / shape.heads
          for head in 0..<queryHeads / shape.heads {
            backward(segments[index], task % shape.heads, head, prefixRows[index], g, start)
          }
        }
      }
    }
    if parts == 1 { each(0) } else { products.pool.parallelFor(parts, each) }
    addPrefixes(segments, prefixRows, g)
  }

  /// Adds each segment's share to the rows of its prefix, segments ascending.
  private func addPrefixes(_ segments: [Segment], _ prefixRows: [Int], _ g: Gradients) {
    let kernels = products.kernels
    for (index, segment) in segments.enumerated() {
      guard let prefixRow = segment.prefixRow else { continue }
      for (sum, part) in [(g.dK, g.dPrefixK), (g.dV, g.dPrefixV)] {
        products.pool.parallelRanges(segment.position) { range in
          kernels.add(
            sum.row(prefixRow + range.lowerBound), part.row(prefixRows[index] + range.lowerBound),
            range.count * sum.stride)
        }
      }
    }
  }

  /// One query head of one sequence.
  private func backward(
    _ segment: Segment, _ keyHead: Int, _ member: Int, _ prefixRow: Int, _ g: Gradients,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    let head = keyHead * (queryHeads / shape.heads) + member
    for first in stride(from: 0, to: segment.count, by: 32) {
      let block = QueryBlock(
        segment: segment, head: head, keyHead: keyHead, first: first,
        rows: min(32, segment.count - first))
      var pieces = BackwardPieces(scratch, width: shape.headWidth, panels: shape.valuePanels)
      prepare(block, g, &pieces)
      if let shared = segment.prefixRow {
        for keys in stride(from: 0, to: segment.position, by: 32) {
          let range = KeyRange(
            position: keys, row: shared + keys, count: min(32, segment.position - keys),
            dK: g.dPrefixK.row(prefixRow + keys), dV: g.dPrefixV.row(prefixRow + keys))
          accumulate(block, range, g, pieces)
        }
      }
      for keys in stride(from: 0, to: first + block.rows, by: 32) {
        let row = segment.row + keys
        let range = KeyRange(
          position: segment.sharedPositions + keys, row: row, count: min(32, segment.count - keys),
          dK: g.dK.row(row), dV: g.dV.row(row))
        accumulate(block, range, g, pieces)
      }
    }
  }

  /// Up to 32 keys: their position in the sequence, their rows in the pass, and where their gradients go.
  private struct KeyRange {
    let position: Int
    let row: Int
    let count: Int
    let dK, dV: UnsafeMutablePointer<Float>
  }

  private struct QueryBlock {
    let segment: Segment
    let head: Int
    let keyHead: Int
    let first: Int
    let rows: Int
    var row: Int { segment.row + first }
  }

  /// Scratch of one query block, cut from one allocation.
  private struct BackwardPieces {
    let queryTiles, outputTiles, keyPanel, valuePanel: UnsafeMutablePointer<Float>
    let scores, gradients, tiles: UnsafeMutablePointer<Float>
    let queryPanels, outputPanels, keyRows: UnsafeMutablePointer<Float>
    let delta, lse: UnsafeMutablePointer<Float>

    init(_ start: UnsafeMutablePointer<Float>, width: Int, panels: Int) {
      var next = start
      func take(_ count: Int) -> UnsafeMutablePointer<Float> {
        defer { next += count }
        return next
      }
      queryTiles = take(32 * width)
      outputTiles = take(32 * width)
      keyPanel = take(32 * width)
      valuePanel = take(32 * width)
      scores = take(1024)
      gradients = take(1024)
      tiles = take(1024)
      queryPanels = take(panels * 1024)
      outputPanels = take(panels * 1024)
      keyRows = take(panels * 1024)
      delta = take(32)
      lse = take(32)
    }
  }

  /// Packs q and dO of the block, and takes delta = dO · o.
  private func prepare(_ b: QueryBlock, _ g: Gradients, _ p: inout BackwardPieces) {
    let kernels = products.kernels
    let width = shape.headWidth
    let column = b.head * width
    let q = g.q.row(b.row) + column
    let dO = g.dO.row(b.row) + column
    kernels.pack_a(q, g.q.stride, b.rows, width, p.queryTiles)
    kernels.pack_a(dO, g.dO.stride, b.rows, width, p.outputTiles)
    for panel in 0..<shape.valuePanels {
      let columns = min(32, width - panel * 32)
      kernels.pack_panel(
        q + panel * 32, g.q.stride, columns, b.rows, p.queryPanels + panel * 1024)
      kernels.pack_panel(
        dO + panel * 32, g.dO.stride, columns, b.rows, p.outputPanels + panel * 1024)
    }
    kernels.row_dot(
      dO, g.dO.stride, g.o.row(b.row) + column, g.o.stride, b.rows, width, p.delta)
    for r in 0..<b.rows { p.lse[r] = g.lse[(b.row + r) * queryHeads + b.head] }
  }

  /// P = e^(q·k scale - lse), dS = P (dO·v - delta) scale; dv += Pᵀ dO, dk += dSᵀ q, dq += dS k.
  private func accumulate(
    _ b: QueryBlock, _ keys: KeyRange, _ g: Gradients, _ p: BackwardPieces
  ) {
    let kernels = products.kernels
    let width = shape.headWidth
    let keyCount = keys.count
    let column = b.keyHead * width
    let k = g.k.row(keys.row) + column
    kernels.pack_panel_transposed(k, g.k.stride, keyCount, width, p.keyPanel)
    kernels.pack_panel_transposed(
      g.v.row(keys.row) + column, g.v.stride, keyCount, width, p.valuePanel)
    kernels.gemm_panel(p.queryTiles, b.rows, width, p.keyPanel, p.scores, 32, 32, nil, 0)
    kernels.gemm_panel(p.outputTiles, b.rows, width, p.valuePanel, p.gradients, 32, 32, nil, 0)
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: 32) { visible in
      guard let visible = visible.baseAddress else { return }
      let first = b.segment.sharedPositions + b.first + 1 - keys.position
      for r in 0..<b.rows { visible[r] = Int32(max(0, min(keyCount, first + r))) }
      kernels.softmax_backward(p.scores, p.gradients, b.rows, visible, scale, p.lse, p.delta)
    }
    let chain = ProductStore.chain.rawValue
    for panel in 0..<shape.valuePanels {
      let columns = min(32, width - panel * 32)
      let offset = column + panel * 32
      kernels.pack_a_transposed(p.scores, 32, keyCount, b.rows, p.tiles)
      kernels.gemm_panel(
        p.tiles, keyCount, b.rows, p.outputPanels + panel * 1024, keys.dV + offset,
        g.dV.stride, columns, nil, chain)
      kernels.pack_a_transposed(p.gradients, 32, keyCount, b.rows, p.tiles)
      kernels.gemm_panel(
        p.tiles, keyCount, b.rows, p.queryPanels + panel * 1024, keys.dK + offset,
        g.dK.stride, columns, nil, chain)
      kernels.pack_panel(k + panel * 32, g.k.stride, columns, keyCount, p.keyRows)
      kernels.pack_a(p.gradients, 32, b.rows, keyCount, p.tiles)
      kernels.gemm_panel(
        p.tiles, b.rows, keyCount, p.keyRows, g.dQ.row(b.row) + b.head * width + panel * 32,
        g.dQ.stride, columns, nil, chain)
    }
  }
}
