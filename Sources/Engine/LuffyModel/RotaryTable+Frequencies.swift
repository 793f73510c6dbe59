import LuffyKernels

extension RotaryTable {
  /// θ^(-2i/E), stretched as the configuration says. Every step is rounded to float32 in the order of transformers.
  package static func frequencies(_ configuration: ModelConfiguration) -> [Float] {
    let width = configuration.headWidth
    let powers = (0..<width / 2).map { index in
      let exponent = Float(2 * index) / Float(width)
      return Float(Elementary.pow(configuration.ropeTheta, Double(exponent)))
    }
    switch configuration.ropeScaling {
    case .none: return powers.map { 1 / $0 }
    case .linear(let factor): return powers.map { 1 / $0 / Float(factor) }
    case .llama3(let factor, let low, let high, let original):
      return powers.map {
        llama3(1 / $0, factor: Float(factor), turns: (Float(low), Float(high)), Float(original))
      }
    case .yarn(let yarn):
      let ramp = yarn.ramp(width: width, theta: configuration.ropeTheta)
      let (first, length) = (Float(ramp.low), Float(ramp.high - ramp.low))
      return powers.enumerated().map { index, power in
        let share = min(max((Float(index) - first) / length, 0), 1)
        let kept = 1 - share
        return 1 / (Float(yarn.factor) * power) * (1 - kept) + 1 / power * kept
      }
    }
  }

  /// What cosines and sines are multiplied by.
  package static func attentionFactor(_ configuration: ModelConfiguration) -> Float {
    if case .yarn(let yarn) = configuration.ropeScaling { return Float(yarn.attentionFactor) }
    return 1
  }

  /// Llama 3.1's rule: wavelengths beyond the original context are divided, short ones kept.
  private static func llama3(
    _ frequency: Float, factor: Float, turns: (low: Float, high: Float), _ original: Float
  ) -> Float {
    let wavelength = Float(2 * Double.pi) / frequency
    if wavelength > original / turns.low { return frequency / factor }
    if wavelength < original / turns.high { return frequency }
    let smooth = (original / wavelength - turns.low) / (turns.high - turns.low)
    return (1 - smooth) * frequency / factor + smooth * frequency
  }
}
