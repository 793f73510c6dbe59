internal import CLuffySIMD
package import LuffyTensor

/// How keys and values of 32 positions lie together, for every key-value head of one layer.
///
/// A head's unit is its keys transposed, [E][32], then its values in panels of 32 columns, [E/32][32 positions][32]; in
/// bfloat16 in words of two neighbours, of E and of positions. Both are the right-hand sides of the attention products as
/// they stand. What lies past a sequence's last position is never read.
package struct KeyValueBlockShape: Sendable {
  package static let positions = 32
  let headWidth: Int
  let heads: Int
  let precision: Precision

  package init(_ configuration: ModelConfiguration, _ precision: Precision) {
    headWidth = configuration.headWidth
    heads = configuration.keyValueHeads
    self.precision = precision
  }

  /// Sizes are in floats, or words as long.
  var keyFloats: Int { MatrixProducts.depth(headWidth, precision) * 32 }
  var valuePanels: Int { (headWidth + 31) / 32 }
  var panelFloats: Int { MatrixProducts.depth(32, precision) * 32 }
  var unitFloats: Int { keyFloats + valuePanels * panelFloats }
  /// Of one layer.
  package var layerFloats: Int { unitFloats * heads }

  package static func count(positions: Int) -> Int { (positions + 31) / 32 }

  /// Writes keys and values (rows [K E] one after another) of positions that begin at a lane of a block of one layer and
  /// end in it.
  func write(
    keys: UnsafePointer<Float>, values: UnsafePointer<Float>, lane: Int, count: Int,
    into block: UnsafeMutablePointer<Float>, with products: MatrixProducts
  ) {
    let stride = heads * headWidth
    for head in 0..<heads {
      let unit = block + head * unitFloats
      let k = keys + head * headWidth
      let v = values + head * headWidth
      if lane == 0 && count > 1 {
        products.storeTransposedPanel(k, stride, columns: count, k: headWidth, into: unit)
        for panel in 0..<valuePanels {
          products.storePanel(
            v + panel * 32, stride, columns: min(32, headWidth - panel * 32), k: count,
            into: unit + keyFloats + panel * panelFloats)
        }
        continue
      }
      for position in 0..<count {
        write(k + position * stride, v + position * stride, lane + position, unit, products)
      }
    }
  }

  /// One position of one head, in that head's unit.
  func write(
    _ k: UnsafePointer<Float>, _ v: UnsafePointer<Float>, _ lane: Int,
    _ unit: UnsafeMutablePointer<Float>, _ products: MatrixProducts
  ) {
    if precision == .float32 {
      for e in 0..<headWidth { unit[e * 32 + lane] = k[e] }
      let row = unit + keyFloats + lane * 32
      for e in 0..<headWidth { row[e / 32 * panelFloats + e % 32] = v[e] }
      return
    }
    let words = MatrixProducts.depth(headWidth, precision)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(32, words)) { room in
      guard let packed = room.baseAddress else { return }
      products.kernels.pack_pairs_a(k, headWidth, 1, headWidth, packed)
      for word in 0..<words { unit[word * 32 + lane] = packed[word] }
      for panel in 0..<valuePanels {
        let columns = min(32, headWidth - panel * 32)
        products.kernels.pack_pairs_panel(v + panel * 32, headWidth, columns, 1, packed)
        let row = unit + keyFloats + panel * panelFloats + lane / 2 * 32
        if lane % 2 == 0 {
          row.update(from: packed, count: 32)
        } else {
          joinHalves(row, packed)
        }
      }
    }
  }

  /// The low halves of `odd` become the high halves of 32 words.
  private func joinHalves(_ row: UnsafeMutablePointer<Float>, _ odd: UnsafePointer<Float>) {
    for column in 0..<32 {
      row[column] = Float(bitPattern: row[column].bitPattern | odd[column].bitPattern &<< 16)
    }
  }
}

/// New positions of one sequence that run through the model together.
package struct Segment {
  /// The first of its rows among the tokens of the pass.
  package var row: Int
  package var count: Int
  /// The position of its first token in the sequence.
  package var position: Int
  /// The sequence's blocks (all positions up to the last new one), at one layer's offset 0.
  package var blocks: UnsafePointer<UnsafeMutablePointer<Float>>
  /// The first row of the positions before it, where they run in the same pass; else their keys lie in the blocks.
  package var prefixRow: Int?

  package init(
    row: Int, count: Int, position: Int, blocks: UnsafePointer<UnsafeMutablePointer<Float>>,
    prefixRow: Int? = nil
  ) {
    self.row = row
    self.count = count
    self.position = position
    self.blocks = blocks
    self.prefixRow = prefixRow
  }

  /// Indices of the blocks that its new positions lie in.
  var blockRange: Range<Int> {
    position / 32..<KeyValueBlockShape.count(positions: position + count)
  }

  /// Positions before it whose gradients it takes part in.
  var sharedPositions: Int { prefixRow == nil ? 0 : position }
}
