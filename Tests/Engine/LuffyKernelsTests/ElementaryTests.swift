import CLuffySIMD
import Foundation
import LuffyKernels
import Testing

@Suite struct ElementaryTests {
  @Test func exponentialKernelIsWithinTwoUlp() {
    var x: [Float] = stride(from: Float(-86.9), to: 88.6, by: 0.0137).map { $0 }
    x += [0, -0, 1e-30, -1e-30, 88.69, -87]
    let y = onEverySet([[Float](repeating: 0, count: x.count)]) { set, out in
      set.exponentials(x, x.count, 1, 0, out[0])
    }[0]
    for (input, value) in zip(x, y) {
      let exact = exp(Double(input))
      #expect(abs(Double(value) - exact) <= 2 * Double(Float(exact).ulp), "\(input)")
    }
  }

  @Test func exponentialKernelAtItsEnds() {
    let x: [Float] = [-.infinity, -88, -1e30, 89, .infinity, .nan]
    let y = onEverySet([[Float](repeating: 7, count: 6)]) { set, out in
      set.exponentials(x, x.count, 1, 0, out[0])
    }[0]
    #expect(Array(y[0..<3]) == [0, 0, 0])
    #expect(Array(y[3..<5]) == [.infinity, .infinity] && y[5].isNaN)
  }

  @Test func float64FunctionsAgreeWithTheSystems() {
    for step in -3000...3000 {
      let x = Double(step) * 0.229
      #expect(abs(Elementary.exp(x) - exp(x)) <= 4 * exp(x).ulp)
      let positive = exp(Double(step) * 0.1)
      if positive.isFinite && positive > 0 {
        #expect(abs(Elementary.log(positive) - log(positive)) <= 4 * max(log(positive).ulp, 1e-16))
      }
      let angle = Double(step) * 17.77
      let (cosine, sine) = Elementary.cosineAndSine(angle)
      #expect(abs(cosine - cos(angle)) < 2e-15 && abs(sine - sin(angle)) < 2e-15)
    }
    #expect(Elementary.exp(-800) == 0 && Elementary.exp(800) == .infinity)
    #expect(Elementary.log(0) == -.infinity && Elementary.log(-1).isNaN)
    #expect(abs(Elementary.pow(10000, -0.75) - 0.001) < 1e-15)
  }
}
