internal import CLuffySIMD
import LuffyKernels
internal import LuffyTensor

/// The queries of a pass, cut into tiles, and the tiles into a contiguous share for each thread by the keys that they
/// meet: a thread keeps to the same sequences in every layer.
struct AttentionTiles {
  /// Query rows that share keys: positions of one head, at most as many as a register tile has; or the query heads of a
  /// key-value head at one position.
  struct Tile {
    var segment: Int
    var head: Int
    var offset: Int
    var rows: Int
    /// From one row to the next: in floats of q and o, and in positions.
    var stride: Int
    var step: Int
  }

  let tiles: [Tile]
  /// Where each thread's share begins, and the end of the last.
  let bounds: [Int]

  var parts: Int { bounds.count - 1 }

  init(_ segments: [Segment], _ attention: Attention, threads: Int) {
    let width = attention.shape.headWidth
    let group = attention.groupSize
    let height = attention.products.kernels.tile_rows
    var tiles: [Tile] = []
    for (index, segment) in segments.enumerated() {
      if segment.count == 1 {
        for head in 0..<attention.shape.heads {
          tiles.append(
            Tile(
              segment: index, head: head * group, offset: 0, rows: group,
              stride: width, step: 0))
        }
        continue
      }
      for head in 0..<attention.queryHeads {
        for first in stride(from: 0, to: segment.count, by: height) {
          tiles.append(
            Tile(
              segment: index, head: head, offset: first, rows: min(height, segment.count - first),
              stride: attention.queryHeads * width, step: 1))
        }
      }
    }
    self.tiles = tiles
    bounds = ThreadPool.contiguousShares(
      of: tiles.map { segments[$0.segment].keyBlocks(of: $0) }, among: threads)
  }
}

extension Segment {
  /// Blocks of keys that a tile of it walks, and one more for what does not depend on them.
  fileprivate func keyBlocks(of tile: AttentionTiles.Tile) -> Int {
    let last = position + tile.offset + 1 + (tile.rows - 1) * tile.step
    return 1 + KeyValueBlockShape.count(positions: last)
  }
}
