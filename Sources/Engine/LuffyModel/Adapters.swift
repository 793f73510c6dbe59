import LuffyKernels
internal import LuffyTensor

/// The trained matrices of an adapted model, and where each linear layer finds its two.
final class Adapters: @unchecked Sendable {  // guarded as the model's parameters are
  /// Offsets in the adapters' store.
  struct Pair {
    /// [rank, in] and [out, rank].
    let down: Int
    let up: Int
  }

  let options: AdapterOptions
  let layout: ParameterLayout
  let values: Buffer<Float>.Owner
  let packed: PackedWeights
  /// By the offset of the frozen matrix.
  private let pairs: [Int: Pair]

  init(
    _ options: AdapterOptions, on base: ParameterLayout, _ precision: Precision, arena: Arena
  ) throws {
    try options.validate()
    self.options = options
    var layout = ParameterLayout()
    pairs = layout.addAdapters(options, on: base)
    self.layout = layout
    values = try Buffer<Float>.Owner(zeros: layout.count, in: arena)
    packed = try PackedWeights(PackedWeights.matrices(layout, precision), arena: arena)
    initialize()
  }

  /// Nil where the matrix at `weight` has no adapter.
  subscript(weight: Int) -> Pair? { pairs[weight] }

  /// A is uniform in ±1/√in, which is PEFT's range; B stays zero.
  private func initialize() {
    let random = Philox(seed: options.seed)
    // A and B alternate.
    for (index, entry) in layout.entries.enumerated() where index % 2 == 0 {
      let bound = 1 / Double(entry.shape[1]).squareRoot()
      let target = values.pointer + entry.offset
      Threads.pool.parallelFor(entry.count) { element in
        let draw = random.uniform(
          UInt32(truncatingIfNeeded: element), UInt32(truncatingIfNeeded: index), 2, 0)
        target[element] = Float((2 * draw - 1) * bound)
      }
    }
  }
}

extension ParameterLayout {
  /// Of adapters alone.
  init(adapting base: ParameterLayout, _ options: AdapterOptions) {
    self.init()
    _ = addAdapters(options, on: base)
  }

  /// Adds A and B of every target, under PEFT's names, layer by layer.
  fileprivate mutating func addAdapters(
    _ options: AdapterOptions, on base: ParameterLayout
  ) -> [Int: Adapters.Pair] {
    var pairs: [Int: Adapters.Pair] = [:]
    for entry in base.entries {
      let parts = entry.name.split(separator: ".")
      guard parts.last == "weight",
        let target = AdapterTarget(rawValue: String(parts.dropLast().last ?? "")),
        options.targets.contains(target)
      else { continue }
      let name = "base_model.model." + parts.dropLast().joined(separator: ".")
      pairs[entry.offset] = Adapters.Pair(
        down: add(name + ".lora_A.weight", [options.rank, entry.shape[1]]),
        up: add(name + ".lora_B.weight", [entry.shape[0], options.rank]))
    }
    return pairs
  }
}
