internal import CLuffySIMD
import LuffyKernels
internal import LuffyTensor

/// Causal attention of new positions to everything before them, by blocks of 32 keys.
///
/// One query's result is the same recurrence over the same blocks whether it runs alone (decode), beside the other
/// heads of its group, or beside other positions (prefill, training): a row of a register tile never sees the others.
struct Attention {
  let shape: KeyValueBlockShape
  let queryHeads: Int
  let scale: Float
  let products: MatrixProducts

  init(_ configuration: ModelConfiguration, _ products: MatrixProducts) {
    shape = KeyValueBlockShape(configuration, products.precision)
    queryHeads = configuration.queryHeads
    scale = Float(1 / Double(configuration.headWidth).squareRoot())
    self.products = products
  }

  /// Query heads of a key-value head.
  var groupSize: Int { queryHeads / shape.heads }

  typealias Tile = AttentionTiles.Tile

  /// o [T, H E] from q [T, H E]; lse [T, H] where it is wanted.
  ///
  /// - Parameters:
  ///   - room: `scratchFloats` for each part of the tiles.
  ///   - preparing: Called for each tile, by the thread that then runs it.
  func forward(
    _ all: AttentionTiles, _ segments: [Segment], layerOffset: Int, q: Rows, into o: Rows,
    lse: UnsafeMutablePointer<Float>?, room: UnsafeMutablePointer<Float>, preparing: (Tile) -> Void
  ) {
    let height = products.kernels.tile_rows
    let floats = Self.scratchFloats(headWidth: shape.headWidth, tileRows: height)
    products.pool.parallelFor(all.parts) { part in
      let share = all.bounds[part]..<all.bounds[part + 1]
      for index in share {
        var tile = all.tiles[index]
        let next = index + 1 < share.upperBound ? all.tiles[index + 1] : nil
        preparing(tile)
        var left = tile.rows
        while left > 0 {
          tile.rows = min(height, left)
          run(tile, next, segments, layerOffset, q, o, lse, room + part * floats)
          tile.head += tile.rows
          left -= tile.rows
        }
      }
    }
  }

  /// Scratch of one thread in the forward pass, whole lanes: a tile's queries, scores, packed scores and statistics.
  static func scratchFloats(headWidth: Int, tileRows: Int) -> Int {
    (tileRows * (headWidth + 64 + 3) + 15) / 16 * 16
  }

  private func run(
    _ tile: Tile, _ next: Tile?, _ segments: [Segment], _ layerOffset: Int, _ q: Rows, _ o: Rows,
    _ lse: UnsafeMutablePointer<Float>?, _ scratch: UnsafeMutablePointer<Float>
  ) {
    let kernels = products.kernels
    let segment = segments[tile.segment]
    let width = shape.headWidth
    let rows = tile.rows
    let row = segment.row + tile.offset
    let query = q.row(row) + tile.head * width
    let output = o.row(row) + tile.head * width
    let packedQuery = scratch
    let scores = packedQuery + kernels.tile_rows * width
    let packedScores = scores + kernels.tile_rows * 32
    let maximum = packedScores + kernels.tile_rows * 32
    let sum = maximum + kernels.tile_rows
    let logSums = sum + kernels.tile_rows
    products.packFactor(query, tile.stride, rows: rows, k: width, into: packedQuery)
    for r in 0..<rows {
      maximum[r] = -.infinity
      sum[r] = 0
      (output + r * tile.stride).update(repeating: 0, count: width)
    }
    let first = segment.position + tile.offset + 1
    let last = first + (rows - 1) * tile.step
    let offset = unitOffset(tile, layerOffset)
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: rows) { visible in
      guard let visible = visible.baseAddress else { return }
      let blocks = KeyValueBlockShape.count(positions: last)
      for block in 0..<blocks {
        if tile.step == 0 {
          if block + 1 < blocks {
            prefetch(segment.blocks[block + 1] + offset)
          } else if let next {
            prefetch(segments[next.segment].blocks[0] + unitOffset(next, layerOffset))
          }
        }
        for r in 0..<rows {
          visible[r] = Int32(max(0, min(32, first + r * tile.step - block * 32)))
        }
        let unit = segment.blocks[block] + offset
        products.multiplyStored(
          packedQuery, rows: rows, k: width, unit, into: Rows(scores, stride: 32), columns: 32)
        kernels.softmax_block(
          scores, rows, visible, scale, maximum, sum, output, tile.stride, width)
        let positions = min(32, last - block * 32)
        products.packFactor(scores, 32, rows: rows, k: positions, into: packedScores)
        for panel in 0..<shape.valuePanels {
          products.multiplyStored(
            packedScores, rows: rows, k: positions,
            unit + shape.keyFloats + panel * shape.panelFloats,
            into: Rows(output + panel * 32, stride: tile.stride),
            columns: min(32, width - panel * 32), .chain)
        }
      }
    }
    kernels.softmax_finish(output, tile.stride, rows, width, maximum, sum, logSums)
    guard let lse else { return }
    for r in 0..<rows {
      let head = tile.step == 0 ? tile.head + r : tile.head
      lse[(row + r * tile.step) * queryHeads + head] = logSums[r]
    }
  }

  /// Where a tile's keys and values lie in a block.
  private func unitOffset(_ tile: Tile, _ layerOffset: Int) -> Int {
    layerOffset + tile.head / groupSize * shape.unitFloats
  }

  /// A decoding row multiplies a block faster than memory brings the next one.
  private func prefetch(_ unit: UnsafePointer<Float>) {
    for line in stride(from: 0, to: shape.unitFloats, by: 16) { luffy_prefetch(unit + line) }
  }
}
