import CLuffySIMD
import Foundation
import LuffyKernels
import Testing

@Suite struct ElementwiseTests {
  @Test(arguments: [1, 15, 16, 50]) func swiglu(_ count: Int) {
    var inputs = Inputs(count)
    let (gate, up, dy) = (
      inputs.floats(count, scale: 6), inputs.floats(count), inputs.floats(count)
    )
    let results = onEverySet([[Float](repeating: 0, count: count), gate, up]) { set, out in
      set.swiglu(gate, up, out[0], count)
      var again = [Float](repeating: 0, count: count)
      set.swiglu_backward(dy, out[1], out[2], &again, count)
      #expect(again == (0..<count).map { out[0][$0] })
    }
    func value(_ g: Double, _ u: Double) -> Double { g / (1 + exp(-g)) * u }
    for index in 0..<count {
      let (g, u, d) = (Double(gate[index]), Double(up[index]), Double(dy[index]))
      #expect(abs(Double(results[0][index]) - value(g, u)) < 3e-6)
      let dg = d * centralDifference([g], 0) { value($0[0], u) }
      let du = d * centralDifference([u], 0) { value(g, $0[0]) }
      #expect(abs(Double(results[1][index]) - dg) < 1e-5)
      #expect(abs(Double(results[2][index]) - du) < 1e-5)
    }
  }

  @Test(arguments: [2, 8, 34, 64]) func rotation(_ width: Int) {
    var inputs = Inputs(width)
    let (rows, heads, half) = (3, 2, width / 2)
    let angles = inputs.floats(rows * half, scale: 3)
    let (cosines, sines) = (
      angles.map { Float(cos(Double($0))) }, angles.map { Float(sin(Double($0))) }
    )
    let x = inputs.floats(rows * heads * width)
    let results = onEverySet([x, x]) { set, out in
      set.rotate(out[0], heads * width, cosines, sines, rows, heads, width, 1)
      out[1].update(from: out[0], count: x.count)
      set.rotate(out[1], heads * width, cosines, sines, rows, heads, width, -1)
    }
    let expected = x.indices.map { index in
      let (row, place) = (index / (heads * width), index % width)
      let angle = Double(angles[row * half + place % half])
      let other = Double(x[place < half ? index + half : index - half])
      return Double(x[index]) * cos(angle) + (place < half ? -other : other) * sin(angle)
    }
    expectClose(results[0], expected, within: 1e-6)
    // Turning back is the transpose, and so the gradient.
    expectClose(results[1], x.map(Double.init), within: 1e-6)
  }

  @Test func dotsAndSquares() {
    var inputs = Inputs(77)
    let (rows, width) = (4, 45)
    let (a, b) = (inputs.floats(rows * width), inputs.floats(rows * width))
    let dots = onEverySet([[Float](repeating: 0, count: rows)]) { set, out in
      set.row_dot(a, width, b, width, rows, width, out[0])
    }[0]
    let expected = (0..<rows).map { row in
      (0..<width).reduce(0.0) { $0 + Double(a[row * width + $1]) * Double(b[row * width + $1]) }
    }
    expectClose(dots, expected, within: 2e-6)
    let sums = Set(Kernels.available.map { $0.sum_of_squares(a, a.count) })
    #expect(sums.count == 1)
    let naive = a.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs((sums.first ?? 0) / naive - 1) < 1e-14)
  }

  @Test func adamwHasTheSameBitsEverywhere() {
    var inputs = Inputs(78)
    let count = 53
    let (p, m, g) = (inputs.floats(count), inputs.floats(count), inputs.floats(count))
    let v = inputs.floats(count).map(abs)
    let results = onEverySet([p, m, v, g]) { set, out in
      set.adamw(
        out[0], out[1], out[2], out[3], count, 0.5, 0.01, 0.9, 0.99, 1e-8, 0.1, 0.19, 0.0199)
    }
    #expect(results[3].allSatisfy { $0 == 0 })
    for index in 0..<count {
      let gradient = 0.5 * Double(g[index])
      let first = 0.9 * Double(m[index]) + 0.1 * gradient
      let second = 0.99 * Double(v[index]) + 0.01 * gradient * gradient
      let step = 0.01 * (first / 0.19) / ((second / 0.0199).squareRoot() + 1e-8)
      #expect(abs(Double(results[0][index]) - (Double(p[index]) * 0.999 - step)) < 1e-5)
    }
  }
}
