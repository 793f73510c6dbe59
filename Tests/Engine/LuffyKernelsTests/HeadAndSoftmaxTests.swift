import CLuffySIMD
import Foundation
import LuffyKernels
import Testing

@Suite struct HeadAndSoftmaxTests {
  @Test(arguments: [1, 15, 16, 47, 1024]) func headBlock(_ count: Int) {
    var inputs = Inputs(count)
    let x = inputs.floats(count, scale: 20)
    let out = onEverySet([[0, 0, 0]]) { set, out in set.head_block(x, count, 0.7, out[0]) }[0]
    let scaled = x.map { Double($0 * 0.7) }
    let top = scaled.max() ?? 0
    #expect(abs(Double(out[0]) - top) < 1e-5)
    let sum = scaled.reduce(0) { $0 + exp($1 - top) }
    let weighted = scaled.reduce(0) { $0 + ($1 - top) * exp($1 - top) }
    #expect(abs(Double(out[1]) - sum) < 1e-5 * sum)
    #expect(abs(Double(out[2]) - weighted) < 1e-5 * max(1, abs(weighted)))
  }

  /// d(a log p(target) + b H)/d logits against central differences, at a temperature.
  @Test(arguments: [3, 20, 33]) func headGradient(_ count: Int) {
    var inputs = Inputs(count + 1)
    let x = inputs.floats(count, scale: 3)
    let (temperature, a, b) = (0.8, 1.7, -0.6)
    let target = count / 2
    func statistics(_ x: [Double]) -> (logSum: Double, entropy: Double) {
      let l = x.map { $0 / temperature }
      let logSum = log(l.reduce(0) { $0 + exp($1) })
      return (logSum, logSum - l.reduce(0) { $0 + $1 * exp($1 - logSum) })
    }
    func loss(_ x: [Double]) -> Double {
      let s = statistics(x)
      return a * (x[target] / temperature - s.logSum) + b * s.entropy
    }
    let input = x.map(Double.init)
    let s = statistics(input)
    var gradient = onEverySet([x]) { set, out in
      set.head_backward(
        out[0], count, Float(1 / temperature), Float(s.logSum), Float(s.entropy), Float(a),
        Float(b))
    }[0]
    gradient[target] += Float(a / temperature)
    expectClose(gradient, x.indices.map { centralDifference(input, $0, loss) }, within: 1e-5)
  }

  /// Two blocks of the online softmax against the whole softmax; a block that sees nothing changes no bit.
  @Test func onlineSoftmax() {
    var inputs = Inputs(5)
    let (rows, width) = (3, 20)
    let scores = [inputs.floats(rows * 32, scale: 9), inputs.floats(rows * 32, scale: 9)]
    let visible: [[Int32]] = [[32, 32, 5], [32, 9, 0]]
    let start = inputs.floats(rows * width)
    let infinity = [Float](repeating: -.infinity, count: rows)
    let results = onEverySet(
      [scores[0], scores[1], infinity, [0, 0, 0], start, [0, 0, 0], start]
    ) { set, out in
      for block in 0..<2 {
        let before = (out[2][2], out[3][2], (0..<width).map { out[4][2 * width + $0] })
        set.softmax_block(
          out[block], rows, visible[block], 0.5, out[2], out[3], out[4], width, width)
        if block == 1 {
          #expect((0..<width).map { out[4][2 * width + $0] } == before.2)
          #expect(out[2][2] == before.0 && out[3][2] == before.1)
        }
      }
      out[6].update(from: out[4], count: rows * width)
      set.softmax_finish(out[6], width, rows, width, out[2], out[3], out[5])
    }
    for row in 0..<rows {
      let seen = (0..<2).flatMap { block in
        (0..<Int(visible[block][row])).map { Double(scores[block][row * 32 + $0]) * 0.5 }
      }
      let top = seen.max() ?? 0
      let sum = seen.reduce(0) { $0 + exp($1 - top) }
      #expect(abs(Double(results[3][row]) - sum) < 1e-5 * sum)
      #expect(abs(Double(results[5][row]) - (top + log(sum))) < 1e-5)
    }
  }

  @Test func softmaxGradient() {
    var inputs = Inputs(6)
    let rows = 2
    let (s, dp) = (inputs.floats(rows * 32, scale: 4), inputs.floats(rows * 32))
    let visible: [Int32] = [32, 11]
    let lse: [Float] = [3, 2.5]
    let delta: [Float] = [0.3, -0.2]
    let results = onEverySet([s, dp]) { set, out in
      set.softmax_backward(out[0], out[1], rows, visible, 0.5, lse, delta)
    }
    for index in 0..<rows * 32 {
      let (row, column) = (index / 32, index % 32)
      let shown = column < Int(visible[row])
      let p = shown ? exp(Double(s[index]) * 0.5 - Double(lse[row])) : 0
      #expect(abs(Double(results[0][index]) - p) < 1e-5)
      let ds = p * (Double(dp[index]) - Double(delta[row])) * 0.5
      #expect(abs(Double(results[1][index]) - ds) < 1e-5)
    }
  }
}
