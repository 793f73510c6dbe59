/// How keys and values of 32 positions lie together, for every key-value head of one layer.
///
/// A head's unit is its keys transposed, [E][32], then its values in panels of 32 columns, [E/32][32 positions][32].
/// Both are the right-hand sides of the attention products as they stand.
package struct KeyValueBlockShape: Sendable {
  package static let positions = 32
  let headWidth: Int
  let heads: Int

  package init(_ configuration: ModelConfiguration) {
    headWidth = configuration.headWidth
    heads = configuration.keyValueHeads
  }

  var keyFloats: Int { headWidth * 32 }
  var valuePanels: Int { (headWidth + 31) / 32 }
  var unitFloats: Int { keyFloats + valuePanels * 1024 }
  /// Of one layer.
  package var layerFloats: Int { unitFloats * heads }

  package static func count(positions: Int) -> Int { (positions + 31) / 32 }

  /// Writes one position's keys and values (rows [K E]) into its lane of a block of one layer.
  func write(
    key: UnsafePointer<Float>, value: UnsafePointer<Float>, lane: Int,
    into block: UnsafeMutablePointer<Float>
  ) {
    for head in 0..<heads {
      let unit = block + head * unitFloats
      let k = key + head * headWidth
      let v = value + head * headWidth
      for e in 0..<headWidth { unit[e * 32 + lane] = k[e] }
      let row = unit + keyFloats + lane * 32
      for e in 0..<headWidth { row[e / 32 * 1024 + e % 32] = v[e] }
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

  /// Positions before it whose gradients it takes part in.
  var sharedPositions: Int { prefixRow == nil ? 0 : position }
}
