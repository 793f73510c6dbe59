internal import CLuffySIMD
import LuffyKernels
internal import LuffyTensor

/// Packed sequences through the model with what the backward pass needs.
///
/// Kept activations cost about (3 D + 2 (H + K) E + 2 F) floats a token and layer; with `recomputing` only each
/// layer's input is kept (D floats) and its forward half runs again, to the same bits, before its backward half.
package final class TrainingPass {
  /// Which rows the head sees: one row predicts one target.
  package struct Prediction {
    /// Token row of the pass.
    package var row: Int
    package var target: Int32

    package init(row: Int, target: Int32) {
      self.row = row
      self.target = target
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
  private var predictions: [Prediction] = []
  private var statistics: [HeadStatistics] = []
  private var inverseTemperature: Float = 1
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
    blocks = try TrainingBlocks(sequences, c, workspace.keyValues)
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

  /// Log-probs and entropies of the predictions, in their order.
  package func forward(
    _ predictions: [Prediction], temperature: Float
  ) throws -> (logProbs: [Float], entropies: [Float]) {
    self.predictions = predictions
    inverseTemperature = 1 / temperature
    ids.withUnsafeBufferPointer { ids in
      if let start = ids.baseAddress { layers.embed(start, into: input(0)) }
    }
    for layer in 0..<model.configuration.layers {
      if isCancelled() { throw ModelError.cancelled }
      try forward(layer, into: input(layer + 1))
    }
    if isCancelled() { throw ModelError.cancelled }
    let normed = afterLayers
    layers.finalNorm(input(model.configuration.layers), into: normed, normed + 2 * stream)
    var logProbs: [Float] = []
    try head.forward(
      try gatheredRows(normed), targets: predictions.map(\.target), logProbs: &logProbs,
      statistics: &statistics)
    return (logProbs, statistics.map(\.entropy))
  }

  private func forward(_ layer: Int, into y: UnsafeMutablePointer<Float>) throws {
    try layers.forward(layer: layer, x: input(layer), activations(layer), layerOffset: 0, into: y)
  }

  private var head: LogProbHead {
    LogProbHead(model: model, workspace: workspace, inverseTemperature: inverseTemperature)
  }

  /// The normed rows that predict, one after another; twice as much room for their gradients.
  private func gatheredRows(
    _ normed: UnsafeMutablePointer<Float>
  ) throws -> UnsafeMutablePointer<Float> {
    let width = model.configuration.width
    let rows = try workspace.head.take(2 * predictions.count * width)
    for (index, prediction) in predictions.enumerated() {
      (rows + index * width).update(from: normed + prediction.row * width, count: width)
    }
    return rows
  }

  /// Adds Σ dLogProb ∂logprob/∂θ + Σ dEntropy ∂entropy/∂θ to the model's gradients.
  package func backward(dLogProbs: [Float], dEntropies: [Float]) throws {
    let c = model.configuration
    let gradients = try model.gradientsToAddTo()
    let normed = afterLayers
    let d = normed + stream
    try headBackward(dLogProbs, dEntropies, into: d, gradients)
    // d now holds ∂/∂normed; the norm's own backward writes over a copy.
    normed.update(from: d, count: stream)
    layers.normBackward(
      normed, input(c.layers), model.layout.finalNorm, normed + 2 * stream, d, .set, gradients)
    let shared = blocks.segments.reduce(0) { $0 + $1.sharedPositions }
    let scratch = try BackwardScratch(
      c, tokens: ids.count, sharedPositions: shared, in: workspace.gradients)
    for layer in (0..<c.layers).reversed() {
      if isCancelled() { throw ModelError.cancelled }
      if recomputing { try forward(layer, into: normed) }
      try layers.backward(
        layer: layer, x: input(layer), activations(layer), d, scratch, gradients: gradients)
    }
    embeddingBackward(d, gradients)
  }

  private func headBackward(
    _ dLogProbs: [Float], _ dEntropies: [Float], into d: UnsafeMutablePointer<Float>,
    _ gradients: UnsafeMutablePointer<Float>
  ) throws {
    let width = model.configuration.width
    let rows = try gatheredRows(afterLayers)
    let dRows = rows + predictions.count * width
    let each = predictions.indices.map { index in
      LogProbHead.RowGradient(
        target: predictions[index].target, dLogProb: dLogProbs[index],
        dEntropy: dEntropies[index], statistics: statistics[index])
    }
    try head.backward(rows, each, into: dRows, dWeight: gradients + model.layout.head)
    d.update(repeating: 0, count: stream)
    let kernels = workspace.products.kernels
    for (index, prediction) in predictions.enumerated() {
      kernels.add(d + prediction.row * width, dRows + index * width, width)
    }
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
