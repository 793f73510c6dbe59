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
  private let attentionTiles: AttentionTiles
  /// A token of each sequence, its past in the blocks: no segment reads what another adds.
  private let isDecode: Bool
  private let readAhead: KeyValueReadAhead
  /// Scratch [T, max(D, hidden)] and [T, D].
  let wide: UnsafeMutablePointer<Float>
  let narrow: UnsafeMutablePointer<Float>
  private let attentionRoom: UnsafeMutablePointer<Float>
  /// Narrow rows of adapters, where the model has some.
  let adapterRoom: UnsafeMutablePointer<Float>

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
    let threads = workspace.products.pool.threads
    attentionTiles = AttentionTiles(segments, attention, threads: threads)
    isDecode = segments.allSatisfy { $0.count == 1 && $0.prefixRow == nil }
    readAhead = KeyValueReadAhead(
      isDecode ? segments : [], attentionTiles, c, layerFloats: attention.shape.layerFloats)
    wide = try workspace.streams.take(Self.scratchFloats(c, tokens: tokens, threads: threads))
    narrow = wide + tokens * Self.widest(c)
    attentionRoom = wide + Self.rowFloats(c, tokens: tokens)
    model.packed.refresh(from: model.values.pointer, with: workspace.products)
    if let adapters = model.adapters {
      adapterRoom = try workspace.adapters.take(
        Self.adapterFloats(rank: adapters.options.rank, tokens: tokens))
      adapters.packed.refresh(from: adapters.values.pointer, with: workspace.products)
    } else {
      adapterRoom = narrow
    }
  }

  /// Scratch of the rows, and behind it of attention's threads.
  static func scratchFloats(_ c: ModelConfiguration, tokens: Int, threads: Int) -> Int {
    let attention = Attention.scratchFloats(
      headWidth: c.headWidth, tileRows: Kernels.table.tile_rows)
    return rowFloats(c, tokens: tokens) + threads * attention
  }

  private static func rowFloats(_ c: ModelConfiguration, tokens: Int) -> Int {
    (tokens * (widest(c) + c.width) + 15) / 16 * 16
  }

  /// Columns of the widest rows.
  static func widest(_ c: ModelConfiguration) -> Int {
    max(c.width, c.hiddenWidth, c.queryWidth)
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
    try activate(layer: index, x: x, a, layerOffset: layerOffset)
    let c = configuration
    let gated = try packed(wide, c.hiddenWidth) { rows in
      let offset = rows.lowerBound * c.hiddenWidth
      kernels.swiglu(
        a.gate + offset, a.up + offset, wide + offset, rows.count * c.hiddenWidth)
      copy(a.middle, into: y, rows, c.width)
    }
    let down = model.layout.layers[index].downWeight
    try products.forward(
      gated, .init(linear(down, c.width, into: y, store: .add)),
      ahead: ahead(of: .down, layer: index))
    try adapt(gated, [.init(down, c.width, into: y)])
  }

  /// All of a layer's forward half that its backward half reads: not its output.
  func activate(
    layer index: Int, x: UnsafeMutablePointer<Float>, _ a: LayerActivations, layerOffset: Int
  ) throws(OutOfMemory) {
    let c = configuration
    let layer = model.layout.layers[index]
    try projectQueryKeyValue(layer, x, a, ahead(of: .queryKeyValue, layer: index))
    if !isDecode { placeQueryKeyValue(layer, a, layerOffset) }
    attention.forward(
      attentionTiles, segments, layerOffset: layerOffset, q: Rows(a.query, stride: c.queryWidth),
      into: Rows(a.attention, stride: c.queryWidth), lse: a.logSum, room: attentionRoom
    ) { tile in
      if isDecode { placeOne(layer, a, tile, layerOffset) }
    }
    let attended = try packed(a.attention, c.queryWidth) { rows in
      copy(x, into: a.middle, rows, c.width)
    }
    try products.forward(
      attended, .init(linear(layer.outputWeight, c.width, into: a.middle, store: .add)),
      ahead: ahead(of: .output, layer: index))
    try adapt(attended, [.init(layer.outputWeight, c.width, into: a.middle)])
    let normed = try packed(narrow, c.width) { rows in
      normalize(rows, a.middle, weight: layer.postNorm, into: narrow, a.postInverse)
    }
    try products.forward(
      normed,
      .init(
        linear(layer.gateWeight, c.hiddenWidth, into: a.gate),
        linear(layer.upWeight, c.hiddenWidth, into: a.up)), ahead: ahead(of: .gateUp, layer: index))
    try adapt(
      normed,
      [
        .init(layer.gateWeight, c.hiddenWidth, into: a.gate),
        .init(layer.upWeight, c.hiddenWidth, into: a.up),
      ])
  }

  /// The last norm, [T, D].
  func finalNorm(
    _ x: UnsafeMutablePointer<Float>, into y: UnsafeMutablePointer<Float>,
    _ inverse: UnsafeMutablePointer<Float>
  ) {
    normalize(x, weight: model.layout.finalNorm, into: y, inverse)
  }

  // MARK: Pieces

  /// What comes into the cache while a product runs: the first panels of the next one, and its share of the keys and
  /// values that the attention after it reads. Matrices that run together lie together.
  private func ahead(
    of product: KeyValueReadAhead.Product, layer index: Int
  ) -> MatrixProducts.ReadAhead {
    let c = configuration
    let layer = model.layout.layers[index]
    func panels(_ weight: Int, _ columns: Int, _ k: Int) -> MatrixProducts.ReadAhead.Panels {
      .init(packed: model.packed[weight], columns: columns, k: k)
    }
    let next =
      switch product {
      case .output: panels(layer.gateWeight, 2 * c.hiddenWidth, c.width)
      case .gateUp: panels(layer.downWeight, c.width, c.hiddenWidth)
      case .down where index + 1 == c.layers:
        panels(model.layout.head, c.vocabularySize, c.width)
      case .down:
        panels(
          model.layout.layers[index + 1].queryWeight, c.queryWidth + 2 * c.keyValueWidth, c.width)
      case .queryKeyValue: panels(layer.outputWeight, c.width, c.queryWidth)
      }
    return .init(panels: next, spans: readAhead.share(of: product, layer: index))
  }

  private func projectQueryKeyValue(
    _ layer: ParameterLayout.Layer, _ x: UnsafeMutablePointer<Float>, _ a: LayerActivations,
    _ ahead: MatrixProducts.ReadAhead
  ) throws(OutOfMemory) {
    let c = configuration
    let bias = { (offset: Int) -> UnsafePointer<Float>? in
      c.attentionBias ? UnsafePointer(parameters + offset) : nil
    }
    let q = c.normalizesQueryAndKey ? a.rawQuery : a.query
    let k = c.normalizesQueryAndKey ? a.rawKey : a.key
    let normed = try packed(narrow, c.width) { rows in
      normalize(rows, x, weight: layer.inputNorm, into: narrow, a.inputInverse)
    }
    try products.forward(
      normed,
      .init(
        linear(layer.queryWeight, c.queryWidth, into: q, bias: bias(layer.queryBias)),
        linear(layer.keyWeight, c.keyValueWidth, into: k, bias: bias(layer.keyBias)),
        linear(layer.valueWeight, c.keyValueWidth, into: a.value, bias: bias(layer.valueBias))),
      ahead: ahead)
    try adapt(
      normed,
      [
        .init(layer.queryWeight, c.queryWidth, into: q),
        .init(layer.keyWeight, c.keyValueWidth, into: k),
        .init(layer.valueWeight, c.keyValueWidth, into: a.value),
      ])
  }

  /// Norms by head and positions of queries and keys; keys and values to their blocks.
  private func placeQueryKeyValue(
    _ layer: ParameterLayout.Layer, _ a: LayerActivations, _ layerOffset: Int
  ) {
    let pool = products.pool
    for segment in segments {
      pool.parallelRanges(segment.count) { range in turn(layer, a, segment, range) }
    }
    pool.parallelRanges(segments.reduce(0) { $0 + $1.blockRange.count }) { range in
      var first = 0
      for segment in segments {
        let blocks = segment.blockRange
        let own = (range.lowerBound - first..<range.upperBound - first)
          .clamped(to: 0..<blocks.count)
        for block in own {
          writeKeyValues(a, segment, block: blocks.lowerBound + block, layerOffset)
        }
        first += blocks.count
      }
    }
  }

  /// The same of one key-value head and its query heads in a decode.
  private func placeOne(
    _ layer: ParameterLayout.Layer, _ a: LayerActivations, _ tile: Attention.Tile,
    _ layerOffset: Int
  ) {
    let segment = segments[tile.segment]
    let head = tile.head / attention.groupSize
    turn(
      layer, a, segment, 0..<1, queryHeads: tile.head..<tile.head + tile.rows,
      keyHeads: head..<head + 1)
    let shape = attention.shape
    let column = segment.row * configuration.keyValueWidth + head * shape.headWidth
    shape.write(
      a.key + column, a.value + column, segment.position % 32,
      segment.blocks[segment.position / 32] + layerOffset + head * shape.unitFloats, products)
  }

  /// Norms by head and rotary positions of some rows of a segment.
  private func turn(
    _ layer: ParameterLayout.Layer, _ a: LayerActivations, _ segment: Segment, _ range: Range<Int>,
    queryHeads: Range<Int>? = nil, keyHeads: Range<Int>? = nil
  ) {
    let c = configuration
    let rows = segment.row + range.lowerBound..<segment.row + range.upperBound
    let queryHeads = queryHeads ?? 0..<c.queryHeads
    let keyHeads = keyHeads ?? 0..<c.keyValueHeads
    if c.normalizesQueryAndKey {
      let query = heads(rows, queryHeads, c.queryHeads)
      let key = heads(rows, keyHeads, c.keyValueHeads)
      normalizeHeads(query, a.rawQuery, layer.queryNorm, into: a.query, a.queryInverse)
      normalizeHeads(key, a.rawKey, layer.keyNorm, into: a.key, a.keyInverse)
    }
    rotate(a.query, queryHeads, of: c.queryHeads, sign: 1, segment, range)
    rotate(a.key, keyHeads, of: c.keyValueHeads, sign: 1, segment, range)
  }

  /// Some heads of one row, or all of several, counted over all rows.
  private func heads(_ rows: Range<Int>, _ heads: Range<Int>, _ all: Int) -> Range<Int> {
    let first = rows.lowerBound * all + heads.lowerBound
    return first..<first + rows.count * heads.count
  }

  /// Turns every head of every row by its position's angles.
  func rotate(_ x: UnsafeMutablePointer<Float>, heads: Int, sign: Float) {
    for segment in segments {
      products.pool.parallelRanges(segment.count) { range in
        rotate(x, 0..<heads, of: heads, sign: sign, segment, range)
      }
    }
  }

  private func rotate(
    _ x: UnsafeMutablePointer<Float>, _ heads: Range<Int>, of all: Int, sign: Float,
    _ segment: Segment, _ range: Range<Int>
  ) {
    let width = configuration.headWidth
    let position = segment.position + range.lowerBound
    let first = (segment.row + range.lowerBound) * all + heads.lowerBound
    kernels.rotate(
      x + first * width, all * width, rotary.cosine(at: position), rotary.sine(at: position),
      range.count, heads.count, width, sign)
  }

  /// What a segment adds to one of its blocks. A block that begins with the end of a shared prefix is the segment's own:
  /// it holds that end again.
  private func writeKeyValues(
    _ a: LayerActivations, _ segment: Segment, block: Int, _ layerOffset: Int
  ) {
    let stride = configuration.keyValueWidth
    let target = segment.blocks[block] + layerOffset
    func write(_ row: Int, _ positions: Range<Int>) {
      if positions.isEmpty { return }
      attention.shape.write(
        keys: a.key + row * stride, values: a.value + row * stride,
        lane: positions.lowerBound % 32, count: positions.count, into: target, with: products)
    }
    let all = block * 32..<block * 32 + 32
    let own = all.clamped(to: segment.position..<segment.position + segment.count)
    if let prefixRow = segment.prefixRow {
      let shared = all.clamped(to: 0..<segment.position)
      write(prefixRow + shared.lowerBound, shared)
    }
    write(segment.row + own.lowerBound - segment.position, own)
  }

  func normalize(
    _ x: UnsafeMutablePointer<Float>, weight: Int, into y: UnsafeMutablePointer<Float>,
    _ inverse: UnsafeMutablePointer<Float>
  ) {
    products.pool.parallelRanges(tokens) { range in
      normalize(range, x, weight: weight, into: y, inverse)
    }
  }

  private func normalize(
    _ rows: Range<Int>, _ x: UnsafeMutablePointer<Float>, weight: Int,
    into y: UnsafeMutablePointer<Float>, _ inverse: UnsafeMutablePointer<Float>
  ) {
    let c = configuration
    let offset = rows.lowerBound * c.width
    kernels.rms_norm(
      x + offset, parameters + weight, y + offset, inverse + rows.lowerBound, rows.count, c.width,
      c.normEpsilon)
  }

  private func normalizeHeads(
    _ heads: Range<Int>, _ x: UnsafeMutablePointer<Float>, _ weight: Int,
    into y: UnsafeMutablePointer<Float>, _ inverse: UnsafeMutablePointer<Float>
  ) {
    let c = configuration
    let offset = heads.lowerBound * c.headWidth
    kernels.rms_norm(
      x + offset, parameters + weight, y + offset, inverse + heads.lowerBound, heads.count,
      c.headWidth, c.normEpsilon)
  }

  private func copy(
    _ x: UnsafeMutablePointer<Float>, into y: UnsafeMutablePointer<Float>, _ rows: Range<Int>,
    _ width: Int
  ) {
    let offset = rows.lowerBound * width
    (y + offset).update(from: x + offset, count: rows.count * width)
  }

  /// Rows [T, k] for products, until others are packed.
  private func packed(
    _ x: UnsafeMutablePointer<Float>, _ k: Int, preparing: (Range<Int>) -> Void
  ) throws(OutOfMemory) -> MatrixProducts.PackedRows {
    try products.packRows(Rows(x, stride: k), rows: tokens, k: k, preparing: preparing)
  }

  private func linear(
    _ weight: Int, _ n: Int, into y: UnsafeMutablePointer<Float>,
    bias: UnsafePointer<Float>? = nil, store: ProductStore = .set
  ) -> MatrixProducts.Linear {
    MatrixProducts.Linear(
      packed: model.packed[weight], n: n, into: Rows(y, stride: n), bias: bias, store: store)
  }

  /// Cuts a span into ranges of whole lanes, one a thread.
  func elementwise(_ count: Int, _ body: (_ offset: Int, _ count: Int) -> Void) {
    let lanes = (count + 15) / 16
    products.pool.parallelRanges(lanes) { range in
      body(range.lowerBound * 16, min(count, range.upperBound * 16) - range.lowerBound * 16)
    }
  }
}
