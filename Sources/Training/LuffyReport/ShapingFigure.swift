import Glibc
import LuffyRun
import LuffyObjective

/// What shaping does to a teacher token: its weight and its gradient weight by its probability.
struct ShapingFigure {
  /// Of LUFFY's f(π) = π/(π+γ).
  var gamma = 0.1
  let rows: [SampledRow]

  private static let probabilities = (0...60).map { pow(10, -3 + Double($0) / 20) }

  var markup: Markup {
    let traces = rows.filter { $0.source != "on_policy" && $0.gradientWeights != nil }
    guard !traces.isEmpty else { return .nothing }
    return .section(
      "What shaping does to teacher tokens",
      [
        .paragraph(
          "Off-policy tokens enter with π_φ = 1. Without shaping their weight, and their gradient weight, is π: a token "
            + "that the policy finds unlikely is hardly learned. LUFFY's f(π) = π/(π+γ), γ = \(gamma), makes the "
            + "gradient weight γπ/(π+γ)²: largest at π = γ, small where the token is known. Dots: the sampled traces."
        ),
        Legend(entries: [("without shaping", 1), ("with shaping", 0)]).markup,
        .element(
          "div", ["class": "charts"],
          [
            chart(
              "Importance weight by π", traces, { $0.shapedWeights },
              { [gamma] in
                Shaping.saturating(gamma: gamma).apply(logprob: log($0), denominator: 0).ratio
              }
            ).figure,
            chart(
              "Gradient weight by π", traces, { $0.gradientWeights },
              { [gamma] in
                Shaping.saturating(gamma: gamma).apply(logprob: log($0), denominator: 0).slope
              }
            ).figure,
          ]),
      ])
  }

  private func chart(
    _ title: String, _ traces: [SampledRow], _ values: (SampledRow) -> [Double]?,
    _ shaped: (Double) -> Double
  ) -> LineChart {
    let plain = Self.probabilities.map { LineChart.Point($0, $0) }
    let curve = Self.probabilities.map { LineChart.Point($0, shaped($0)) }
    let dots = traces.flatMap { row in
      zip(row.logprobs, values(row) ?? []).map { LineChart.Point(max(exp($0), 1e-3), $1) }
    }
    return LineChart(
      title: title, xTitle: "π_θ of the teacher token", xScale: .logarithmic,
      includes: [0, 1],
      series: [
        LineChart.Series(name: "without shaping", slot: 1, points: plain),
        LineChart.Series(name: "with shaping", slot: 0, points: curve),
        LineChart.Series(name: "sampled tokens", slot: 6, points: dots, isScatter: true),
      ])
  }
}
