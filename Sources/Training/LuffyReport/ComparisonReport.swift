import LuffyCheckpoint
import LuffyRecords
import LuffyRun

/// The page of a comparison: claims with their figures, curves an arm, tables, costs, sample rollouts.
struct ComparisonReport {
  let directory: ComparisonDirectory
  private let series: SeedSeries
  private let summary: ComparisonSummary
  private let samples: [SampledRow]
  private let timings: [ArmTiming]
  private let titles: [String: String]

  init(_ directory: ComparisonDirectory) throws {
    self.directory = directory
    let measurements = try Measurement.all(directory.measurements)
    titles = Arm.all().titles
    series = SeedSeries(measurements)
    // From the measurements, not from summary.json: the page shows what they say.
    summary = ComparisonSummary(measurements, titles: titles)
    samples = FileSystem.exists(directory.samples) ? try SampledRow.all(directory.samples) : []
    timings = FileSystem.exists(directory.timings) ? try ArmTiming.all(directory.timings) : []
  }

  var page: ReportPage {
    ReportPage(
      title: "luffy comparison \(FileSystem.name(of: directory.path))", summary: [introduction],
      sections: [
        claims, curves, teacherTokens, endTable, differenceTable, costs,
        ShapingFigure(rows: samples.filter { $0.arm == "luffy" }).markup,
        TokenSection(rows: samples, titles: titles).markup,
        ConfigurationTable(directory.path).markup,
      ])
  }

  private func title(_ arm: String) -> String { titles[arm] ?? arm }

  /// An arm keeps its colour whatever else was run.
  private func slot(_ arm: String) -> Int {
    let names = Arm.all().map(\.name)
    return (names.firstIndex(of: arm) ?? Legend.slots - 1) % Legend.slots
  }

  private var introduction: Markup {
    .paragraph(
      "\(series.arms.count) arms from one base a seed, \(series.seeds.count) seeds; every arm may spend the same number "
        + "of tokens, those of rows trained on and those sampled for training. Lines: means over seeds; bands: 95 % "
        + "t-intervals.")
  }

  // MARK: Claims

  private var claims: Markup {
    .section(
      "The paper's claims",
      [.element("p", ["class": "note"], text: Claim.rule)] + summary.claims.map(claim))
  }

  private func claim(_ claim: Claim) -> Markup {
    .element(
      "div", ["class": "claim \(claim.verdict.rawValue)"],
      [
        .element(
          "p", [:],
          [
            .text("(\(claim.name)) \(claim.text) "), .element("b", text: claim.verdict.rawValue),
          ]),
        .element(
          "ul", [:],
          claim.statements.map { statement in
            .element(
              "li",
              text: "\(statement.text): \(SummaryMarkdown.signed(statement.difference)), "
                + statement.verdict.rawValue)
          }),
      ])
  }

  // MARK: Curves

  private var legend: Markup {
    Legend(entries: series.arms.map { (title($0), slot($0)) }).markup
  }

  private var curves: Markup {
    .section(
      "Over training",
      [
        .element("div", ["class": "sticky"], [legend]),
        .element("div", ["class": "charts"], Measure.allCases.map { chart($0).figure }),
      ])
  }

  private func chart(_ measure: Measure) -> LineChart {
    LineChart(
      title: measure.title, xTitle: "tokens spent", xIncludes: [0],
      yFormat: measure.isShare ? .percent : .number,
      includes: [0], clamp: measure.isShare ? 0...1 : 0...Double.greatestFiniteMagnitude,
      series: series.arms.map { arm in
        LineChart.Series(
          name: title(arm), slot: slot(arm),
          points: (0...series.points).compactMap { point in
            SeedMean(series.values(arm, measure, at: point)).map {
              LineChart.Point(series.tokens(arm, at: point), $0)
            }
          })
      })
  }

  private var teacherTokens: Markup {
    let names: [String?] = [nil] + series.arms
    let lines = names.map { arm in
      LineChart.Series(
        name: arm.map(title) ?? "base", slot: arm.map(slot) ?? Legend.slots - 1,
        points: (0..<10).compactMap { decile in
          SeedMean(
            series.deciles(
              arm ?? series.arms.first ?? "", decile, at: arm == nil ? 0 : series.points)
          ).map { LineChart.Point(Double(decile + 1), $0) }
        })
    }
    return .section(
      "Teacher tokens by the base's probability",
      [
        .paragraph(
          "The tokens of 256 traces, in tenths by their probability under the base, fixed at the start: 1 holds the rarest."
        ),
        Legend(entries: [("base", Legend.slots - 1)] + series.arms.map { (title($0), slot($0)) })
          .markup,
        .element(
          "div", ["class": "charts"],
          [
            LineChart(
              title: "Probability at the end", xTitle: "tenth of the base's probability",
              yFormat: .percent, includes: [0], clamp: 0...1, series: lines
            ).figure
          ]),
      ])
  }

  // MARK: Tables

  private static let columns: [Measure] = [
    .heldOutPass1, .heldOutPass8, .longerPass1, .longerPass8, .entropy, .length,
    .rarestTeacherProbability,
  ]

  private var endTable: Markup {
    let rows = [("base", summary.base)] + summary.arms.map { ($0.title, $0.end) }
    return .section(
      "At the end",
      [
        .element(
          "p", ["class": "note"],
          text: "Mean ± half the 95 % t-interval over seeds; shares in percent."),
        table("arm", rows),
      ])
  }

  private var differenceTable: Markup {
    .section(
      "LUFFY minus the other arm, paired by seed",
      [table("against", summary.differences.map { (title($0.against), $0.measures) })])
  }

  private func table(_ corner: String, _ rows: [(String, [String: SeedMean])]) -> Markup {
    .table(
      [corner] + Self.columns.map(\.title),
      rows.map { name, values in
        [name] + Self.columns.map { SummaryMarkdown.cell(values[$0.rawValue], share: $0.isShare) }
      })
  }

  private var costs: Markup {
    guard !timings.isEmpty else { return .nothing }
    let rows = series.arms.compactMap { arm -> [String]? in
      let mine = timings.filter { $0.arm == arm }
      guard !mine.isEmpty else { return nil }
      let count = Double(mine.count)
      let seconds = mine.reduce(0) { $0 + $1.trainingSeconds }
      let trained = mine.reduce(0) { $0 + $1.trainedTokens }
      let sampled = mine.reduce(0) { $0 + $1.sampledTokens }
      return [
        title(arm), Axis.label(Double(mine.reduce(0) { $0 + $1.steps }) / count, .number),
        Axis.label(Double(trained) / count, .number), Axis.label(Double(sampled) / count, .number),
        Axis.label(seconds / count, .number),
        Axis.label(seconds > 0 ? Double(trained + sampled) / seconds : 0, .number),
        Axis.label(Double(mine.map(\.peakBytes).max() ?? 0), .bytes),
      ]
    }
    return .section(
      "What it cost",
      [
        .table(
          [
            "arm", "steps", "tokens trained on", "tokens sampled", "seconds of training",
            "tokens a second", "peak memory of the process",
          ], rows)
      ])
  }
}
