import LuffyKernels
import LuffyModel

/// The memory of a trainer and its updates, and the options with which they fit a limit.
struct UpdateMemory {
  let shape: ModelShape
  /// Another model's own weights, for KL terms; the base of adapters costs nothing.
  let hasReference: Bool
  let options: TrainerOptions

  init(shape: ModelShape, hasReference: Bool, options: TrainerOptions) {
    self.shape = shape
    self.hasReference = hasReference
    self.options = options
  }

  init(_ model: Model, _ reference: Model?, _ options: TrainerOptions) {
    self.init(
      shape: ModelShape(
        model.configuration, model.precision, threads: Threads.pool.threads,
        adapters: model.adapterOptions),
      hasReference: reference.map { !$0.sharesParameters(with: model) } ?? false,
      options: options)
  }

  /// Weights, adapters and their panels.
  var weightBytes: Int {
    let adapters = shape.adapters == nil ? 0 : shape.trainedBytes + shape.adapterPackedBytes
    return (hasReference ? 2 : 1) * (shape.storeBytes + shape.packedBytes) + adapters
  }

  /// Weights and panels, gradients and two moments; a copy of weights and moments where a step has several updates.
  var heldBytes: Int {
    weightBytes + (3 + (options.updatesPerStep > 1 ? 3 : 0)) * shape.trainedBytes
  }

  /// The micro-batches that some options cut rows into, each kind once.
  typealias MicroBatches = (TrainerOptions) -> [PassLengths]

  /// Scratch of the passes over some micro-batches.
  ///
  /// - Throws: `TrainerError.memory` where it is more than can be counted.
  func scratch(_ batches: MicroBatches) throws(TrainerError) -> PassMemory {
    var memory = PassMemory()
    for lengths in batches(options) {
      guard shape.canMeasure(lengths) else {
        throw .memory("micro-batches of \(lengths.tokens) tokens would need more than 2^60 bytes")
      }
      memory = memory.union(
        .training(
          shape, lengths, keeping: true, recomputing: options.recomputesActivations))
    }
    return memory
  }

  /// The micro-batches of rows that are there.
  static func microBatches(_ rows: [TrainingRows.Row]) -> MicroBatches {
    { options in
      RowPacking.microBatches(
        rows, budget: options.microBatchTokens, sharesPrompts: options.sharesPrompts
      ).map { batch in
        let packing = RowPacking(Array(rows[batch]), sharesPrompts: options.sharesPrompts)
        return PassLengths(packing.sequences, predictions: rows[batch].map(\.response.count))
      }
    }
  }

  /// The micro-batches of rows that are only planned.
  static func microBatches(_ rows: UniformRows) -> MicroBatches {
    { options in
      rows.microBatches(budget: options.microBatchTokens, sharesPrompts: options.sharesPrompts)
        .map { rows.lengths($0) }
    }
  }

  /// The options of a step: as given where they fit, else with smaller micro-batches, else with recomputed activations.
  ///
  /// - Throws: `TrainerError.memory` with the bytes of the leanest way.
  func fitted(_ batches: MicroBatches) throws(TrainerError) -> TrainerOptions {
    guard let limit = options.memoryLimit else { return options }
    var least = Int.max
    for candidate in candidates {
      let memory = UpdateMemory(shape: shape, hasReference: hasReference, options: candidate)
      let bytes = memory.heldBytes + (try memory.scratch(batches).bytes)
      if bytes <= limit { return candidate }
      least = min(least, bytes)
    }
    throw Self.refusal("this step", needs: least, limit)
  }

  /// Refuses a trainer whose weights, gradients and moments alone are too much.
  func check() throws(TrainerError) {
    if let limit = options.memoryLimit, heldBytes > limit {
      throw Self.refusal("weights, gradients and moments", needs: heldBytes, limit)
    }
  }

  private static func refusal(_ what: String, needs bytes: Int, _ limit: Int) -> TrainerError {
    .memory("\(what) would need \(bytes) bytes; memory_limit is \(limit)")
  }

  private static let smallestBatch = 256

  private var candidates: [TrainerOptions] {
    var all: [TrainerOptions] = []
    for recomputes in options.recomputesActivations ? [true] : [false, true] {
      var candidate = options
      candidate.recomputesActivations = recomputes
      all.append(candidate)
      while candidate.microBatchTokens > Self.smallestBatch {
        candidate.microBatchTokens = max(Self.smallestBatch, candidate.microBatchTokens / 2)
        all.append(candidate)
      }
    }
    // The leanest: every row alone.
    all.append(all[all.count - 1])
    all[all.count - 1].microBatchTokens = 1
    return all
  }
}
