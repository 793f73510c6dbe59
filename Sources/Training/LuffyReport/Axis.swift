import Glibc
import LuffyRecords

/// One direction of a chart: values to positions, with ticks at round numbers.
struct Axis {
  enum Scale { case linear, logarithmic }
  enum Format { case number, percent, bytes }

  let scale: Scale
  let format: Format
  let low: Double
  let high: Double

  /// Covers the values, widened to the ticks around them where `isNice`. Never empty.
  init(
    _ values: some Sequence<Double>, scale: Scale = .linear, format: Format = .number,
    including: [Double] = [], isNice: Bool = true
  ) {
    let all = Array(values.filter(\.isFinite)) + including
    var low = all.min() ?? 0
    var high = all.max() ?? 1
    self.scale = scale
    self.format = format
    if scale == .logarithmic {
      self.low = max(low, 1e-12)
      self.high = max(high, max(low, 1e-12) * 10)
      return
    }
    if high - low < 1e-12 * max(1, abs(high)) {
      let margin = max(abs(high) * 0.05, 0.5)
      if low > 0 || low < 0 { low -= margin }
      high += margin
    }
    if isNice {
      let step = Self.step(high - low, 4)
      low = (low / step).rounded(.down) * step
      high = (high / step).rounded(.up) * step
    }
    self.low = low
    self.high = high
  }

  /// 0 at the low end, 1 at the high end.
  func position(_ value: Double) -> Double {
    switch scale {
    case .linear: (value - low) / (high - low)
    case .logarithmic: log(max(value, 1e-300) / low) / log(high / low)
    }
  }

  var ticks: [Double] {
    switch scale {
    case .linear:
      let step = Self.step(high - low, 4)
      let first = (low / step - 1e-9).rounded(.up)
      return (0..<12).map { (first + Double($0)) * step }.filter { $0 <= high + step * 1e-6 }
    case .logarithmic:
      let first = Int(log10(low).rounded(.up))
      let last = Int((log10(high) + 1e-9).rounded(.down))
      return first > last ? [] : (first...min(last, first + 12)).map { pow(10, Double($0)) }
    }
  }

  func label(_ value: Double) -> String { Self.label(value, format) }

  /// Short: 25 %, 1.5 M, 0.002.
  static func label(_ value: Double, _ format: Format) -> String {
    switch format {
    case .percent: return trimmed(100 * value) + " %"
    case .bytes:
      for (unit, size) in [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)] where abs(value) >= size {
        return trimmed(value / size) + " " + unit
      }
      return trimmed(value) + " B"
    case .number:
      for (unit, size) in [("G", 1e9), ("M", 1e6), ("k", 1e4)] where abs(value) >= size {
        return trimmed(value / (unit == "k" ? 1e3 : size)) + " " + unit
      }
      return trimmed(value)
    }
  }

  /// Three significant digits without trailing zeros.
  private static func trimmed(_ value: Double) -> String {
    if value == 0 || abs(value) < 1e-12 { return "0" }
    let rounded = value.significant(3)
    guard let number = Double(rounded), abs(number) >= 1e-4, abs(number) < 1e6 else {
      return rounded
    }
    return number.significant(7)
  }

  /// A round distance (1, 2 or 5 times a power of ten) that cuts a span in about so many parts.
  private static func step(_ span: Double, _ parts: Double) -> Double {
    let raw = max(span, 1e-300) / parts
    let power = pow(10, log10(raw).rounded(.down))
    let factor = raw / power
    return power * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10)
  }
}
