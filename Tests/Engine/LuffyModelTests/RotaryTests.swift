import Foundation
import LuffyModel
import Testing

@Suite struct RotaryTests {
  private func configuration(
    _ theta: Double, _ scaling: ModelConfiguration.RopeScaling = .none
  ) -> ModelConfiguration {
    ModelConfiguration(
      architecture: .llama, vocabularySize: 9, width: 8, layers: 1, queryHeads: 1,
      keyValueHeads: 1, headWidth: 128, hiddenWidth: 8, ropeTheta: theta, ropeScaling: scaling)
  }

  private func expectClose(_ found: [Float], _ expected: [Double]) {
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect(abs(Double(a) / b - 1) < 1e-6) }
  }

  @Test(arguments: [10_000.0, 500_000, 1_000_000]) func plainAndLinear(_ theta: Double) {
    let plain = (0..<64).map { pow(theta, -2 * Double($0) / 128) }
    expectClose(RotaryTable.frequencies(configuration(theta)), plain)
    expectClose(
      RotaryTable.frequencies(configuration(theta, .linear(factor: 4))), plain.map { $0 / 4 })
  }

  /// The interpolation written by turns in the original context, n = C f / 2π: divided where n < low, kept where
  /// n > high, and 1/factor + (1 - 1/factor) (n - low) / (high - low) of it between.
  @Test(arguments: [8.0, 32]) func llama3(_ factor: Double) {
    let (low, high, context, theta) = (1.0, 4.0, 8192.0, 500_000.0)
    var kinds = Set<Int>()
    let expected = (0..<64).map { index in
      let f = pow(theta, -2 * Double(index) / 128)
      let turns = context * f / (2 * .pi)
      let share = min(1, max(0, (turns - low) / (high - low)))
      kinds.insert(share == 0 ? 0 : share == 1 ? 2 : 1)
      return f * (1 / factor + (1 - 1 / factor) * share)
    }
    #expect(kinds.count == 3)
    let scaling = ModelConfiguration.RopeScaling.llama3(
      factor: factor, low: low, high: high, originalPositions: context)
    expectClose(RotaryTable.frequencies(configuration(theta, scaling)), expected)
  }

  /// YaRN by turns in the original context, n = C f / 2π, in float64: the pair where n falls to 32 begins the ramp, the
  /// pair where it falls to 1 ends it.
  @Test(arguments: [(4.0, 32768.0, 1e6), (8.0, 4096.0, 1e4)])
  func yarn(_ factor: Double, _ context: Double, _ theta: Double) {
    let plain = (0..<64).map { pow(theta, -2 * Double($0) / 128) }
    func pair(_ turns: Double) -> Double { 64 * log(context / (2 * .pi * turns)) / log(theta) }
    let (first, last) = (pair(32).rounded(.down), pair(1).rounded(.up))
    let expected = plain.enumerated().map { index, f in
      f * (1 - (1 - 1 / factor) * min(1, max(0, (Double(index) - first) / (last - first))))
    }
    let scaling = YarnScaling(factor: factor, originalPositions: context)
    expectClose(RotaryTable.frequencies(configuration(theta, .yarn(scaling))), expected)
    #expect(abs(scaling.attentionFactor - (0.1 * log(factor) + 1)) < 1e-12)
    #expect(expected.first == 1 && abs(expected[63] * factor / plain[63] - 1) < 1e-12)
  }

  /// Angles without a sine: a base or a factor near zero would make the frequencies infinite.
  @Test func anglesOutOfRangeAreRefused() {
    let infinite = ModelConfiguration.RopeScaling.llama3(
      factor: 8, low: 1, high: .infinity, originalPositions: 8192)
    for bad in [
      configuration(1e-300), configuration(0.5), configuration(.infinity), configuration(.nan),
      configuration(10_000, .linear(factor: 1e-300)), configuration(10_000, .linear(factor: .nan)),
      configuration(10_000, infinite),
      configuration(10_000, .yarn(YarnScaling(factor: 0.5, originalPositions: 64))),
      configuration(10_000, .yarn(YarnScaling(factor: 4, originalPositions: .nan))),
      configuration(1, .yarn(YarnScaling(factor: 4, originalPositions: 64))),
    ] {
      #expect(throws: ModelError.self) { _ = try Model(configuration: bad) }
    }
  }
}
