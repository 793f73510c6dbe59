import Foundation
import LuffyKernels
import LuffyOptimizer
import LuffyTensor
import LuffyTestSupport
import Testing

@Suite struct AdamWTests {
  /// Ten updates against the same formulas in Double.
  @Test func followsTheFormulas() throws {
    let count = 5000
    let arena = Arena()
    let values = try Buffer<Float>(count, filledWith: 0, in: arena)
    let gradients = try Buffer<Float>(count, filledWith: 0, in: arena)
    let decayed = 2000
    let optimizer = try AdamW(
      [
        .init(offset: 0, count: decayed, decays: true),
        .init(offset: decayed, count: count - decayed, decays: false),
      ], count: count, arena: arena)
    let options = AdamWOptions(
      learningRate: 0.01, weightDecay: 0.1,
      schedule: LearningRateSchedule(.cosine, warmupSteps: 3, totalSteps: 10))
    var expected = (0..<count).map { sin(Double($0)) }
    for index in 0..<count { values.pointer[index] = Float(expected[index]) }
    var m = [Double](repeating: 0, count: count)
    var v = m
    for step in 1...10 {
      let given = (0..<count).map { Float(cos(Double($0 * step))) }
      for index in 0..<count { gradients.pointer[index] = given[index] }
      optimizer.update(values.pointer, gradients.pointer, scale: 0.5, options)
      let rate = options.rate(step: step)
      for index in 0..<count {
        #expect(gradients.pointer[index] == 0)
        let g = 0.5 * Double(given[index])
        m[index] = 0.9 * m[index] + 0.1 * g
        v[index] = 0.999 * v[index] + 0.001 * g * g
        let mHat = m[index] / (1 - pow(0.9, Double(step)))
        let vHat = v[index] / (1 - pow(0.999, Double(step)))
        if index < decayed { expected[index] *= 1 - rate * 0.1 }
        expected[index] -= rate * mHat / (vHat.squareRoot() + 1e-8)
      }
    }
    for index in 0..<count {
      #expect(abs(Double(values.pointer[index]) - expected[index]) < 2e-6)
    }
  }

  @Test func normIsTheSameOnAnyNumberOfThreads() throws {
    ThreadCount.hold()
    defer { ThreadCount.release() }
    let count = 200_003
    let arena = Arena()
    let gradients = try Buffer<Float>(count, filledWith: 0, in: arena)
    for index in 0..<count { gradients.pointer[index] = Float(sin(Double(index))) }
    let optimizer = try AdamW(
      [.init(offset: 0, count: count, decays: true)], count: count, arena: arena)
    var norms: Set<Double> = []
    for threads in [1, 2, 3] {
      Threads.set(threads)
      norms.insert(optimizer.norm(gradients.pointer))
    }
    Threads.set(Threads.coreCount)
    let naive = (0..<count).reduce(0.0) { $0 + pow(Double(gradients.pointer[$1]), 2) }.squareRoot()
    #expect(norms.count == 1)
    #expect(abs((norms.first ?? 0) / naive - 1) < 1e-12)
  }

  @Test func schedules() {
    let warm = LearningRateSchedule(warmupSteps: 4)
    #expect((1...6).map(warm.factor) == [0.25, 0.5, 0.75, 1, 1, 1])
    let linear = LearningRateSchedule(.linear, warmupSteps: 2, totalSteps: 6, minimumFactor: 0.2)
    #expect(abs(linear.factor(step: 4) - 0.6) < 1e-12 && linear.factor(step: 9) == 0.2)
    let cosine = LearningRateSchedule(.cosine, totalSteps: 10)
    #expect(abs(cosine.factor(step: 5) - 0.5) < 1e-12 && cosine.factor(step: 10) < 1e-12)
    #expect(LearningRateSchedule(.cosine).fault != nil && AdamWOptions(beta1: 1).fault != nil)
  }
}
