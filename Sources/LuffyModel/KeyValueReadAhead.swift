internal import LuffyTensor

/// The keys and values that a layer's attention will read, for the products before it to bring into the cache: products
/// leave most of the memory's bandwidth idle, and attention of single tokens waits for nothing else.
struct KeyValueReadAhead {
  /// In the order in which they run from one layer's attention to the next one's.
  enum Product: Int, CaseIterable { case output, gateUp, down, queryKeyValue }

  private let spans: UnsafeBufferPointer<UnsafePointer<Float>?>
  private let layerFloats: Int
  private let layers: Int
  /// Columns up to and with each product.
  private let columns: InlineArray<4, Int>

  /// Of segments of one token each; of longer ones nothing is read ahead.
  init(
    _ segments: [Segment], _ c: ModelConfiguration, _ shape: KeyValueBlockShape,
    _ workspace: Workspace
  )
    throws(OutOfMemory)
  {
    layerFloats = shape.layerFloats
    layers = c.layers
    let output = c.width
    let gateUp = output + 2 * c.hiddenWidth
    let down = gateUp + c.width
    columns = [output, gateUp, down, down + c.queryWidth + 2 * c.keyValueWidth]
    let isDecode = segments.allSatisfy { $0.count == 1 }
    let most = isDecode ? segments.reduce(0) { $0 + $1.blockRange.upperBound } : 0
    let start = try workspace.spans.take(most)
    var count = 0
    if isDecode {
      for (index, segment) in segments.enumerated() {
        let before = index > 0 ? segments[index - 1] : nil
        for block in 0..<segment.blockRange.upperBound {
          let isShared = before.map {
            block < $0.blockRange.upperBound && $0.blocks[block] == segment.blocks[block]
          }
          if isShared == true { continue }
          start[count] = UnsafePointer(segment.blocks[block])
          count += 1
        }
      }
    }
    spans = UnsafeBufferPointer(start: start, count: count)
  }

  /// A product's share of what the attention after it reads.
  func share(of product: Product, layer: Int) -> MatrixProducts.ReadAhead {
    let next = product == .queryKeyValue ? layer : layer + 1
    if next == layers || spans.isEmpty { return .nothing }
    let all = columns[Product.allCases.count - 1]
    let first = product.rawValue == 0 ? 0 : columns[product.rawValue - 1] * spans.count / all
    let end = columns[product.rawValue] * spans.count / all
    return MatrixProducts.ReadAhead(
      UnsafeBufferPointer(rebasing: spans[first..<end]), offset: next * layerFloats,
      floats: layerFloats)
  }
}
