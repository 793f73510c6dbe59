/// The numbers that a stretch of a quantised row can hold, and which originals are rounded to each.
///
/// A stored value v stands for an original in v ± (step/2 + slack). The outermost values stand for more: a quantiser
/// cuts off what lies beyond them.
struct RoundingGrid {
  private var step: Float
  private var lowest: Float
  private var highest: Float
  /// How far an original may lie beyond the outermost values.
  private var below: Float = 0
  private var above: Float = 0
  /// What the rounding of a scale moves a value by, of its own size and in itself.
  private var relativeSlack: Float = 0
  private var slack: Float = 0

  /// Half a unit in the last place of float16, of a normal number and of a subnormal one.
  private static let halfRelative = Float(sign: .plus, exponent: -11, significand: 1)
  private static let halfAbsolute = Float(sign: .plus, exponent: -25, significand: 1)
  /// Room for the float32 arithmetic of quantisers.
  private static let arithmetic: Float = 1e-5

  /// Elements that share a grid.
  static func length(_ type: StoredType) -> Int {
    switch type {
    case .q6_K: 16
    case .f32, .f16, .bf16: 1
    default: 32
    }
  }

  /// The grid of stretch `index` of the row that starts at `row`; `value` is the stretch's first decoded value.
  init(_ type: StoredType, _ row: UnsafeRawPointer, stretch index: Int, value: Float) {
    let (elements, bytes) = type.block
    let stretches = max(1, elements / Self.length(type))
    let block = row + index / stretches * bytes
    switch type {
    case .q8_0: self.init(scale: loadHalf(block, 0), codes: -127...127)
    case .q4_0: self.init(signed: loadHalf(block, 0), half: 8)
    case .q5_0: self.init(signed: loadHalf(block, 0), half: 16)
    case .q4_1: self.init(loadHalf(block, 0), offset: loadHalf(block, 2), codes: 15)
    case .q5_1: self.init(loadHalf(block, 0), offset: loadHalf(block, 2), codes: 31)
    case .q4_K: self.init(superBlock: block, index % stretches, codes: 15)
    case .q5_K: self.init(superBlock: block, index % stretches, codes: 31)
    case .q6_K:
      let code = (block + 192 + index % stretches).load(as: Int8.self)
      self.init(super: loadHalf(block, 208), Float(code))
    case .f16: self.init(single: value, relative: Self.halfRelative)
    case .bf16: self.init(single: value, relative: 1.0 / 256)
    default: self.init(single: value, relative: 0)
    }
  }

  /// The smallest and the largest original of a stored value.
  func originals(of value: Float) -> (least: Float, most: Float) {
    let room = 0.5 * step + slack + (relativeSlack + Self.arithmetic) * abs(value)
    let least = value - room - (value <= lowest + 0.5 * step ? below : 0)
    let most = value + room + (value >= highest - 0.5 * step ? above : 0)
    return (least, most)
  }

  private init(scale: Float, codes: ClosedRange<Float>) {
    step = abs(scale)
    lowest = codes.lowerBound * step
    highest = codes.upperBound * step
    relativeSlack = Self.halfRelative
    slack = codes.upperBound * Self.halfAbsolute
  }

  /// Codes −half…half − 1, of which the first is exact; what would be +half is cut off by one step.
  private init(signed scale: Float, half: Float) {
    self.init(scale: scale, codes: scale < 0 ? (1 - half)...half : -half...(half - 1))
    if scale < 0 { below = step } else { above = step }
  }

  private init(_ scale: Float, offset: Float, codes: Float) {
    self.init(scale: scale, codes: 0...codes)
    lowest = offset
    highest = offset + codes * step
    slack += 2 * abs(offset) * Self.halfRelative + Self.halfAbsolute
  }

  private init(single value: Float, relative: Float) {
    (step, lowest, highest) = (0, value, value)
    relativeSlack = relative
    slack = relative == 0 ? 0 : Self.halfAbsolute
  }

  /// Scales and offsets of sub-blocks are rounded to six bits, which cuts off up to half a unit of theirs.
  private init(superBlock block: UnsafeRawPointer, _ index: Int, codes: Float) {
    let (scale, offset) = scaleAndOffset(block, index)
    let (unit, offsetUnit) = (abs(loadHalf(block, 0)), abs(loadHalf(block, 2)))
    self.init(scale: scale, codes: 0...codes)
    (relativeSlack, slack) = (0, 0)
    lowest = -offset
    highest = codes * step - offset
    below = 0.5 * codes * unit + offsetUnit + 2 * step
    above = below
  }

  /// Scales of sub-blocks are rounded to eight bits.
  private init(super unit: Float, _ code: Float) {
    let scale = unit * code
    self.init(scale: scale, codes: scale < 0 ? -31...32 : -32...31)
    (relativeSlack, slack) = (0, 0)
    below = 16 * abs(unit) + 2 * step
    above = below
  }
}
