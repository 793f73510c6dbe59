import Glibc

/// The parameters of llama3 rope scaling, recovered from the factors that a GGUF file stores
/// instead.
///
/// With the wavelength λ = 2π·θ^(2i/E) of pair i, the factor that divides the frequency is 1 where
/// λ < original/high, `factor` where λ > original/low, and between them 1 / ((1 − s)/factor + s)
/// with s = (original/λ − low)/(high − low). Scaling low, high and original together changes
/// nothing, so low is 1.
struct Llama3Scaling {
  let factor: Double
  let lowFrequencyFactor: Double
  let highFrequencyFactor: Double
  let originalContext: Int

  /// Nil unless some parameters reproduce every factor within 1e-4.
  init?(factors: [Float], theta: Double, headWidth: Int) {
    guard factors.count == headWidth / 2, let last = factors.last, last.isFinite, last > 1 else {
      return nil
    }
    let waves = (0..<factors.count).map { index in
      2 * Double.pi * pow(theta, Double(2 * index) / Double(headWidth))
    }
    factor = Double(last)
    lowFrequencyFactor = 1
    // The published models' values first; rounding in f32 would blur a fit.
    let published = (high: 4.0, original: 8192.0)
    for guess in [published, Self.fit(factors, waves, factor: Double(last))].compactMap({ $0 }) {
      let close = zip(factors, waves).allSatisfy { stored, wave in
        let expected = Self.factor(
          wave, factor: Double(last), high: guess.high, original: guess.original)
        return abs(Double(stored) - expected) <= 1e-4 * expected
      }
      if close {
        highFrequencyFactor = guess.high
        originalContext = Int(guess.original)  // bounded by the fit
        return
      }
    }
    return nil
  }

  private static func factor(
    _ wave: Double, factor: Double, high: Double, original: Double
  ) -> Double {
    if wave < original / high { return 1 }
    if wave > original { return factor }
    let smooth = (original / wave - 1) / (high - 1)
    return 1 / ((1 - smooth) / factor + smooth)
  }

  /// s is linear in 1/λ: the line through the first and last pair between the two regions.
  private static func fit(
    _ factors: [Float], _ waves: [Double], factor: Double
  ) -> (high: Double, original: Double)? {
    let between = factors.indices.filter { factors[$0] > 1 && Double(factors[$0]) < factor }
    guard let first = between.first, let last = between.last, first < last else { return nil }
    func smooth(_ index: Int) -> Double {
      (1 / Double(factors[index]) - 1 / factor) / (1 - 1 / factor)
    }
    let slope = (smooth(first) - smooth(last)) / (1 / waves[first] - 1 / waves[last])
    let high = 1 + 1 / (slope / waves[first] - smooth(first))
    let original = (slope * (high - 1)).rounded()
    guard high.isFinite, high > 1, original > 0, original < 1e12 else { return nil }
    return (high, original)
  }
}
