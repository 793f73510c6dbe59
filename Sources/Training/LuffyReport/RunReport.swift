import LuffyCheckpoint
import LuffyRun

/// The page of one run: configuration, curves a stage, throughput and memory, sample rollouts.
struct RunReport {
  let directory: RunDirectory
  private let metrics: MetricsFile
  private let samples: [SampledRow]

  init(_ directory: RunDirectory) throws {
    self.directory = directory
    metrics = try MetricsFile(directory.metrics)
    samples = FileSystem.exists(directory.samples) ? try SampledRow.all(directory.samples) : []
  }

  var page: ReportPage {
    ReportPage(
      title: "luffy run \(FileSystem.name(of: directory.path))", summary: [summary],
      sections: metrics.stages.reversed().map(curves) + [
        ShapingFigure(rows: samples).markup, TokenSection(rows: samples).markup,
        ConfigurationTable(directory.path).markup,
      ])
  }

  private var summary: Markup {
    let parts = metrics.stages.map { "\($0.lines.count) steps of \($0.name)" }
    let tokens = metrics.stages.flatMap { $0.lines }.reduce(0.0) {
      $0 + ($1["timing_s/step"] ?? 0) * ($1["perf/tokens_per_second"] ?? 0)
    }
    let seconds = metrics.stages.flatMap { $0.lines }.reduce(0.0) {
      $0 + ($1["timing_s/step"] ?? 0)
    }
    let peak = metrics.stages.flatMap { $0.lines }.compactMap { $0["memory/peak_bytes"] }.max()
    var text = parts.joined(separator: ", then ") + "."
    text +=
      " \(Axis.label(tokens, .number)) tokens trained on in \(Axis.label(seconds, .number)) s of updates"
    if seconds > 0 { text += ", \(Axis.label(tokens / seconds, .number)) a second" }
    if let peak { text += "; at most \(Axis.label(peak, .bytes)) of memory" }
    return .paragraph(text + ".")
  }

  /// What is drawn, where a stage has it.
  private static let charts: [(name: String, title: String, format: Axis.Format)] = [
    ("on_off_metrics/on_score", "Reward of own rollouts", .percent),
    ("actor/entropy_loss", "Entropy (nats a token)", .number),
    ("actor/off_policy_prob", "Probability of teacher tokens", .percent),
    ("on_off_metrics/on_response_length_mean", "Length of own rollouts (tokens)", .number),
    ("actor/loss", "Loss", .number),
    ("actor/grad_norm", "Gradient norm before clipping", .number),
    ("batch/zero_signal_groups", "Groups without a signal", .number),
    ("perf/tokens_per_second", "Tokens trained on a second", .number),
    ("memory/peak_bytes", "Peak memory", .bytes),
  ]

  private func curves(_ stage: MetricsFile.Stage) -> Markup {
    let figures = Self.charts.map { chart in
      LineChart(
        title: chart.title, note: chart.name, xTitle: "step of \(stage.name)",
        yFormat: chart.format, includes: chart.format == .percent ? [0] : [],
        clamp: chart.format == .percent ? 0...1 : nil,
        series: [
          LineChart.Series(name: chart.title, slot: 0, points: stage.curve(chart.name))
        ]
      ).figure
    }
    return .section(
      "Stage \(stage.name)",
      [
        .element(
          "p", ["class": "note"],
          text:
            "Lines: means of consecutive steps; bands: their 95 % intervals by the spread of these steps."
        ),
        .element("div", ["class": "charts"], figures),
      ])
  }
}
