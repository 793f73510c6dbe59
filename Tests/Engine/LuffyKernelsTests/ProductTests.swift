import CLuffySIMD
import LuffyKernels
import LuffyTensor
import LuffyTestSupport
import Testing

@Suite(.serialized) struct ProductTests {
  /// x [rows, k] W^T in Double.
  private func naive(_ x: [Float], _ w: [Float], _ rows: Int, _ n: Int, _ k: Int) -> [Double] {
    (0..<rows * n).map { index in
      (0..<k).reduce(0.0) { $0 + Double(x[index / n * k + $1]) * Double(w[index % n * k + $1]) }
    }
  }

  @Test(arguments: 0..<20) func forwardOnEverySet(_ seed: Int) throws {
    var inputs = Inputs(seed)
    let (rows, n, k) = (1 + inputs.below(31), 1 + inputs.below(70), 1 + inputs.below(90))
    let x = inputs.floats(rows * k)
    let w = inputs.floats(n * k)
    let bias = inputs.floats(n)
    let before = inputs.floats(rows * n)
    for store in [ProductStore.set, .chain, .add] {
      let y = onEverySet([before]) { set, out in
        let products = MatrixProducts(arena: Arena(), kernels: set)
        var packed = [Float](repeating: 0, count: MatrixProducts.packedCount(n: n, k: k))
        var x = x
        products.pack(w, n: n, k: k, into: &packed)
        x.withUnsafeMutableBufferPointer { x in
          try? products.forward(
            Rows(x.baseAddress!, stride: k), rows: rows, k: k, packed: packed, n: n,
            into: Rows(out[0], stride: n), bias: bias, store: store)
        }
      }[0]
      let start = store == .set ? 0.0 : 1.0
      let expected = naive(x, w, rows, n, k).enumerated().map {
        $0.element + Double(bias[$0.offset % n]) + start * Double(before[$0.offset])
      }
      expectClose(y, expected, within: 2e-6, size: Double(k).squareRoot())
    }
  }

  @Test(arguments: 0..<10) func gradientsOnEverySet(_ seed: Int) throws {
    var inputs = Inputs(seed + 50)
    let (rows, n, k) = (1 + inputs.below(40), 1 + inputs.below(50), 1 + inputs.below(70))
    let x = inputs.floats(rows * k)
    let w = inputs.floats(n * k)
    let dy = inputs.floats(rows * n)
    let results = onEverySet([
      [Float](repeating: 0, count: rows * k), [Float](repeating: 0, count: n * k),
    ]) { set, out in
      let products = MatrixProducts(arena: Arena(), kernels: set)
      var (x, dy) = (x, dy)
      dy.withUnsafeMutableBufferPointer { dy in
        x.withUnsafeMutableBufferPointer { x in
          let gradient = Rows(dy.baseAddress!, stride: n)
          try? products.inputGradient(
            gradient, rows: rows, n: n, w: w, k: k, into: Rows(out[0], stride: k))
          try? products.weightGradient(
            gradient, Rows(x.baseAddress!, stride: k), rows: rows, n: n, k: k, into: out[1])
        }
      }
    }
    // The products are bilinear: their derivatives in closed form.
    let dx = (0..<rows * k).map { index in
      (0..<n).reduce(0.0) { $0 + Double(dy[index / k * n + $1]) * Double(w[$1 * k + index % k]) }
    }
    let dw = (0..<n * k).map { index in
      (0..<rows).reduce(0.0) { $0 + Double(dy[$1 * n + index / k]) * Double(x[$1 * k + index % k]) }
    }
    expectClose(results[0], dx, within: 2e-6, size: Double(n).squareRoot())
    expectClose(results[1], dw, within: 2e-6, size: Double(rows).squareRoot())
  }

  /// Rows on both sides of 64, up to which words of bfloat16 are widened as they are multiplied.
  @Test(arguments: Precision.allCases)
  func aRowHasItsBitsInAnyCompanyAndOnAnyThreads(_ precision: Precision) throws {
    ThreadCount.hold()
    defer { ThreadCount.release() }
    let (rows, n, k) = (131, 200, 97)
    var inputs = Inputs(9)
    var x = inputs.floats(rows * k)
    let w = inputs.floats(n * k)
    let products = MatrixProducts(arena: Arena(), precision: precision)
    var packed = [Float](repeating: 0, count: MatrixProducts.packedCount(n: n, k: k, precision))
    products.pack(w, n: n, k: k, into: &packed)
    func product(_ first: Int, _ count: Int) throws -> [UInt32] {
      var y = [Float](repeating: 0, count: count * n)
      try y.withUnsafeMutableBufferPointer { y in
        try x.withUnsafeMutableBufferPointer { x in
          try products.forward(
            Rows(x.baseAddress! + first * k, stride: k), rows: count, k: k, packed: packed, n: n,
            into: Rows(y.baseAddress!, stride: n))
        }
      }
      return y.map(\.bitPattern)
    }
    let whole = try product(0, rows)
    for (first, count) in [(0, 1), (7, 3), (13, 14), (20, 41), (60, 1), (1, 64), (3, 65), (130, 1)]
    {
      #expect(try product(first, count) == Array(whole[first * n..<(first + count) * n]))
    }
    for threads in [1, 2, 3, 5] {
      Threads.set(threads)
      #expect(try product(0, rows) == whole)
    }
    Threads.set(Threads.coreCount)
  }

  @Test func aChainCutInTwoHasTheBitsOfOne() throws {
    let (rows, n, k) = (2100, 9, 40)
    var inputs = Inputs(10)
    var (x, dy) = (inputs.floats(rows * k), inputs.floats(rows * n))
    let products = MatrixProducts(arena: Arena())
    func gradient(_ cuts: [Range<Int>]) throws -> [UInt32] {
      var dw = [Float](repeating: 0, count: n * k)
      try dw.withUnsafeMutableBufferPointer { dw in
        try x.withUnsafeMutableBufferPointer { x in
          try dy.withUnsafeMutableBufferPointer { dy in
            for cut in cuts {
              try products.weightGradient(
                Rows(dy.baseAddress! + cut.lowerBound * n, stride: n),
                Rows(x.baseAddress! + cut.lowerBound * k, stride: k), rows: cut.count, n: n, k: k,
                into: dw.baseAddress!)
            }
          }
        }
      }
      return dw.map(\.bitPattern)
    }
    let whole = try gradient([0..<rows])
    #expect(try gradient([0..<1, 1..<700, 700..<rows]) == whole)
  }
}

@Suite struct BFloat16ProductTests {
  /// Rounded to nearest, ties to even.
  private func rounded(_ x: Float) -> Double {
    let bits = x.bitPattern
    return Double(Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000))
  }

  /// All three products against Double twins on rounded factors, on every set.
  @Test(arguments: 0..<12) func productsOfRoundedFactors(_ seed: Int) throws {
    var inputs = Inputs(seed + 300)
    let (rows, n, k) = (1 + inputs.below(31), 1 + inputs.below(70), 1 + inputs.below(90))
    var (x, w, dy) = (inputs.floats(rows * k), inputs.floats(n * k), inputs.floats(rows * n))
    let (rx, rw, rdy) = (x.map(rounded), w.map(rounded), dy.map(rounded))
    let y = (0..<rows * n).map { i in
      (0..<k).reduce(0) { $0 + rx[i / n * k + $1] * rw[i % n * k + $1] }
    }
    let dx = (0..<rows * k).map { i in
      (0..<n).reduce(0) { $0 + rdy[i / k * n + $1] * rw[$1 * k + i % k] }
    }
    let dw = (0..<n * k).map { i in
      (0..<rows).reduce(0) { $0 + rdy[$1 * n + i / k] * rx[$1 * k + i % k] }
    }
    for set in Kernels.available {
      let products = MatrixProducts(arena: Arena(), precision: .bfloat16, kernels: set)
      var packed = [Float](
        repeating: 0, count: MatrixProducts.packedCount(n: n, k: k, .bfloat16))
      products.pack(w, n: n, k: k, into: &packed)
      var found = [
        [Float](repeating: 0, count: rows * n), [Float](repeating: 0, count: rows * k),
        [Float](repeating: 0, count: n * k),
      ]
      try x.withUnsafeMutableBufferPointer { x in
        try dy.withUnsafeMutableBufferPointer { dy in
          let input = Rows(x.baseAddress!, stride: k)
          let gradient = Rows(dy.baseAddress!, stride: n)
          try found[0].withUnsafeMutableBufferPointer {
            try products.forward(
              input, rows: rows, k: k, packed: packed, n: n,
              into: Rows($0.baseAddress!, stride: n))
          }
          try found[1].withUnsafeMutableBufferPointer {
            try products.inputGradient(
              gradient, rows: rows, n: n, w: w, k: k, into: Rows($0.baseAddress!, stride: k))
          }
          try found[2].withUnsafeMutableBufferPointer {
            try products.weightGradient(
              gradient, input, rows: rows, n: n, k: k, into: $0.baseAddress!)
          }
        }
      }
      for (values, expected) in zip(found, [y, dx, dw]) {
        expectClose(values, expected, within: 4e-6, size: 8)
      }
    }
  }
}
