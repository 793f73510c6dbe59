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
  ///
  /// - Parameter room: `AttentionScratch.floats` for the longest sequence, for each of the tasks' threads.
  func backward(
    _ segments: [Segment], _ tasks: AttentionTasks, _ g: Gradients,
    room: UnsafeMutablePointer<Float>
  ) {
    let floats = AttentionScratch.floats(shape, keyBlocks: tasks.keyBlocks)
    func each(_ part: Int) {
      let scratch = AttentionScratch(room + part * floats, shape, tasks.keyBlocks)
      for task in tasks.shares[part] {
        backward(
          segments[task.segment], task.head, tasks.prefixRows[task.segment], g, scratch)
      }
    }
    let parts = tasks.shares.count
    if parts == 1 { each(0) } else { products.pool.parallelFor(parts, each) }
    addPrefixes(segments, tasks, g)
  }

  /// Adds each segment's share to the rows of its prefix, segments ascending; a thread has its own positions of all.
  private func addPrefixes(_ segments: [Segment], _ tasks: AttentionTasks, _ g: Gradients) {
    let kernels = products.kernels
    products.pool.parallelRanges(tasks.longestPrefix) { range in
      for (index, segment) in segments.enumerated() {
        guard let prefixRow = segment.prefixRow else { continue }
        let own = range.clamped(to: 0..<segment.position)
        if own.isEmpty { continue }
        let (row, part) = (prefixRow + own.lowerBound, tasks.prefixRows[index] + own.lowerBound)
        kernels.add(g.dK.row(row), g.dPrefixK.row(part), own.count * g.dK.stride)
        kernels.add(g.dV.row(row), g.dPrefixV.row(part), own.count * g.dV.stride)
      }
    }
  }

  /// The query heads of one key-value head of one sequence.
  private func backward(
    _ segment: Segment, _ keyHead: Int, _ prefixRow: Int, _ g: Gradients,
    _ scratch: AttentionScratch
  ) {
    let ranges = segment.keyBlocks
    for index in 0..<ranges {
      pack(keys(index, of: segment, prefixRow, g), keyHead, g, scratch.keys(index))
    }
    let group = queryHeads / shape.heads
    for head in keyHead * group..<(keyHead + 1) * group {
      for first in stride(from: 0, to: segment.count, by: AttentionScratch.queries) {
        let block = QueryBlock(
          segment: segment, head: head, keyHead: keyHead, first: first,
          rows: min(AttentionScratch.queries, segment.count - first))
        prepare(block, g, scratch)
        let end = segment.sharedPositions + first + block.rows
        for index in 0..<ranges {
          let range = keys(index, of: segment, prefixRow, g)
          if range.position >= end { break }
          let meetsFirst = head == keyHead * group && first == range.firstQuery
          accumulate(
            block, range, scratch.keys(index), g, scratch,
            toKeys: meetsFirst ? .set : .chain, toQueries: index == 0 ? .set : .chain)
        }
      }
    }
  }

  /// Up to 32 keys: their position in the sequence, their rows in the pass, and where their gradients go.
  private struct KeyRange {
    let position: Int
    let row: Int
    let count: Int
    /// Of the block of queries that meets it first.
    let firstQuery: Int
    let dK, dV: UnsafeMutablePointer<Float>
  }

  /// Of a sequence's ranges of keys, those of its prefix first, then its own.
  private func keys(
    _ index: Int, of segment: Segment, _ prefixRow: Int, _ g: Gradients
  ) -> KeyRange {
    let prefixRanges = KeyValueBlockShape.count(positions: segment.sharedPositions)
    if let shared = segment.prefixRow, index < prefixRanges {
      let keys = index * 32
      return KeyRange(
        position: keys, row: shared + keys, count: min(32, segment.position - keys),
        firstQuery: 0, dK: g.dPrefixK.row(prefixRow + keys), dV: g.dPrefixV.row(prefixRow + keys))
    }
    let keys = (index - prefixRanges) * 32
    let row = segment.row + keys
    return KeyRange(
      position: segment.sharedPositions + keys, row: row, count: min(32, segment.count - keys),
      firstQuery: keys - keys % AttentionScratch.queries, dK: g.dK.row(row), dV: g.dV.row(row))
  }

  private struct QueryBlock {
    let segment: Segment
    let head: Int
    let keyHead: Int
    let first: Int
    let rows: Int
    var row: Int { segment.row + first }
  }

  private func pack(_ keys: KeyRange, _ keyHead: Int, _ g: Gradients, _ p: AttentionScratch.Keys) {
    let width = shape.headWidth
    let column = keyHead * width
    let k = g.k.row(keys.row) + column
    let v = g.v.row(keys.row) + column
    products.packTransposedPanel(k, g.k.stride, columns: keys.count, k: width, into: p.keyPanel)
    products.packTransposedPanel(v, g.v.stride, columns: keys.count, k: width, into: p.valuePanel)
    packPanels(k, g.k.stride, rows: keys.count, into: p.keyRows, apart: AttentionScratch.keySquare)
  }

  /// Rows [rows, E] in panels of 32 columns.
  private func packPanels(
    _ x: UnsafePointer<Float>, _ stride: Int, rows: Int,
    into panels: UnsafeMutablePointer<Float>, apart: Int
  ) {
    for panel in 0..<shape.valuePanels {
      products.packPanel(
        x + panel * 32, stride, columns: min(32, shape.headWidth - panel * 32), k: rows,
        into: panels + panel * apart)
    }
  }

  /// Packs q and dO of the block, and takes delta = dO · o.
  private func prepare(_ b: QueryBlock, _ g: Gradients, _ p: AttentionScratch) {
    let width = shape.headWidth
    let column = b.head * width
    let q = g.q.row(b.row) + column
    let dO = g.dO.row(b.row) + column
    products.packFactor(
      q, g.q.stride, rows: b.rows, k: width, into: p.queryTiles)
    products.packFactor(
      dO, g.dO.stride, rows: b.rows, k: width, into: p.outputTiles)
    let apart = AttentionScratch.square
    packPanels(q, g.q.stride, rows: b.rows, into: p.queryPanels, apart: apart)
    packPanels(dO, g.dO.stride, rows: b.rows, into: p.outputPanels, apart: apart)
    products.kernels.row_dot(
      dO, g.dO.stride, g.o.row(b.row) + column, g.o.stride, b.rows, width, p.delta)
    for r in 0..<b.rows { p.lse[r] = g.lse[(b.row + r) * queryHeads + b.head] }
  }

  /// P = e^(q·k scale - lse), dS = P (dO·v - delta) scale; dv += Pᵀ dO, dk += dSᵀ q, dq += dS k. Whoever meets a row of
  /// gradients first sets it.
  private func accumulate(
    _ b: QueryBlock, _ keys: KeyRange, _ panels: AttentionScratch.Keys, _ g: Gradients,
    _ p: AttentionScratch, toKeys: ProductStore, toQueries: ProductStore
  ) {
    let width = shape.headWidth
    let square = { Rows($0, stride: 32) }
    products.multiply(
      p.queryTiles, rows: b.rows, k: width, panels.keyPanel,
      into: square(p.scores), columns: 32)
    products.multiply(
      p.outputTiles, rows: b.rows, k: width, panels.valuePanel,
      into: square(p.gradients), columns: 32)
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: AttentionScratch.queries) { visible in
      guard let visible = visible.baseAddress else { return }
      let first = b.segment.sharedPositions + b.first + 1 - keys.position
      for r in 0..<b.rows { visible[r] = Int32(max(0, min(keys.count, first + r))) }
      products.kernels.softmax_backward(
        p.scores, p.gradients, b.rows, visible, scale, p.lse, p.delta)
    }
    products.packTransposedFactor(
      p.scores, 32, rows: keys.count, k: b.rows, into: p.tiles)
    add(
      p.tiles, rows: keys.count, k: b.rows, p.outputPanels, AttentionScratch.square, g.dV.stride,
      to: keys.dV + b.keyHead * width, toKeys)
    products.packTransposedFactor(
      p.gradients, 32, rows: keys.count, k: b.rows, into: p.tiles)
    add(
      p.tiles, rows: keys.count, k: b.rows, p.queryPanels, AttentionScratch.square, g.dK.stride,
      to: keys.dK + b.keyHead * width, toKeys)
    products.packFactor(p.gradients, 32, rows: b.rows, k: keys.count, into: p.tiles)
    add(
      p.tiles, rows: b.rows, k: keys.count, panels.keyRows, AttentionScratch.keySquare, g.dQ.stride,
      to: g.dQ.row(b.row) + b.head * width, toQueries)
  }

  /// c [rows, E] = or += a panels.
  private func add(
    _ a: UnsafePointer<Float>, rows: Int, k: Int, _ panels: UnsafePointer<Float>, _ apart: Int,
    _ stride: Int, to c: UnsafeMutablePointer<Float>, _ store: ProductStore
  ) {
    for panel in 0..<shape.valuePanels {
      products.multiply(
        a, rows: rows, k: k, panels + panel * apart,
        into: Rows(c + panel * 32, stride: stride),
        columns: min(32, shape.headWidth - panel * 32), store)
    }
  }
}
