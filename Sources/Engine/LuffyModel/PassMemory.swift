package import LuffyTensor

/// Scratch memory that a pass takes from its workspace, and the model's rotary table, in floats, before anything is
/// allocated.
///
/// Each number is a bound that the pass reaches but for the rounding of small products, which run on one thread.
package struct PassMemory: Sendable, Equatable {
  var activations = 0
  var streams = 0
  var gradients = 0
  var keyValues = 0
  var logits = 0
  var head = 0
  var packedRows = 0
  var panels = 0
  var rotary = 0
  var adapters = 0

  package init() {}

  package var bytes: Int {
    Self.parts.reduce(0) { $0 + 4 * self[keyPath: $1] }
  }

  /// What a workspace holds after both.
  package func union(_ other: PassMemory) -> PassMemory {
    var both = PassMemory()
    for part in Self.parts { both[keyPath: part] = max(self[keyPath: part], other[keyPath: part]) }
    return both
  }

  private static var parts: [WritableKeyPath<PassMemory, Int>] {
    [
      \.activations, \.streams, \.gradients, \.keyValues, \.logits, \.head, \.packedRows, \.panels,
      \.rotary, \.adapters,
    ]
  }

  /// A packed pass without or with its backward half.
  ///
  /// The lengths are those that `ModelShape.canMeasure` allows.
  package static func training(
    _ model: ModelShape, _ lengths: PassLengths, keeping: Bool, recomputing: Bool
  ) -> PassMemory {
    let c = model.configuration
    let tokens = lengths.tokens
    var memory = layers(model, tokens: tokens)
    memory.activations = TrainingPass.storeFloats(
      c, tokens: tokens, keeping: keeping, recomputing: recomputing || !keeping)
    memory.keyValues =
      lengths.blocks * KeyValueBlockShape(c, model.precision).layerFloats
    memory.rotary = RotaryTable.floats(c, positions: lengths.positions)
    let predictions = lengths.predictions
    memory.head = 2 * predictions * c.width
    let spans =
      keeping
      ? LogProbHead.spans(of: lengths, vocabulary: c.vocabularySize, recomputing: recomputing)
      : [LogProbHead.Span(predictions: 0..<predictions, keepsLogits: false)]
    memory.logits = spans.map { $0.floats(vocabulary: c.vocabularySize) }.reduce(0, max)
    let rows = spans.map(\.rows).reduce(0, max)
    memory.packedRows = max(memory.packedRows, rows * model.depth(c.width))
    if !keeping { return memory }
    memory.gradients = BackwardScratch.Size(
      c, sequences: lengths.sequences, threads: model.threads
    ).counts.reduce(0, +)
    let widest = model.widest
    let columns = min(LogProbHead.block, c.vocabularySize)
    let stretch = min(MatrixProducts.contraction, max(tokens, rows))
    memory.packedRows = [
      memory.packedRows, tokens * model.depth(widest), widest * model.depth(stretch),
      rows * model.depth(columns), columns * model.depth(min(MatrixProducts.contraction, rows)),
    ].reduce(0, max)
    memory.panels = model.threads * 32 * max(widest, stretch, columns)
    return memory
  }

  /// New tokens of some sequences, of up to so many positions, and the logits of each sequence's last.
  package static func inference(
    _ model: ModelShape, tokens: Int, sequences: Int, positions: Int
  ) -> PassMemory {
    let c = model.configuration
    var memory = layers(model, tokens: tokens)
    memory.activations =
      2 * tokens * c.width + LayerActivations.Layout(c, tokens: tokens).count
    memory.head = sequences * c.width
    memory.logits = sequences * c.vocabularySize
    memory.rotary = RotaryTable.floats(c, positions: positions)
    return memory
  }

  private static func layers(_ model: ModelShape, tokens: Int) -> PassMemory {
    let c = model.configuration
    var memory = PassMemory()
    let widest = model.widest
    memory.streams = LayerPass.scratchFloats(c, tokens: tokens, threads: model.threads)
    memory.packedRows = tokens * model.depth(widest)
    memory.panels = model.threads * 32 * widest
    if let adapters = model.adapters {
      memory.adapters = LayerPass.adapterFloats(rank: adapters.rank, tokens: tokens)
    }
    return memory
  }
}

/// What the memory of a model's passes depends on.
package struct ModelShape: Sendable {
  package let configuration: ModelConfiguration
  package let precision: Precision
  package let threads: Int
  package let adapters: AdapterOptions?
  /// Bytes of one copy of the parameters.
  package let storeBytes: Int
  /// Bytes of one copy of what is trained: gradients, or a moment.
  package let trainedBytes: Int
  /// Bytes of the adapters' panels.
  package let adapterPackedBytes: Int
  /// Bytes of the panels of all matrices.
  package let packedBytes: Int
  /// Parameters of matrices that every token is multiplied by; the head counts, a separate embedding does not.
  package let matrixParameters: Int

  /// Of a configuration that is valid: no number of it comes near the end of `Int`.
  package init(
    _ configuration: ModelConfiguration, _ precision: Precision, threads: Int,
    adapters: AdapterOptions? = nil
  ) {
    self.configuration = configuration
    self.precision = precision
    self.threads = threads
    let layout = ParameterLayout(configuration)
    let panels = PackedWeights.matrices(layout, precision)
    storeBytes = 4 * layout.count
    packedBytes = 4 * panels.count
    self.adapters = adapters
    let trained = adapters.map { ParameterLayout(adapting: layout, $0) }
    trainedBytes = 4 * (trained ?? layout).count
    adapterPackedBytes = 4 * (trained.map { PackedWeights.matrices($0, precision).count } ?? 0)
    matrixParameters = panels.matrices.reduce(0) { $0 + $1.n * $1.k }
  }

  /// Columns of the widest rows that products read.
  var widest: Int { max(LayerPass.widest(configuration), adapters?.rank ?? 0) }

  func depth(_ k: Int) -> Int { MatrixProducts.workingDepth(k, precision) }

  /// Bytes of one block of 32 positions' keys and values, all layers.
  package var blockBytes: Int {
    4 * KeyValueBlockShape(configuration, precision).layerFloats * configuration.layers
  }
}
