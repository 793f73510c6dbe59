internal import LuffyTensor

/// The keys and values that a layer's attention will read, for the products before it to bring into the cache: products
/// leave most of the memory's bandwidth idle, and attention of single tokens waits for nothing else.
struct KeyValueReadAhead {
  /// In the order in which they run from one layer's attention to the next one's.
  enum Product: Int, CaseIterable { case output, gateUp, down, queryKeyValue }

  /// The blocks of each thread's sequences, one thread's after another's; empty where nothing is read ahead.
  private var spans: [UnsafePointer<Float>?] = []
  /// Where each thread's begin, and the end of the last.
  private var bounds = [0]
  private let layerFloats: Int
  private let layers: Int
  /// Columns before each product, and of all.
  private let columns: InlineArray<5, Int>

  /// - Parameter segments: Those of a decode; of other passes nothing is read ahead.
  init(_ segments: [Segment], _ tiles: AttentionTiles, _ c: ModelConfiguration, layerFloats: Int) {
    self.layerFloats = layerFloats
    layers = c.layers
    let gateUp = c.width + 2 * c.hiddenWidth
    let queryKeyValue = c.queryWidth + 2 * c.keyValueWidth
    columns = [0, c.width, gateUp, gateUp + c.width, gateUp + c.width + queryKeyValue]
    if segments.isEmpty { return }
    for part in 0..<tiles.parts {
      var last: Int?
      for tile in tiles.tiles[tiles.bounds[part]..<tiles.bounds[part + 1]]
      where tile.segment != last {
        addBlocks(of: segments[tile.segment], notIn: last.map { segments[$0] })
        last = tile.segment
      }
      bounds.append(spans.count)
    }
  }

  /// Rollouts of one prompt follow one another and begin with the same blocks.
  private mutating func addBlocks(of segment: Segment, notIn last: Segment?) {
    let blocks = segment.blockRange.upperBound
    var block = 0
    if let last {
      let common = min(blocks, last.blockRange.upperBound)
      while block < common && segment.blocks[block] == last.blocks[block] { block += 1 }
    }
    while block < blocks {
      spans.append(UnsafePointer(segment.blocks[block]))
      block += 1
    }
  }

  /// A product's share of what the attention after it reads.
  func share(of product: Product, layer: Int) -> MatrixProducts.ReadAhead.Spans? {
    let next = product == .queryKeyValue ? layer : layer + 1
    if spans.isEmpty || next == layers { return nil }
    return MatrixProducts.ReadAhead.Spans(
      spans, bounds: bounds, columns: columns[product.rawValue]..<columns[product.rawValue + 1],
      of: columns[Product.allCases.count], offset: next * layerFloats, floats: layerFloats)
  }
}
