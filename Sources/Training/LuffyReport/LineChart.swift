import LuffyRecords
import LuffyRun

/// Curves with bands, as one inline SVG in a figure.
struct LineChart {
  struct Point {
    var x: Double
    var y: Double
    /// Of the band; nil for none.
    var low: Double?
    var high: Double?

    init(_ x: Double, _ y: Double, low: Double? = nil, high: Double? = nil) {
      (self.x, self.y, self.low, self.high) = (x, y, low, high)
    }

    init(_ x: Double, _ estimate: SeedMean) {
      self.init(x, estimate.mean, low: estimate.low, high: estimate.high)
    }
  }

  struct Series {
    var name: String
    /// Colour and dashes: `Legend.slots` there are.
    var slot: Int
    var points: [Point]
    /// Dots instead of a line.
    var isScatter = false
  }

  var title: String
  var note = ""
  var xTitle: String
  var xScale = Axis.Scale.linear
  /// Values that the x axis reaches in any case.
  var xIncludes: [Double] = []
  var yFormat = Axis.Format.number
  /// Values that the y axis reaches in any case; bands beyond `clamp` are cut.
  var includes: [Double] = []
  var clamp: ClosedRange<Double>?
  var series: [Series]

  private static let width = 360.0
  private static let height = 216.0
  private static let left = 46.0
  private static let right = 10.0
  private static let top = 8.0
  private static let bottom = 36.0

  /// Title, note and drawing; nothing where there is nothing to draw.
  var figure: Markup {
    guard series.contains(where: { !$0.points.isEmpty }) else { return .nothing }
    let noteMarkup = note.isEmpty ? Markup.nothing : .element("p", ["class": "note"], text: note)
    return .element(
      "figure", [:], [.element("figcaption", text: title), noteMarkup, drawing])
  }

  private var xAxis: Axis {
    Axis(series.flatMap { $0.points.map(\.x) }, scale: xScale, including: xIncludes, isNice: false)
  }

  /// Covers curves and bands, but no more of a band than thrice the curves' span.
  private var yAxis: Axis {
    let centers = series.flatMap { $0.points.map(\.y) } + includes
    let span = max((centers.max() ?? 1) - (centers.min() ?? 0), 1e-9)
    let lowest = max((centers.min() ?? 0) - span, clamp?.lowerBound ?? -.infinity)
    let highest = min((centers.max() ?? 1) + span, clamp?.upperBound ?? .infinity)
    let bands = series.flatMap { $0.points.flatMap { [$0.low, $0.high].compactMap { $0 } } }
      .map { min(max($0, lowest), highest) }
    return Axis(centers + bands, format: yFormat)
  }

  private var drawing: Markup {
    let (x, y) = (xAxis, yAxis)
    let marks = series.enumerated().flatMap { _, series in
      series.isScatter
        ? series.points.map { dot($0, series.slot, x, y) }
        : [band(series, x, y), line(series, x, y)]
    }
    return .element(
      "svg",
      [
        "viewBox": "0 0 \(Int(Self.width)) \(Int(Self.height))", "role": "img",
        "aria-label": "\(title) over \(xTitle): "
          + series.map(\.name).joined(separator: ", "),
      ], [grid(x, y)] + marks + [axisTitle])
  }

  private var axisTitle: Markup {
    .element(
      "text",
      [
        "x": Self.number((Self.left + Self.width - Self.right) / 2),
        "y": Self.number(Self.height - 4), "text-anchor": "middle",
      ], text: xTitle)
  }

  private func grid(_ x: Axis, _ y: Axis) -> Markup {
    let base = Self.height - Self.bottom
    let horizontal = y.ticks.map { tick in
      let at = Self.number(py(tick, y))
      return Markup.empty(
        "line",
        [
          "class": "grid", "x1": Self.number(Self.left), "x2": Self.number(Self.width - Self.right),
          "y1": at, "y2": at,
        ])
        + .element(
          "text",
          [
            "x": Self.number(Self.left - 6), "y": Self.number(py(tick, y) + 4),
            "text-anchor": "end",
          ], text: y.label(tick))
    }
    let vertical = x.ticks.map { tick in
      let at = Self.number(px(tick, x))
      return Markup.empty(
        "line",
        [
          "class": "axis", "x1": at, "x2": at, "y1": Self.number(base),
          "y2": Self.number(base + 4),
        ])
        + .element(
          "text",
          ["x": at, "y": Self.number(base + 16), "text-anchor": "middle"], text: x.label(tick))
    }
    let floor = Markup.empty(
      "line",
      [
        "class": "axis", "x1": Self.number(Self.left), "x2": Self.number(Self.width - Self.right),
        "y1": Self.number(base), "y2": Self.number(base),
      ])
    return .element("g", [:], horizontal + vertical + [floor])
  }

  private func band(_ series: Series, _ x: Axis, _ y: Axis) -> Markup {
    let points = series.points.filter { $0.low != nil && $0.high != nil }
    guard points.count > 1 else { return .nothing }
    func corner(_ point: Point, _ value: Double?) -> String {
      let inside = min(max(value ?? point.y, y.low), y.high)
      return "\(Self.number(px(point.x, x))),\(Self.number(py(inside, y)))"
    }
    let outline = points.map { corner($0, $0.high) } + points.reversed().map { corner($0, $0.low) }
    return .empty(
      "polygon", ["class": "b\(series.slot)", "points": outline.joined(separator: " ")])
  }

  private func line(_ series: Series, _ x: Axis, _ y: Axis) -> Markup {
    if series.points.count == 1 { return dot(series.points[0], series.slot, x, y) }
    let points = series.points.map {
      "\(Self.number(px($0.x, x))),\(Self.number(py($0.y, y)))"
    }
    return .element(
      "polyline", ["class": "s\(series.slot)", "points": points.joined(separator: " ")],
      [.element("title", text: series.name)])
  }

  private func dot(_ point: Point, _ slot: Int, _ x: Axis, _ y: Axis) -> Markup {
    .empty(
      "circle",
      [
        "class": "d\(slot)", "cx": Self.number(px(point.x, x)), "cy": Self.number(py(point.y, y)),
        "r": "2.5",
      ])
  }

  private func px(_ value: Double, _ axis: Axis) -> Double {
    Self.left + axis.position(value) * (Self.width - Self.left - Self.right)
  }

  private func py(_ value: Double, _ axis: Axis) -> Double {
    let span = Self.height - Self.top - Self.bottom
    return Self.top + (1 - axis.position(value)) * span
  }

  private static func number(_ value: Double) -> String { value.rounded(to: 1) }
}
