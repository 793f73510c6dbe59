/// Scratch of one thread of attention's backward pass, cut from one stretch: packed keys of a sequence, and what one block
/// of queries needs.
struct AttentionScratch {
  /// Of a block. A sum over the queries of a block starts and ends in memory, so longer ones are faster; but those that see
  /// none of the keys are multiplied in vain.
  static let queries = 64

  let queryTiles, outputTiles: UnsafeMutablePointer<Float>
  let scores, gradients, tiles: UnsafeMutablePointer<Float>
  let queryPanels, outputPanels: UnsafeMutablePointer<Float>
  let delta, lse: UnsafeMutablePointer<Float>
  private let firstKeys: UnsafeMutablePointer<Float>
  private let width: Int
  private let panels: Int

  /// Up to 32 keys: K and V transposed, [E][32], and K in panels of 32 columns, [E/32][32][32].
  struct Keys {
    let keyPanel, valuePanel, keyRows: UnsafeMutablePointer<Float>
  }

  init(_ start: UnsafeMutablePointer<Float>, _ shape: KeyValueBlockShape, _ keyBlocks: Int) {
    var next = start
    func take(_ count: Int) -> UnsafeMutablePointer<Float> {
      defer { next += count }
      return next
    }
    width = shape.headWidth
    panels = shape.valuePanels
    queryTiles = take(Self.queries * width)
    outputTiles = take(Self.queries * width)
    scores = take(Self.square)
    gradients = take(Self.square)
    tiles = take(Self.square)
    queryPanels = take(panels * Self.square)
    outputPanels = take(panels * Self.square)
    delta = take(Self.queries)
    lse = take(Self.queries)
    firstKeys = take(keyBlocks * Self.keyFloats(shape))
  }

  func keys(_ index: Int) -> Keys {
    let start = firstKeys + index * (64 * width + panels * Self.keySquare)
    return Keys(
      keyPanel: start, valuePanel: start + 32 * width, keyRows: start + 64 * width)
  }

  /// Numbers of 32 keys and 32 columns.
  static let keySquare = 32 * 32

  /// Numbers of a block's queries and 32 keys, or 32 columns.
  static var square: Int { 32 * queries }

  private static func keyFloats(_ shape: KeyValueBlockShape) -> Int {
    64 * shape.headWidth + shape.valuePanels * keySquare
  }

  /// Floats for sequences of up to so many ranges of keys.
  static func floats(_ shape: KeyValueBlockShape, keyBlocks: Int) -> Int {
    2 * queries * shape.headWidth + (3 + 2 * shape.valuePanels) * square + 2 * queries
      + keyBlocks * keyFloats(shape)
  }
}
