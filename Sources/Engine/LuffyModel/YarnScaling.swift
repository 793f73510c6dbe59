import LuffyKernels

/// YaRN (arXiv 2309.00071): low frequencies divided by a factor, high ones kept, a ramp over the pairs between, and
/// cosines and sines multiplied by an attention factor.
public struct YarnScaling: Equatable, Sendable {
  /// How many times longer the context is than the one before.
  public var factor: Double
  /// Positions of the model before it was stretched.
  public var originalPositions: Double
  /// Multiplies cosines and sines.
  public var attentionFactor: Double
  /// Pairs that turn more often than this within the original positions are kept.
  public var fastRotations: Double
  /// Pairs that turn less often than this are divided by the factor.
  public var slowRotations: Double
  /// The ramp's ends are whole pairs.
  public var truncates: Bool

  /// - Parameter attentionFactor: nil means 0.1 ln(factor) + 1.
  public init(
    factor: Double, originalPositions: Double, attentionFactor: Double? = nil,
    rotations: (fast: Double, slow: Double) = (defaultFastRotations, defaultSlowRotations),
    truncates: Bool = true
  ) {
    self.factor = factor
    self.originalPositions = originalPositions
    self.attentionFactor = attentionFactor ?? Self.magnitude(factor)
    fastRotations = rotations.fast
    slowRotations = rotations.slow
    self.truncates = truncates
  }

  public static let defaultFastRotations = 32.0
  public static let defaultSlowRotations = 1.0

  /// 0.1 · scale · ln(factor) + 1: what the longer context takes from the attention's sharpness.
  package static func magnitude(_ factor: Double, scale: Double = 1) -> Double {
    factor <= 1 ? 1 : 0.1 * scale * Elementary.log(factor) + 1
  }

  /// The first and last pair of the ramp, for heads of E = `width` numbers.
  func ramp(width: Int, theta: Double) -> (low: Double, high: Double) {
    var low = pair(turning: fastRotations, width, theta)
    var high = pair(turning: slowRotations, width, theta)
    if truncates {
      low = low.rounded(.down)
      high = high.rounded(.up)
    }
    low = max(low, 0)
    high = min(high, Double(width - 1))
    return (low, low == high ? high + 0.001 : high)
  }

  /// The pair, as a real number, that turns so often within the original positions.
  private func pair(turning rotations: Double, _ width: Int, _ theta: Double) -> Double {
    let wavelengths = Elementary.log(originalPositions / (rotations * 2 * Double.pi))
    return Double(width) * wavelengths / (2 * Elementary.log(theta))
  }
}
