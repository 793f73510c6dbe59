internal import CLuffySIMD
import LuffyKernels
internal import LuffyTensor

/// Adapters of a pass: y += scale · (x Aᵀ) Bᵀ, and their backward pass.
///
/// The narrow rows x Aᵀ are scaled before they meet B, in every pass, so that sampling and scoring have the same bits.
extension LayerPass {
  /// Frozen matrix [columns, in] whose output [T, columns] an adapter adds to.
  struct Adapted {
    let weight: Int
    let columns: Int
    let output: UnsafeMutablePointer<Float>

    init(_ weight: Int, _ columns: Int, into output: UnsafeMutablePointer<Float>) {
      self.weight = weight
      self.columns = columns
      self.output = output
    }
  }

  /// Matrices that meet the same rows, at most.
  static var adaptersAtOnce: Int { 3 }

  /// Floats of narrow rows: of one stretch for each matrix that meets the same rows.
  static func adapterFloats(rank: Int, tokens: Int) -> Int {
    adaptersAtOnce * narrowFloats(rank: rank, tokens: tokens)
  }

  private static func narrowFloats(rank: Int, tokens: Int) -> Int {
    (tokens * rank + 15) / 16 * 16
  }

  /// Adds the adapters' share to the outputs of up to three matrices that the rows `x` have met; the rows are not packed
  /// afterwards. The list is only made where there are adapters: other models allocate nothing here.
  func adapt(
    _ x: MatrixProducts.PackedRows, _ targets: @autoclosure () -> [Adapted]
  ) throws(OutOfMemory) {
    guard let adapters = model.adapters else { return }
    let rank = adapters.options.rank
    var linears: [MatrixProducts.Linear] = []
    var rises: [(pair: Adapters.Pair, target: Adapted, rows: UnsafeMutablePointer<Float>)] = []
    for target in targets() {
      guard let pair = adapters[target.weight] else { continue }
      let rows = narrowRows(linears.count, rank)
      linears.append(
        .init(packed: adapters.packed[pair.down], n: rank, into: Rows(rows, stride: rank)))
      rises.append((pair, target, rows))
    }
    guard let first = linears.first else { return }
    try products.forward(
      x,
      .init(
        first, linears.count > 1 ? linears[1] : nil, linears.count > 2 ? linears[2] : nil))
    for rise in rises {
      let rows = try products.packRows(Rows(rise.rows, stride: rank), rows: tokens, k: rank) {
        scale(rise.rows, $0, adapters.options)
      }
      let n = rise.target.columns
      try products.forward(
        rows,
        .init(
          .init(
            packed: adapters.packed[rise.pair.up], n: n,
            into: Rows(rise.target.output, stride: n), store: .add)))
    }
  }

  /// dx [T, k] += scale · (dy B) A.
  func adapterInputGradient(
    _ dy: Rows, _ n: Int, weight: Int, into dx: Rows, _ k: Int
  ) throws(OutOfMemory) {
    guard let adapters = model.adapters, let pair = adapters[weight] else { return }
    let rank = adapters.options.rank
    let narrow = try narrowGradient(dy, n, pair, adapters)
    try products.inputGradient(
      narrow, rows: tokens, n: rank, w: adapters.values.pointer + pair.down, k: k, into: dx,
      store: .add)
  }

  /// dB += scale · dyᵀ (x Aᵀ) and dA += scale · (dy B)ᵀ x.
  func adapterWeightGradient(
    _ dy: Rows, _ n: Int, weight: Int, _ x: Rows, _ k: Int,
    gradients: UnsafeMutablePointer<Float>
  ) throws(OutOfMemory) {
    guard let adapters = model.adapters, let pair = adapters[weight] else { return }
    let rank = adapters.options.rank
    let narrow = narrowRows(0, rank)
    try products.forward(
      x, rows: tokens, k: k, packed: adapters.packed[pair.down], n: rank,
      into: Rows(narrow, stride: rank))
    scale(narrow, 0..<tokens, adapters.options)
    try products.weightGradient(
      dy, Rows(narrow, stride: rank), rows: tokens, n: n, k: rank, into: gradients + pair.up)
    try products.weightGradient(
      try narrowGradient(dy, n, pair, adapters), x, rows: tokens, n: rank, k: k,
      into: gradients + pair.down)
  }

  /// scale · dy B, [T, rank].
  private func narrowGradient(
    _ dy: Rows, _ n: Int, _ pair: Adapters.Pair, _ adapters: Adapters
  ) throws(OutOfMemory) -> Rows {
    let rank = adapters.options.rank
    let narrow = narrowRows(0, rank)
    try products.inputGradient(
      dy, rows: tokens, n: n, w: adapters.values.pointer + pair.up, k: rank,
      into: Rows(narrow, stride: rank))
    scale(narrow, 0..<tokens, adapters.options)
    return Rows(narrow, stride: rank)
  }

  private func narrowRows(_ index: Int, _ rank: Int) -> UnsafeMutablePointer<Float> {
    adapterRoom + index * Self.narrowFloats(rank: rank, tokens: tokens)
  }

  private func scale(
    _ narrow: UnsafeMutablePointer<Float>, _ rows: Range<Int>, _ options: AdapterOptions
  ) {
    let factor = options.scale
    for index in rows.lowerBound * options.rank..<rows.upperBound * options.rank {
      narrow[index] *= factor
    }
  }
}
