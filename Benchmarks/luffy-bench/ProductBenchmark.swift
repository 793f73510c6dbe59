import LuffyTensor

/// Times the three products of a linear layer y [rows, n] = x [rows, k] Wᵀ.
struct ProductBenchmark {
  let precision: Precision
  private let arena = Arena()
  private let products: MatrixProducts

  init(precision: Precision) throws {
    self.precision = precision
    products = MatrixProducts(arena: arena, precision: precision)
  }

  static let rows = [1, 8, 32, 128, 512, 2048]

  /// Floating-point operations a second of the forward product, weights packed before.
  func forward(rows: Int, n: Int, k: Int) throws -> Double {
    let x = try Buffer<Float>(rows * k, filledWith: 0.5, in: arena)
    let y = try Buffer<Float>(rows * n, filledWith: 0, in: arena)
    let w = try Buffer<Float>(n * k, filledWith: 0.25, in: arena)
    let packed = try Buffer<Float>(
      MatrixProducts.packedCount(n: n, k: k, precision), in: arena)
    products.pack(w.pointer, n: n, k: k, into: packed.pointer)
    return try rate(rows, n, k) {
      try products.forward(
        Rows(x.pointer, stride: k), rows: rows, k: k, packed: packed.pointer, n: n,
        into: Rows(y.pointer, stride: n))
    }
  }

  /// Those of ∂input and of ∂weight.
  func backward(rows: Int, n: Int, k: Int) throws -> (input: Double, weight: Double) {
    let x = try Buffer<Float>(rows * k, filledWith: 0.5, in: arena)
    let y = try Buffer<Float>(rows * n, filledWith: 0.5, in: arena)
    let w = try Buffer<Float>(n * k, filledWith: 0.25, in: arena)
    let input = try rate(rows, n, k) {
      try products.inputGradient(
        Rows(y.pointer, stride: n), rows: rows, n: n, w: w.pointer, k: k,
        into: Rows(x.pointer, stride: k))
    }
    let weight = try rate(rows, n, k) {
      try products.weightGradient(
        Rows(y.pointer, stride: n), Rows(x.pointer, stride: k), rows: rows, n: n, k: k,
        into: w.pointer)
    }
    return (input, weight)
  }

  /// At least three runs, more of small products.
  private func rate(_ rows: Int, _ n: Int, _ k: Int, _ body: () throws -> Void) throws -> Double {
    let work = 2 * Double(rows) * Double(n) * Double(k)
    return work / (try leastSeconds(max(3, min(50, Int(1e9 / work))), body))
  }

  /// A table: products down, rows across, GFLOP/s; the last two columns are gradients at 512 rows.
  /// Returns the largest of them, in operations a second.
  func report(_ cost: Cost) throws -> Double {
    var largest = 0.0
    let heads = Self.rows.map { text(Double($0), digits: 0, width: 7) } + ["  ∂input", " ∂weight"]
    print("GFLOP/s by rows, \(precision.rawValue)".padded(34) + heads.joined())
    for product in cost.products {
      var line = "  \(product.name) \(product.n) x \(product.k)".padded(34)
      // The head runs in blocks of the vocabulary.
      let n = min(product.n, 8192)
      for rows in Self.rows {
        let rate = try forward(rows: rows, n: n, k: product.k)
        largest = max(largest, rate)
        line += text(rate / 1e9, width: 7)
      }
      let gradients = try backward(rows: 512, n: n, k: product.k)
      line += text(gradients.input / 1e9, width: 8) + text(gradients.weight / 1e9, width: 8)
      print(line)
    }
    return largest
  }
}

extension String {
  /// Filled with blanks to `width`.
  fileprivate func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
