internal import CLuffySIMD
import LuffyKernels
internal import LuffyTensor

/// Packed sequences through the model with what the backward pass needs.
///
/// Kept activations cost about (3 D + 2 (H + K) E + 2 F) floats a token and layer; with `recomputing` only each
/// layer's input is kept (D floats) and its forward half runs again, to the same bits, before its backward half; nor are
/// logits kept.
package final class TrainingPass {
  /// Which rows the head sees: one row predicts one target.
  package struct Prediction {
    /// Token row of the pass.
    package var row: Int
    package var target: Int32
    /// Logits are divided by it.
    package var temperature: Float

    package init(row: Int, target: Int32, temperature: Float) {
      self.row = row
      self.target = target
      self.temperature = temperature
    }

    var headTarget: LogProbHead.Target {
      LogProbHead.Target(id: target, inverseTemperature: 1 / temperature)
    }
  }

  private let model: Model
  private let workspace: Workspace
  private let ids: [Int32]
  private let blocks: TrainingBlocks
  private let layers: LayerPass
  private let recomputing: Bool
  private let layout: LayerActivations.Layout
  private let store: UnsafeMutablePointer<Float>
  private let isCancelled: () -> Bool

  /// Tokens of the sequences lie one after another.
  package init(
    _ model: Model, _ workspace: Workspace, sequences: [PackedSequence], keeping: Bool,
    recomputing: Bool = false, isCancelled: @escaping () -> Bool = { false }
  ) throws {
    self.model = model
    self.workspace = workspace
    self.recomputing = recomputing || !keeping
    self.isCancelled = isCancelled
    ids = sequences.flatMap(\.ids)
    let c = model.configuration
    blocks = try TrainingBlocks(
      sequences, KeyValueBlockShape(c, model.precision), workspace.keyValues)
    layers = try LayerPass(model, workspace, blocks.segments, tokens: ids.count)
    layout = LayerActivations.Layout(c, tokens: ids.count)
    inputs = Self.inputs(c, keeping: keeping)
    store = try workspace.activations.take(
      Self.storeFloats(c, tokens: ids.count, keeping: keeping, recomputing: self.recomputing))
  }

  /// Inputs of layers that are held.
  private let inputs: Int

  private static func inputs(_ c: ModelConfiguration, keeping: Bool) -> Int {
    keeping ? c.layers + 1 : 2
  }

  /// The inputs, the layers' activations, the normed output and its gradient, the last norm's factors.
  static func storeFloats(
    _ c: ModelConfiguration, tokens: Int, keeping: Bool, recomputing: Bool
  ) -> Int {
    let sets = recomputing ? 1 : c.layers
    return (inputs(c, keeping: keeping) + 2) * tokens * c.width
      + sets * LayerActivations.Layout(c, tokens: tokens).count + tokens
  }

  private var stream: Int { ids.count * model.configuration.width }

  /// The input of a layer; of index L, the output of the last.
  private func input(_ layer: Int) -> UnsafeMutablePointer<Float> {
    store + layer % inputs * stream
  }

  private func activations(_ layer: Int) -> LayerActivations {
    let index = recomputing ? 0 : layer
    return LayerActivations(
      layout, tokens: ids.count, start: store + inputs * stream + index * layout.count)
  }

  private var afterLayers: UnsafeMutablePointer<Float> {
    store + inputs * stream + (recomputing ? 1 : model.configuration.layers) * layout.count
  }

  /// Log-probs and entropies of some predictions, in their order.
  package struct Scores {
    package var logProbs: [Float]
    package var entropies: [Float]

    init(_ scores: LogProbHead.Scores) {
      logProbs = scores.logProbs
      entropies = scores.statistics.map(\.entropy)
    }
  }

  /// What a loss says of some predictions, in their order.
  package struct ScoreGradients {
    package var dLogProbs: [Float]
    package var dEntropies: [Float]

    package init(dLogProbs: [Float], dEntropies: [Float]) {
      self.dLogProbs = dLogProbs
      self.dEntropies = dEntropies
    }
  }

  /// Scores of the predictions, without a way back.
  package func score(_ predictions: [Prediction]) throws -> Scores {
    try forwardLayers()
    return Scores(
      try head.forward(
        try gatheredRows(predictions), targets: predictions.map(\.headTarget),
        keepingLogits: false))
  }

  /// Adds Σ dLogProb ∂logprob/∂θ + Σ dEntropy ∂entropy/∂θ to the model's gradients.
  ///
  /// - Parameters:
  ///   - units: how many predictions, one after another, are given their gradients together.
  ///   - loss: called with the scores of whole units, in order, each prediction once.
  package func train(
    _ predictions: [Prediction], units: [Int],
    loss: (_ predictions: Range<Int>, Scores) throws -> ScoreGradients
  ) throws {
    let gradients = try model.gradientsToAddTo()
    try forwardLayers()
    let rows = try gatheredRows(predictions)
    let dRows = rows + predictions.count * model.configuration.width
    let head = head
    let spans = LogProbHead.spans(
      of: units, vocabulary: model.configuration.vocabularySize, recomputing: recomputing)
    for span in spans {
      if isCancelled() { throw ModelError.cancelled }
      let offset = span.predictions.lowerBound * model.configuration.width
      let targets = predictions[span.predictions].map(\.headTarget)
      let scores = try head.forward(
        rows + offset, targets: targets, keepingLogits: span.keepsLogits)
      let result = try loss(span.predictions, Scores(scores))
      let each = targets.enumerated().map { index, target in
        LogProbHead.RowGradient(
          target: target, dLogProb: result.dLogProbs[index],
          dEntropy: result.dEntropies[index], statistics: scores.statistics[index])
      }
      try head.backward(
        rows + offset, each, keptLogits: span.keepsLogits, into: dRows + offset,
        dWeight: model.adapters == nil ? gradients + model.layout.head : nil)
    }
    try backwardLayers(predictions, dRows, gradients)
  }

  private var head: LogProbHead { LogProbHead(model: model, workspace: workspace) }

  // MARK: Layers

  /// Embedding, layers and the last norm.
  private func forwardLayers() throws {
    ids.withUnsafeBufferPointer { ids in
      if let start = ids.baseAddress { layers.embed(start, into: input(0)) }
    }
    for layer in 0..<model.configuration.layers {
      if isCancelled() { throw ModelError.cancelled }
      try forward(layer, into: input(layer + 1))
    }
    if isCancelled() { throw ModelError.cancelled }
    layers.finalNorm(
      input(model.configuration.layers), into: afterLayers, afterLayers + 2 * stream)
  }

  private func forward(_ layer: Int, into y: UnsafeMutablePointer<Float>) throws {
    try layers.forward(layer: layer, x: input(layer), activations(layer), layerOffset: 0, into: y)
  }

  /// The normed rows that predict, one after another; twice as much room, for their gradients.
  private func gatheredRows(
    _ predictions: [Prediction]
  ) throws -> UnsafeMutablePointer<Float> {
    let width = model.configuration.width
    let rows = try workspace.head.take(2 * predictions.count * width)
    for (index, prediction) in predictions.enumerated() {
      (rows + index * width).update(from: afterLayers + prediction.row * width, count: width)
    }
    return rows
  }

  /// From the gradients of the rows that predict, [predictions, D], to the embedding.
  private func backwardLayers(
    _ predictions: [Prediction], _ dRows: UnsafeMutablePointer<Float>,
    _ gradients: UnsafeMutablePointer<Float>
  ) throws {
    let c = model.configuration
    let normed = afterLayers
    let d = normed + stream
    // The last norm's gradient; its own backward reads it and writes d.
    normed.update(repeating: 0, count: stream)
    let kernels = workspace.products.kernels
    for (index, prediction) in predictions.enumerated() {
      kernels.add(normed + prediction.row * c.width, dRows + index * c.width, c.width)
    }
    layers.normBackward(
      normed, input(c.layers), model.layout.finalNorm, normed + 2 * stream, d, .set, gradients)
    let scratch = try BackwardScratch(
      c, blocks.segments, threads: workspace.products.pool.threads, in: workspace.gradients)
    for layer in (0..<c.layers).reversed() {
      if isCancelled() { throw ModelError.cancelled }
      if recomputing {
        try layers.activate(layer: layer, x: input(layer), activations(layer), layerOffset: 0)
      }
      try layers.backward(
        layer: layer, x: input(layer), activations(layer), d, scratch, gradients: gradients)
    }
    if model.adapters == nil { embeddingBackward(d, gradients) }
  }

  private func embeddingBackward(
    _ d: UnsafeMutablePointer<Float>, _ gradients: UnsafeMutablePointer<Float>
  ) {
    let width = model.configuration.width
    let table = gradients + model.layout.embedding
    let kernels = workspace.products.kernels
    for (row, id) in ids.enumerated() {
      kernels.add(table + Int(id) * width, d + row * width, width)
    }
  }
}
