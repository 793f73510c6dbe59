internal import CLuffySIMD
import LuffyKernels
internal import LuffyTensor

/// One pass of T tokens through the layers: the forward half. Training, scoring, prefill and decoding all run it.
struct LayerPass {
  let model: Model
  let workspace: Workspace
  let tokens: Int
  let segments: [Segment]
  let rotary: RotaryTable
  let attention: Attention
  /// Scratch [T, max(D, hidden)] and [T, D].
  let wide: UnsafeMutablePointer<Float>
  let narrow: UnsafeMutablePointer<Float>

  var configuration: ModelConfiguration { model.configuration }
  var products: MatrixProducts { workspace.products }
  var kernels: luffy_kernels { products.kernels }
  var parameters: UnsafeMutablePointer<Float> { model.values.pointer }

  init(_ model: Model, _ workspace: Workspace, _ segments: [Segment], tokens: Int) throws {
    self.model = model
    self.workspace = workspace
    self.tokens = tokens
    self.segments = segments
    let c = model.configuration
    let end = segments.reduce(1) { max($0, $1.position + $1.count) }
    rotary = try model.rotaryTable(positions: end)
    attention = Attention(c, workspace.products)
    let widest = max(c.width, c.hiddenWidth, c.queryWidth)
    wide = try workspace.streams.take(tokens * (widest + c.width))
    narrow = wide + tokens * widest
    model.packed.refresh(from: model.values.pointer, with: workspace.products)
  }

  /// Rows of the embedding, [T, D].
  func embed(_ ids: UnsafePointer<Int32>, into x: UnsafeMutablePointer<Float>) {
    let width = configuration.width
    let table = parameters + model.layout.embedding
    for row in 0..<tokens {
      (x + row * width).update(from: table + Int(ids[row]) * width, count: width)
    }
  }

  /// y = x + attention + feed-forward of one layer, with its activations left in `a`.
  ///
  /// New keys and values go to the segments' blocks at `layerOffset`.
  func forward(
    layer index: Int, x: UnsafeMutablePointer<Float>, _ a: LayerActivations, layerOffset: Int,
    into y: UnsafeMutablePointer<Float>
  ) throws(OutOfMemory) {
    let c = configuration
    let layer = model.layout.layers[index]
    normalize(x, weight: layer.inputNorm, into: narrow, a.inputInverse)
    try projectQueryKeyValue(layer, a)
    writeKeyValues(a, layerOffset)
    attention.forward(
      segments, layerOffset: layerOffset, q: Rows(a.query, stride: c.queryWidth),
      into: Rows(a.attention, stride: c.queryWidth), lse: a.logSum)
    a.middle.update(from: x, count: tokens * c.width)
    try linear(
      try packed(a.attention, c.queryWidth), layer.outputWeight, c.width, into: a.middle,
      store: .add)
    normalize(a.middle, weight: layer.postNorm, into: narrow, a.postInverse)
    let normed = try packed(narrow, c.width)
    try linear(normed, layer.gateWeight, c.hiddenWidth, into: a.gate)
    try linear(normed, layer.upWeight, c.hiddenWidth, into: a.up)
    elementwise(tokens * c.hiddenWidth) { offset, count in
      kernels.swiglu(a.gate + offset, a.up + offset, wide + offset, count)
    }
    y.update(from: a.middle, count: tokens * c.width)
    try linear(
      try packed(wide, c.hiddenWidth), layer.downWeight, c.width, into: y, store: .add)
  }

  /// The last norm, [T, D].
  func finalNorm(
    _ x: UnsafeMutablePointer<Float>, into y: UnsafeMutablePointer<Float>,
    _ inverse: UnsafeMutablePointer<Float>
  ) {
    normalize(x, weight: model.layout.finalNorm, into: y, inverse)
  }

  // MARK: Pieces

  private func projectQueryKeyValue(
    _ layer: ParameterLayout.Layer, _ a: LayerActivations
  ) throws(OutOfMemory) {
    let c = configuration
    let bias = { (offset: Int) -> UnsafePointer<Float>? in
      c.attentionBias ? UnsafePointer(parameters + offset) : nil
    }
    let q = c.normalizesQueryAndKey ? a.rawQuery : a.query
    let k = c.normalizesQueryAndKey ? a.rawKey : a.key
    let normed = try packed(narrow, c.width)
    try linear(normed, layer.queryWeight, c.queryWidth, into: q, bias: bias(layer.queryBias))
    try linear(normed, layer.keyWeight, c.keyValueWidth, into: k, bias: bias(layer.keyBias))
    try linear(
      normed, layer.valueWeight, c.keyValueWidth, into: a.value, bias: bias(layer.valueBias))
    if c.normalizesQueryAndKey {
      normalizeHeads(a.rawQuery, c.queryHeads, layer.queryNorm, into: a.query, a.queryInverse)
      normalizeHeads(a.rawKey, c.keyValueHeads, layer.keyNorm, into: a.key, a.keyInverse)
    }
    rotate(a.query, heads: c.queryHeads, sign: 1)
    rotate(a.key, heads: c.keyValueHeads, sign: 1)
  }

  /// Turns every head of every row by its position's angles.
  func rotate(_ x: UnsafeMutablePointer<Float>, heads: Int, sign: Float) {
    let width = configuration.headWidth
    let stride = heads * width
    for segment in segments {
      products.pool.parallelRanges(segment.count) { range in
        let position = segment.position + range.lowerBound
        kernels.rotate(
          x + (segment.row + range.lowerBound) * stride, stride, rotary.cosine(at: position),
          rotary.sine(at: position), range.count, heads, width, sign)
      }
    }
  }

  private func writeKeyValues(_ a: LayerActivations, _ layerOffset: Int) {
    let stride = configuration.keyValueWidth
    /// Positions from `row` on, block by block.
    func write(_ row: Int, _ positions: Range<Int>, _ segment: Segment) {
      var position = positions.lowerBound
      while position < positions.upperBound {
        let end = min(positions.upperBound, (position / 32 + 1) * 32)
        let offset = (row + position - positions.lowerBound) * stride
        attention.shape.write(
          keys: a.key + offset, values: a.value + offset, lane: position % 32,
          count: end - position, into: segment.blocks[position / 32] + layerOffset, with: products)
        position = end
      }
    }
    let parts = tokens < Self.serialTokens ? 1 : products.pool.threads
    products.pool.parallelFor(parts) { part in
      for index in Swift.stride(from: part, to: segments.count, by: parts) {
        let segment = segments[index]
        // A block that begins with the end of a shared prefix is the segment's own: it holds that end again.
        if let prefixRow = segment.prefixRow {
          let first = segment.position / 32 * 32
          write(prefixRow + first, first..<segment.position, segment)
        }
        write(segment.row, segment.position..<segment.position + segment.count, segment)
      }
    }
  }

  /// Fewer tokens than these write their keys on the calling thread.
  private static let serialTokens = 64

  func normalize(
    _ x: UnsafeMutablePointer<Float>, weight: Int, into y: UnsafeMutablePointer<Float>,
    _ inverse: UnsafeMutablePointer<Float>
  ) {
    let c = configuration
    products.pool.parallelRanges(tokens) { range in
      let offset = range.lowerBound * c.width
      kernels.rms_norm(
        x + offset, parameters + weight, y + offset, inverse + range.lowerBound, range.count,
        c.width, c.normEpsilon)
    }
  }

  private func normalizeHeads(
    _ x: UnsafeMutablePointer<Float>, _ heads: Int, _ weight: Int,
    into y: UnsafeMutablePointer<Float>, _ inverse: UnsafeMutablePointer<Float>
  ) {
    let c = configuration
    products.pool.parallelRanges(tokens * heads) { range in
      let offset = range.lowerBound * c.headWidth
      kernels.rms_norm(
        x + offset, parameters + weight, y + offset, inverse + range.lowerBound, range.count,
        c.headWidth, c.normEpsilon)
    }
  }

  /// Rows [T, k] for `linear`, until others are packed.
  private func packed(
    _ x: UnsafeMutablePointer<Float>, _ k: Int
  ) throws(OutOfMemory) -> MatrixProducts.PackedRows {
    try products.packRows(Rows(x, stride: k), rows: tokens, k: k)
  }

  private func linear(
    _ x: MatrixProducts.PackedRows, _ weight: Int, _ n: Int, into y: UnsafeMutablePointer<Float>,
    bias: UnsafePointer<Float>? = nil, store: ProductStore = .set
  ) throws(OutOfMemory) {
    try products.forward(
      x, packed: model.packed[weight], n: n, into: Rows(y, stride: n), bias: bias, store: store)
  }

  /// Cuts a span into ranges of whole lanes, one a thread.
  func elementwise(_ count: Int, _ body: (_ offset: Int, _ count: Int) -> Void) {
    let lanes = (count + 15) / 16
    products.pool.parallelRanges(lanes) { range in
      body(range.lowerBound * 16, min(count, range.upperBound * 16) - range.lowerBound * 16)
    }
  }
}
