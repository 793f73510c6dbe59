import LuffyKernels
public import LuffyTensor

/// A language model: its configuration, its parameters, and what scores, differentiates and decodes them.
///
/// Reading (scoring, generating) may happen on several threads at once; changing parameters or gradients may not
/// happen beside anything else. The C API's handles enforce it.
public final class Model: @unchecked Sendable {
  public let configuration: ModelConfiguration
  /// Of its matrix products; parameters, gradients and moments are float32 always.
  public let precision: Precision
  package let layout: ParameterLayout
  package let arena: Arena
  /// All parameters, float32, in the layout's order.
  package let values: Buffer<Float>.Owner
  let packed: PackedWeights
  /// What is trained in place of the parameters, which are then frozen and those of another model too.
  let adapters: Adapters?
  /// Another number whenever parameters have changed.
  package private(set) var version = 0
  private let gradientStore = Guarded<GradientStore>(GradientStore())
  private let rotary = Guarded<RotaryTable?>(nil)
  private let workspaces = Guarded<[Workspace]>([])
  /// Changing them excludes every other use of the model, as changing parameters does.
  package var companions = ModelCompanions() {
    didSet { vocabulary = currentVocabulary }
  }
  /// The rows of the vocabulary that take part in the softmax.
  package private(set) var vocabulary: VocabularyMask

  /// Weights drawn from N(0, initializer_range²), norms one, biases zero.
  public convenience init(
    configuration: ModelConfiguration, seed: UInt64 = 0, precision: Precision = .float32
  ) throws {
    try self.init(uninitialized: configuration, precision: precision)
    initialize(seed: seed)
  }

  /// Parameters are whatever the memory held: the caller fills `values`, then calls `parametersDidChange`.
  package init(
    uninitialized configuration: ModelConfiguration, precision: Precision = .float32
  ) throws {
    try configuration.validate()
    self.configuration = configuration
    self.precision = precision
    vocabulary = VocabularyMask(all: configuration.vocabularySize)
    layout = ParameterLayout(configuration)
    arena = Arena()
    values = try Buffer<Float>.Owner(zeros: layout.count, in: arena)
    packed = try PackedWeights(PackedWeights.matrices(layout, precision), arena: arena)
    adapters = nil
  }

  /// A model that computes `base` with new adapters on it and trains only these.
  ///
  /// The parameters are `base`'s own, not a copy: `base` goes on as the model without adapters, π_ref of a KL term. While
  /// both are in use, neither's parameters may change, but for the adapters.
  /// - Throws: `ModelError.argument` for options out of range or a base that has adapters itself; `OutOfMemory`.
  public init(adapting base: Model, _ options: AdapterOptions = AdapterOptions()) throws {
    if base.adapters != nil {
      throw ModelError.argument("the base has adapters already: adapt the model below them")
    }
    configuration = base.configuration
    precision = base.precision
    layout = base.layout
    arena = base.arena
    values = base.values
    packed = base.packed
    vocabulary = base.vocabulary
    adapters = try Adapters(options, on: base.layout, base.precision, arena: base.arena)
    companions = base.companions
  }

  /// Nil for a model that is trained whole.
  public var adapterOptions: AdapterOptions? { adapters?.options }

  private var currentVocabulary: VocabularyMask {
    let size = configuration.vocabularySize
    let all = VocabularyMask(all: size)
    guard companions.limitsVocabulary, let ids = companions.tokenIDs else { return all }
    return VocabularyMask(ids: ids, of: size) ?? all
  }

  // MARK: Parameters

  public var parameterNames: [String] { layout.entries.map(\.name) }

  /// The number of parameters, without padding.
  public var parameterCount: Int { layout.entries.reduce(0) { $0 + $1.count } }

  package func entry(_ name: String) throws(ModelError) -> ParameterLayout.Entry {
    guard let entry = layout[name] else { throw .parameter("there is no \"\(name)\"") }
    return entry
  }

  package func span(_ entry: ParameterLayout.Entry) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: values.pointer + entry.offset, count: entry.count)
  }

  /// The parameters that gradients and moments are of: all of a whole model, A and B of an adapted one.
  package var trained: ParameterLayout { adapters?.layout ?? layout }

  /// Laid out as `trained`.
  package var trainedValues: UnsafeMutablePointer<Float> {
    adapters?.values.pointer ?? values.pointer
  }

  package var trainedSpan: UnsafeMutableBufferPointer<Float> {
    adapters?.values.span ?? values.span
  }

  private var trainedPanels: PackedWeights { adapters?.packed ?? packed }

  /// An optimiser's pass over all trained parameters, which packs each piece by `pack` and leaves the gradients zero.
  package func update(_ body: (UnsafeMutablePointer<Float>) -> Void) {
    version += 1
    trainedPanels.invalidate()
    body(trainedValues)
    trainedPanels.validate()
    gradientStore.withLock { $0.isZero = true }
  }

  /// Packs parameters that have changed: whole panels of a matrix; anything else is not packed.
  package func pack(offset: Int, count: Int, _ workspace: Workspace) {
    trainedPanels.pack(
      offset: offset, count: count, from: trainedValues, with: workspace.products)
  }

  /// Floats of a panel's rows, for a matrix.
  package static func packingUnit(_ entry: ParameterLayout.Entry) -> Int {
    entry.isMatrix ? MatrixProducts.panelColumns * entry.shape[1] : 1
  }

  /// Weights are packed again before the next pass.
  package func parametersDidChange() {
    version += 1
    packed.invalidate()
    adapters?.packed.invalidate()
  }

  /// The gradient store, made and zeroed at first use; laid out as `trained`.
  package func gradients() throws(OutOfMemory) -> UnsafeMutablePointer<Float> {
    try gradientStore.withLock { store throws(OutOfMemory) in
      if let pointer = store.pointer { return pointer }
      let buffer = try Buffer<Float>(zeros: trained.count, in: arena)
      return store.hold(buffer)
    }
  }

  /// False where somebody has added to the gradients since they were zero.
  package var hasZeroGradients: Bool { gradientStore.withLock { $0.isZero } }

  /// Gradients from elsewhere, laid out as `trained`.
  package func setGradients(_ values: UnsafePointer<Float>) throws(OutOfMemory) {
    try gradientsToAddTo().update(from: values, count: trained.count)
  }

  /// The gradient store for a pass that adds to it.
  func gradientsToAddTo() throws(OutOfMemory) -> UnsafeMutablePointer<Float> {
    let pointer = try gradients()
    gradientStore.withLock { $0.isZero = false }
    return pointer
  }

  public func zeroGradients() throws {
    let pointer = try gradients()
    let wasZero = gradientStore.withLock { store in
      defer { store.isZero = true }
      return store.isZero
    }
    if wasZero { return }
    Threads.pool.parallelRanges(trained.count / 16) { range in
      (pointer + range.lowerBound * 16).update(repeating: 0, count: range.count * 16)
    }
  }

  private func initialize(seed: UInt64) {
    let random = Philox(seed: seed)
    for (index, entry) in layout.entries.enumerated() {
      let target = span(entry)
      if entry.isMatrix {
        fillNormal(target, random, UInt32(index))
      } else if entry.name.hasSuffix("norm.weight") {
        target.update(repeating: 1)
      }
    }
    parametersDidChange()
  }

  /// Box-Muller on counter-based uniforms: element i does not depend on how the span is cut.
  private func fillNormal(
    _ target: UnsafeMutableBufferPointer<Float>, _ random: Philox, _ index: UInt32
  ) {
    let deviation = configuration.initializerRange
    let count = target.count
    Threads.pool.parallelFor((count + 1) / 2) { pair in
      let u = random.uniform(UInt32(truncatingIfNeeded: pair), index, 0, 0)
      let v = random.uniform(UInt32(truncatingIfNeeded: pair), index, 1, 0)
      let radius = (-2 * Elementary.log(u)).squareRoot() * deviation
      let angle = Elementary.cosineAndSine(2 * Double.pi * v)
      target[2 * pair] = Float(radius * angle.cosine)
      if 2 * pair + 1 < count { target[2 * pair + 1] = Float(radius * angle.sine) }
    }
  }

  // MARK: What passes share

  /// A table that covers positions 0..<count.
  func rotaryTable(positions count: Int) throws(OutOfMemory) -> RotaryTable {
    try rotary.withLock { table throws(OutOfMemory) in
      if let table, table.positions >= count { return table }
      let made = try RotaryTable(configuration, positions: count, arena: arena)
      table = made
      return made
    }
  }

  /// Scratch memory for one call at a time; kept for the next.
  package func withWorkspace<R>(_ body: (Workspace) throws -> R) throws -> R {
    let workspace =
      workspaces.withLock { $0.popLast() } ?? Workspace(arena: arena, precision: precision)
    defer { workspaces.withLock { $0.append(workspace) } }
    return try body(workspace)
  }
}

/// The gradient buffer behind its lock.
private struct GradientStore: ~Copyable, @unchecked Sendable {
  private var buffer: Buffer<Float>?
  private(set) var pointer: UnsafeMutablePointer<Float>?
  /// As it is made, and after an update or `zeroGradients`.
  var isZero = true

  init() { buffer = nil }

  mutating func hold(_ made: consuming Buffer<Float>) -> UnsafeMutablePointer<Float> {
    let start = made.pointer
    pointer = start
    buffer = consume made
    return start
  }
}

/// Panels of every weight matrix, made from the parameters when they have changed.
final class PackedWeights: @unchecked Sendable {  // guarded by `fresh`
  struct Matrix {
    let source: Int
    let offset: Int
    let n: Int
    let k: Int
  }

  private let store: Buffer<Float>
  private let matrices: [Matrix]
  private let offsets: [Int: Int]
  private let fresh = Guarded<Bool>(false)

  init(_ panels: (matrices: [Matrix], count: Int), arena: Arena) throws(OutOfMemory) {
    matrices = panels.matrices
    offsets = Dictionary(uniqueKeysWithValues: matrices.map { ($0.source, $0.offset) })
    store = try Buffer(panels.count, in: arena)
  }

  /// The matrices that passes multiply by, and the words of their panels.
  static func matrices(
    _ layout: ParameterLayout, _ precision: Precision
  ) -> (matrices: [Matrix], count: Int) {
    var matrices: [Matrix] = []
    var count = 0
    for entry in layout.entries where entry.isMatrix {
      let isHead = entry.offset == layout.head
      if entry.offset == layout.embedding && !isHead { continue }
      matrices.append(
        Matrix(source: entry.offset, offset: count, n: entry.shape[0], k: entry.shape[1]))
      count += MatrixProducts.packedCount(n: entry.shape[0], k: entry.shape[1], precision)
    }
    return (matrices, count)
  }

  func validate() { fresh.withLock { $0 = true } }

  /// Packs the rows of a matrix that lie in a stretch of the store, whole panels.
  func pack(
    offset: Int, count: Int, from values: UnsafePointer<Float>, with products: MatrixProducts
  ) {
    guard let matrix = matrices.last(where: { $0.source <= offset }),
      offset < matrix.source + matrix.n * matrix.k
    else { return }
    let first = (offset - matrix.source) / matrix.k
    products.pack(
      values + offset, n: count / matrix.k, k: matrix.k,
      into: store.pointer + matrix.offset + products.panelOffset(column: first, k: matrix.k))
  }

  func invalidate() { fresh.withLock { $0 = false } }

  /// Packs what is stale.
  func refresh(from values: UnsafePointer<Float>, with products: MatrixProducts) {
    fresh.withLock { fresh in
      if fresh { return }
      for matrix in matrices {
        products.pack(
          values + matrix.source, n: matrix.n, k: matrix.k, into: store.pointer + matrix.offset)
      }
      fresh = true
    }
  }

  /// The panels of the matrix whose parameters start at `source`.
  subscript(source: Int) -> UnsafePointer<Float> {
    UnsafePointer(store.pointer + (offsets[source] ?? 0))
  }
}
