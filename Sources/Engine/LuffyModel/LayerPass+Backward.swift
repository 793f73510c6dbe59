internal import CLuffySIMD
import LuffyKernels
internal import LuffyTensor

/// Scratch of the backward pass, shared by all layers.
struct BackwardScratch {
  let normed, dNormed, wide, dHidden, dAttention: UnsafeMutablePointer<Float>
  let dQuery, dKey, dValue, dRaw: UnsafeMutablePointer<Float>
  /// What each sequence adds to ∂/∂keys and values of the prefix that it shares, [sharedPositions, K E] each.
  let dPrefixKey, dPrefixValue: UnsafeMutablePointer<Float>
  /// An `AttentionScratch` for each thread of the tasks.
  let attention: UnsafeMutablePointer<Float>
  let attentionTasks: AttentionTasks

  init(
    _ c: ModelConfiguration, _ segments: [Segment], threads: Int, in scratch: Scratch<Float>
  ) throws(OutOfMemory) {
    let sequences = segments.map {
      PassLengths.Run(tokens: $0.count, prefix: $0.sharedPositions)
    }
    let size = Size(c, sequences: sequences, threads: threads)
    let counts = size.counts
    let start = try scratch.take(counts.reduce(0, +))
    var next = start
    func take(_ index: Int) -> UnsafeMutablePointer<Float> {
      defer { next += counts[index] }
      return next
    }
    normed = take(0)
    dNormed = take(1)
    wide = take(2)
    dHidden = take(3)
    dAttention = take(4)
    dQuery = take(5)
    dKey = take(6)
    dValue = take(7)
    dRaw = take(8)
    dPrefixKey = take(9)
    dPrefixValue = take(10)
    attention = take(11)
    attentionTasks = AttentionTasks(segments, heads: c.keyValueHeads, parts: size.parts)
  }

  /// What the scratch of a pass depends on.
  struct Size {
    let configuration: ModelConfiguration
    let tokens: Int
    /// Of all sequences with a prefix.
    let sharedPositions: Int
    /// Ranges of 32 keys of the longest sequence.
    let keyBlocks: Int
    /// Threads of attention, no more than there are sequences and key-value heads.
    let parts: Int

    init(_ c: ModelConfiguration, sequences: [PassLengths.Run], threads: Int) {
      configuration = c
      tokens = sequences.reduce(0) { $0 + $1.count * $1.tokens }
      sharedPositions = sequences.reduce(0) { $0 + $1.count * $1.prefix }
      keyBlocks = sequences.reduce(0) {
        max($0, Segment.keyBlocks(count: $1.tokens, sharedPositions: $1.prefix))
      }
      let count = sequences.reduce(0) { $0 + $1.count }
      parts = max(1, min(threads, count * c.keyValueHeads))
    }

    /// Floats of each part, whole lanes.
    var counts: [Int] {
      let c = configuration
      let shared = sharedPositions * c.keyValueWidth
      let widths = [
        c.width, c.width, c.hiddenWidth, c.hiddenWidth, c.queryWidth, c.queryWidth,
        c.keyValueWidth, c.keyValueWidth, c.normalizesQueryAndKey ? c.queryWidth : 0,
      ]
      let attention =
        parts * AttentionScratch.floats(KeyValueBlockShape(c, .float32), keyBlocks: keyBlocks)
      return (widths.map { $0 * tokens } + [shared, shared, attention]).map {
        ($0 + 15) / 16 * 16
      }
    }
  }
}

extension LayerPass {
  /// dx of one layer in place of dy, the gradients of its trained parameters added to `g`.
  ///
  /// - Parameters:
  ///   - x: the layer's input [T, D].
  ///   - a: its activations; gate and up are overwritten.
  ///   - d: on entry ∂/∂output [T, D], on return ∂/∂input.
  func backward(
    layer index: Int, x: UnsafeMutablePointer<Float>, _ a: LayerActivations,
    _ d: UnsafeMutablePointer<Float>, _ s: BackwardScratch, gradients g: UnsafeMutablePointer<Float>
  ) throws(OutOfMemory) {
    let layer = model.layout.layers[index]
    try feedForwardBackward(layer, a, d, s, g)
    try attentionBackward(layer, x, a, d, s, g)
  }

  private func feedForwardBackward(
    _ layer: ParameterLayout.Layer, _ a: LayerActivations, _ d: UnsafeMutablePointer<Float>,
    _ s: BackwardScratch, _ g: UnsafeMutablePointer<Float>
  ) throws(OutOfMemory) {
    let c = configuration
    try inputGradient(d, c.width, layer.downWeight, c.hiddenWidth, into: s.dHidden)
    // gate and up become their gradients, wide the forward value again.
    elementwise(tokens * c.hiddenWidth) { offset, count in
      kernels.swiglu_backward(
        s.dHidden + offset, a.gate + offset, a.up + offset, s.wide + offset, count)
    }
    try weightGradient(d, c.width, s.wide, c.hiddenWidth, layer.downWeight, g)
    normalize(a.middle, weight: layer.postNorm, into: s.normed, a.postInverse)
    try weightGradient(a.gate, c.hiddenWidth, s.normed, c.width, layer.gateWeight, g)
    try weightGradient(a.up, c.hiddenWidth, s.normed, c.width, layer.upWeight, g)
    try inputGradient(a.gate, c.hiddenWidth, layer.gateWeight, c.width, into: s.dNormed)
    try inputGradient(a.up, c.hiddenWidth, layer.upWeight, c.width, into: s.dNormed, store: .add)
    normBackward(s.dNormed, a.middle, layer.postNorm, a.postInverse, d, .add, g)
  }

  private func attentionBackward(
    _ layer: ParameterLayout.Layer, _ x: UnsafeMutablePointer<Float>, _ a: LayerActivations,
    _ d: UnsafeMutablePointer<Float>, _ s: BackwardScratch, _ g: UnsafeMutablePointer<Float>
  ) throws(OutOfMemory) {
    let c = configuration
    try inputGradient(d, c.width, layer.outputWeight, c.queryWidth, into: s.dAttention)
    try weightGradient(d, c.width, a.attention, c.queryWidth, layer.outputWeight, g)
    attention.backward(
      segments, s.attentionTasks, attentionGradients(a, s), room: s.attention)
    rotate(s.dQuery, heads: c.queryHeads, sign: -1)
    rotate(s.dKey, heads: c.keyValueHeads, sign: -1)
    if c.normalizesQueryAndKey {
      headNormBackward(
        s.dQuery, a.rawQuery, a.queryInverse, c.queryHeads, layer.queryNorm, s.dRaw, g)
      headNormBackward(s.dKey, a.rawKey, a.keyInverse, c.keyValueHeads, layer.keyNorm, s.dRaw, g)
    }
    normalize(x, weight: layer.inputNorm, into: s.normed, a.inputInverse)
    func projection(
      _ dy: UnsafeMutablePointer<Float>, _ n: Int, _ weight: Int, _ bias: Int,
      _ store: ProductStore
    ) throws(OutOfMemory) {
      try weightGradient(dy, n, s.normed, c.width, weight, g)
      if c.attentionBias && !isFrozen {
        kernels.column_sum(dy, n, g + bias, tokens, 0, n)
      }
      try inputGradient(dy, n, weight, c.width, into: s.dNormed, store: store)
    }
    try projection(s.dQuery, c.queryWidth, layer.queryWeight, layer.queryBias, .set)
    try projection(s.dKey, c.keyValueWidth, layer.keyWeight, layer.keyBias, .add)
    try projection(s.dValue, c.keyValueWidth, layer.valueWeight, layer.valueBias, .add)
    normBackward(s.dNormed, x, layer.inputNorm, a.inputInverse, d, .add, g)
  }

  private func attentionGradients(_ a: LayerActivations, _ s: BackwardScratch)
    -> Attention.Gradients
  {
    let query = configuration.queryWidth
    let keyValue = configuration.keyValueWidth
    return Attention.Gradients(
      q: Rows(a.query, stride: query), k: Rows(a.key, stride: keyValue),
      v: Rows(a.value, stride: keyValue), o: Rows(a.attention, stride: query), lse: a.logSum,
      dO: Rows(s.dAttention, stride: query), dQ: Rows(s.dQuery, stride: query),
      dK: Rows(s.dKey, stride: keyValue), dV: Rows(s.dValue, stride: keyValue),
      dPrefixK: Rows(s.dPrefixKey, stride: keyValue),
      dPrefixV: Rows(s.dPrefixValue, stride: keyValue))
  }

  /// dx from dy through a norm over the width; the weight's gradient is added at `weight`.
  func normBackward(
    _ dy: UnsafeMutablePointer<Float>, _ x: UnsafeMutablePointer<Float>, _ weight: Int,
    _ inverse: UnsafeMutablePointer<Float>, _ dx: UnsafeMutablePointer<Float>,
    _ store: ProductStore, _ g: UnsafeMutablePointer<Float>
  ) {
    let width = configuration.width
    if !isFrozen {
      products.pool.parallelRanges((width + 15) / 16) { range in
        kernels.rms_norm_weight(
          dy, x, inverse, g + weight, tokens, width, range.lowerBound * 16,
          min(width, range.upperBound * 16))
      }
    }
    products.pool.parallelRanges(tokens) { range in
      let offset = range.lowerBound * width
      kernels.rms_norm_backward(
        dy + offset, x + offset, parameters + weight, inverse + range.lowerBound, dx + offset,
        range.count, width, store.rawValue)
    }
  }

  /// The norm by head (Qwen3): d [T, heads E] in place.
  private func headNormBackward(
    _ d: UnsafeMutablePointer<Float>, _ raw: UnsafeMutablePointer<Float>,
    _ inverse: UnsafeMutablePointer<Float>, _ heads: Int, _ weight: Int,
    _ copy: UnsafeMutablePointer<Float>, _ g: UnsafeMutablePointer<Float>
  ) {
    let width = configuration.headWidth
    let rows = tokens * heads
    copy.update(from: d, count: rows * width)
    if !isFrozen {
      kernels.rms_norm_weight(copy, raw, inverse, g + weight, rows, width, 0, width)
    }
    products.pool.parallelRanges(rows) { range in
      let offset = range.lowerBound * width
      kernels.rms_norm_backward(
        copy + offset, raw + offset, parameters + weight, inverse + range.lowerBound, d + offset,
        range.count, width, ProductStore.set.rawValue)
    }
  }

  /// Only adapters are trained.
  private var isFrozen: Bool { model.adapters != nil }

  private func inputGradient(
    _ dy: UnsafeMutablePointer<Float>, _ n: Int, _ weight: Int, _ k: Int,
    into dx: UnsafeMutablePointer<Float>, store: ProductStore = .set
  ) throws(OutOfMemory) {
    let (dy, dx) = (Rows(dy, stride: n), Rows(dx, stride: k))
    try products.inputGradient(
      dy, rows: tokens, n: n, w: parameters + weight, k: k, into: dx, store: store)
    try adapterInputGradient(dy, n, weight: weight, into: dx, k)
  }

  /// Of the matrix [n, k] at `weight`, or of its adapter where it is frozen.
  private func weightGradient(
    _ dy: UnsafeMutablePointer<Float>, _ n: Int, _ x: UnsafeMutablePointer<Float>, _ k: Int,
    _ weight: Int, _ g: UnsafeMutablePointer<Float>
  ) throws(OutOfMemory) {
    let (dy, x) = (Rows(dy, stride: n), Rows(x, stride: k))
    if isFrozen {
      try adapterWeightGradient(dy, n, weight: weight, x, k, gradients: g)
    } else {
      try products.weightGradient(dy, x, rows: tokens, n: n, k: k, into: g + weight)
    }
  }
}
