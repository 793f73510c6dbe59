import CLuffySIMD
import LuffyKernels
import Testing

@Suite struct NormalizationTests {
  private let epsilon = 1e-5

  private func forward(_ x: [Double], _ w: [Float]) -> [Double] {
    let mean = x.reduce(0) { $0 + $1 * $1 } / Double(x.count)
    return x.indices.map { x[$0] * Double(w[$0]) / (mean + epsilon).squareRoot() }
  }

  @Test(arguments: [1, 7, 16, 33, 70]) func forwardAndBackward(_ width: Int) {
    var inputs = Inputs(width)
    let rows = 3
    let (x, w) = (inputs.floats(rows * width), inputs.floats(width))
    let dy = inputs.floats(rows * width)
    let results = onEverySet([
      [Float](repeating: 0, count: rows * width), [Float](repeating: 0, count: rows),
      [Float](repeating: 0, count: rows * width), [Float](repeating: 0, count: width),
    ]) { set, out in
      set.rms_norm(x, w, out[0], out[1], rows, width, Float(epsilon))
      set.rms_norm_backward(dy, x, w, out[1], out[2], rows, width, 0)
      set.rms_norm_weight(dy, x, out[1], out[3], rows, width, 0, width)
    }
    var dw = [Double](repeating: 0, count: width)
    for row in 0..<rows {
      let range = row * width..<(row + 1) * width
      let input = x[range].map(Double.init)
      expectClose(Array(results[0][range]), forward(input, w), within: 3e-6)
      let loss = { (x: [Double]) in
        zip(self.forward(x, w), dy[range]).reduce(0) { $0 + $1.0 * Double($1.1) }
      }
      let dx = input.indices.map { centralDifference(input, $0, loss) }
      expectClose(
        Array(results[2][range]), dx, within: 1e-4, size: max(0.1, dx.map(abs).max() ?? 1))
      let ones = forward(input, [Float](repeating: 1, count: width))
      for column in 0..<width { dw[column] += Double(dy[row * width + column]) * ones[column] }
    }
    expectClose(results[3], dw, within: 3e-6)
  }

  @Test func columnSumsAndAdd() {
    var inputs = Inputs(4)
    let (rows, width) = (5, 37)
    let (x, start) = (inputs.floats(rows * width), inputs.floats(width))
    let results = onEverySet([start, start]) { set, out in
      set.column_sum(x, width, out[0], rows, 0, width)
      set.add(out[1], x, width)
    }
    let sums = (0..<width).map { c in
      (0..<rows).reduce(Double(start[c])) { $0 + Double(x[$1 * width + c]) }
    }
    expectClose(results[0], sums, within: 1e-6)
    expectClose(results[1], (0..<width).map { Double(start[$0]) + Double(x[$0]) }, within: 1e-7)
  }
}
