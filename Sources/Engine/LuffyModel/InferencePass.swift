internal import LuffyTensor

/// New tokens of several sequences through the model, their keys and values left in the sequences' blocks.
package struct InferencePass {
  /// One sequence's share of a pass.
  package struct Part {
    /// The new tokens.
    package var ids: [Int32]
    /// The position of the first of them.
    package var position: Int
    /// Blocks for all positions up to the last new one.
    package var blocks: [KeyValuePool.Block]

    package init(ids: [Int32], position: Int, blocks: [KeyValuePool.Block]) {
      self.ids = ids
      self.position = position
      self.blocks = blocks
    }
  }

  private let model: Model
  private let workspace: Workspace

  package init(_ model: Model, _ workspace: Workspace) {
    self.model = model
    self.workspace = workspace
  }

  /// Logits [parts, V] of each part's last token, of the rows of the vocabulary below the mask's limit; valid until the workspace's next pass.
  package func run(
    _ parts: [Part], isCancelled: () -> Bool
  ) throws -> UnsafeMutablePointer<Float> {
    let table = parts.flatMap(\.blocks)
    return try table.withUnsafeBufferPointer { table in
      guard let start = table.baseAddress else { throw ModelError.argument("nothing to run") }
      var segments: [Segment] = []
      var row = 0
      var block = 0
      for part in parts {
        segments.append(
          Segment(
            row: row, count: part.ids.count, position: part.position, blocks: start + block))
        row += part.ids.count
        block += part.blocks.count
      }
      return try run(segments, ids: parts.flatMap(\.ids), isCancelled)
    }
  }

  private func run(
    _ segments: [Segment], ids: [Int32], _ isCancelled: () -> Bool
  ) throws -> UnsafeMutablePointer<Float> {
    let c = model.configuration
    let tokens = ids.count
    let stream = tokens * c.width
    let layout = LayerActivations.Layout(c, tokens: tokens)
    let pass = try LayerPass(model, workspace, segments, tokens: tokens)
    let store = try workspace.activations.take(2 * stream + layout.count)
    let activations = LayerActivations(layout, tokens: tokens, start: store + 2 * stream)
    var x = store
    var y = store + stream
    ids.withUnsafeBufferPointer { ids in
      if let start = ids.baseAddress { pass.embed(start, into: x) }
    }
    let layerFloats = pass.attention.shape.layerFloats
    for layer in 0..<c.layers {
      if isCancelled() { throw ModelError.cancelled }
      try pass.forward(layer: layer, x: x, activations, layerOffset: layer * layerFloats, into: y)
      swap(&x, &y)
    }
    pass.finalNorm(x, into: y, activations.inputInverse)
    return try logits(segments, y)
  }

  private func logits(
    _ segments: [Segment], _ normed: UnsafeMutablePointer<Float>
  ) throws -> UnsafeMutablePointer<Float> {
    let c = model.configuration
    let rows = try workspace.head.take(segments.count * c.width)
    for (index, segment) in segments.enumerated() {
      (rows + index * c.width).update(
        from: normed + (segment.row + segment.count - 1) * c.width, count: c.width)
    }
    let logits = try workspace.logits.take(segments.count * c.vocabularySize)
    try LogProbHead(model: model, workspace: workspace, inverseTemperature: 1)
      .logits(rows, rows: segments.count, into: logits)
    return logits
  }
}

extension Model {
  /// Log-sum-exp and entropy of one row of logits [V], by the blocks that scoring uses.
  package func statistics(
    ofLogits logits: UnsafePointer<Float>, inverseTemperature: Float, _ workspace: Workspace
  ) -> HeadStatistics {
    LogProbHead.statistics(
      of: logits, vocabulary, inverseTemperature: inverseTemperature,
      kernels: workspace.products.kernels)
  }
}
