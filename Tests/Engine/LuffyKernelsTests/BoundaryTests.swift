import CLuffySIMD
import Dispatch
import LuffyKernels
import LuffyTensor
import LuffyTestSupport
import Testing

/// Strides wider than the rows, column ranges, and how outputs meet what they held.
@Suite struct BoundaryTests {
  private static let stores = [ProductStore.set, .chain, .add]

  /// dx and dy with gaps between rows: exact sums in the columns, not a bit changed in the gaps.
  @Test(arguments: 0..<12) func inputGradientKeepsTheGaps(_ seed: Int) {
    var inputs = Inputs(seed + 300)
    let (rows, n, k) = (1 + inputs.below(100), 1 + inputs.below(70), 1 + inputs.below(70))
    let (ldx, ldy) = (k + 1 + inputs.below(40), n + inputs.below(9))
    let (w, dy, before) = (
      inputs.floats(n * k), inputs.floats(rows * ldy), inputs.floats(rows * ldx)
    )
    for store in Self.stores {
      let dx = onEverySet([before, dy]) { set, out in
        let products = MatrixProducts(arena: Arena(), kernels: set)
        try? products.inputGradient(
          Rows(out[1], stride: ldy), rows: rows, n: n, w: w, k: k, into: Rows(out[0], stride: ldx),
          store: store)
      }[0]
      let expected = before.indices.map { index in
        let (row, column) = (index / ldx, index % ldx)
        let old = Double(before[index])
        if column >= k { return old }
        return (0..<n).reduce(store == .set ? 0 : old) {
          $0 + Double(dy[row * ldy + $1]) * Double(w[$1 * k + column])
        }
      }
      expectClose(dx, expected, within: 2e-6, size: Double(n).squareRoot())
      for index in before.indices where index % ldx >= k { #expect(dx[index] == before[index]) }
    }
  }

  /// More rows than one packed stretch of the contraction holds.
  @Test func weightGradientOverManyRows() {
    var inputs = Inputs(400)
    let (rows, n, k) = (2077, 15, 33)
    let (x, dy, before) = (
      inputs.floats(rows * k), inputs.floats(rows * n), inputs.floats(n * k)
    )
    let dw = onEverySet([before, x, dy]) { set, out in
      let products = MatrixProducts(arena: Arena(), kernels: set)
      try? products.weightGradient(
        Rows(out[2], stride: n), Rows(out[1], stride: k), rows: rows, n: n, k: k, into: out[0])
    }[0]
    let expected = before.indices.map { index in
      (0..<rows).reduce(Double(before[index])) {
        $0 + Double(dy[$1 * n + index / k]) * Double(x[$1 * k + index % k])
      }
    }
    expectClose(dw, expected, within: 1e-5, size: Double(rows).squareRoot())
  }

  @Test(arguments: [3, 16, 37, 64]) func columnRangesAndStores(_ width: Int) {
    var inputs = Inputs(width + 500)
    let (rows, begin, end) = (4, width / 3, width - 1)
    let (x, w, dy) = (
      inputs.floats(rows * width), inputs.floats(width), inputs.floats(rows * width)
    )
    let (before, columns) = (inputs.floats(rows * width), inputs.floats(width))
    let inverse: [Float] = [0.5, 2, 1, 0.25]
    let zero = [Float](repeating: 0, count: rows * width)
    let out = onEverySet([zero, before, columns, columns]) { set, out in
      set.rms_norm_backward(dy, x, w, inverse, out[0], rows, width, ProductStore.set.rawValue)
      set.rms_norm_backward(dy, x, w, inverse, out[1], rows, width, ProductStore.add.rawValue)
      set.rms_norm_weight(dy, x, inverse, out[2], rows, width, begin, end)
      set.column_sum(dy, width, out[3], rows, begin, end)
    }
    expectClose(out[1], zip(out[0], before).map { Double($0) + Double($1) }, within: 1e-6)
    for column in 0..<width {
      var (scaled, plain) = (Double(columns[column]), Double(columns[column]))
      if (begin..<end).contains(column) {
        for row in 0..<rows {
          let gradient = Double(dy[row * width + column])
          plain += gradient
          scaled += gradient * Double(x[row * width + column]) * Double(inverse[row])
        }
      }
      #expect(abs(Double(out[2][column]) - scaled) < 3e-6)
      #expect(abs(Double(out[3][column]) - plain) < 3e-6)
    }
  }

  /// The pool may be replaced while loops run: every range still runs once.
  @Test func poolsReplacedWhileRunning() {
    ThreadCount.hold()
    defer { ThreadCount.release() }
    // Two threads run loops, the third replaces the pool.
    var complete = [true, true, true]
    complete.withUnsafeMutableBufferPointer { complete in
      nonisolated(unsafe) let complete = complete
      DispatchQueue.concurrentPerform(iterations: 3) { thread in
        if thread == 2 {
          for count in 0..<40 { Threads.set(1 + count % 4) }
        } else {
          complete[thread] = (0..<100).allSatisfy { _ in Self.everyRangeRunsOnce() }
        }
      }
    }
    Threads.set(Threads.coreCount)
    #expect(complete == [true, true, true])
  }

  private static func everyRangeRunsOnce() -> Bool {
    let seen = UnsafeMutablePointer<Int32>.allocate(capacity: 500)
    defer { seen.deallocate() }
    seen.initialize(repeating: 0, count: 500)
    nonisolated(unsafe) let shared = seen
    Threads.pool.parallelFor(500) { shared[$0] += 1 }
    return (0..<500).allSatisfy { seen[$0] == 1 }
  }
}
