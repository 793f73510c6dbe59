/// Scratch of one thread of attention's backward pass, cut from one stretch: packed keys of a sequence, and what one block
/// of 32 queries needs.
struct AttentionScratch {
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
    queryTiles = take(32 * width)
    outputTiles = take(32 * width)
    scores = take(1024)
    gradients = take(1024)
    tiles = take(1024)
    queryPanels = take(panels * 1024)
    outputPanels = take(panels * 1024)
    delta = take(32)
    lse = take(32)
    firstKeys = take(keyBlocks * Self.keyFloats(shape))
  }

  func keys(_ index: Int) -> Keys {
    let start = firstKeys + index * (64 * width + panels * 1024)
    return Keys(
      keyPanel: start, valuePanel: start + 32 * width, keyRows: start + 64 * width)
  }

  private static func keyFloats(_ shape: KeyValueBlockShape) -> Int {
    64 * shape.headWidth + shape.valuePanels * 1024
  }

  /// Floats for sequences of up to so many ranges of keys.
  static func floats(_ shape: KeyValueBlockShape, keyBlocks: Int) -> Int {
    64 * shape.headWidth + 3 * 1024 + 2 * shape.valuePanels * 1024 + 64
      + keyBlocks * keyFloats(shape)
  }
}
