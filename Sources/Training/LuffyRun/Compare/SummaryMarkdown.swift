import LuffyRecords

/// `summary.md`: the figures as tables, and the claims.
package struct SummaryMarkdown {
  package let summary: ComparisonSummary

  package init(_ summary: ComparisonSummary) { self.summary = summary }

  private static let columns: [Measure] = [
    .heldOutPass1, .heldOutPass8, .longerPass1, .longerPass8, .entropy, .length,
    .rarestTeacherProbability,
  ]

  package var text: String {
    ([
      "# Comparison over \(summary.seeds) seeds", "",
      "Mean ± half the 95 % t-interval over seeds, at the end of the budget. Shares in percent.",
      "",
    ] + endTable + ["", "## LUFFY minus the other arm, paired by seed", ""] + differenceTable
      + ["", "## Teacher tokens by tenths of the base's probability (rarest first), percent", ""]
      + decileTable + ["", "## Claims", "", Claim.rule, ""] + claims).joined(separator: "\n") + "\n"
  }

  private var endTable: [String] {
    let rows =
      [row("base", summary.base)] + summary.arms.map { row($0.title, $0.end) }
    return table(["arm"] + Self.columns.map(\.title), rows)
  }

  private var differenceTable: [String] {
    let titles = Dictionary(
      summary.arms.map { ($0.name, $0.title) }, uniquingKeysWith: { first, _ in first })
    return table(
      ["against"] + Self.columns.map(\.title),
      summary.differences.map { row(titles[$0.against] ?? $0.against, $0.measures) })
  }

  private var decileTable: [String] {
    func cells(_ title: String, _ deciles: [SeedMean]) -> [String] {
      [title] + deciles.map { Self.cell($0, share: true) }
    }
    return table(
      ["arm"] + (1...10).map(String.init),
      [cells("base", summary.baseDeciles)]
        + summary.arms.map { cells($0.title, $0.teacherDeciles) })
  }

  private var claims: [String] {
    summary.claims.flatMap { claim in
      ["**(\(claim.name)) \(claim.text)** → **\(claim.verdict.rawValue)**", ""]
        + claim.statements.map { statement in
          "- \(statement.text): \(Self.signed(statement.difference)) → \(statement.verdict.rawValue)"
        } + [""]
    }
  }

  private func row(_ title: String, _ values: [String: SeedMean]) -> [String] {
    [title]
      + Self.columns.map { Self.cell(values[$0.rawValue], share: $0.isShare) }
  }

  /// Percent for shares, two digits for the others; "–" where nothing was measured.
  package static func cell(_ estimate: SeedMean?, share: Bool) -> String {
    guard let estimate else { return "–" }
    let factor = share ? 100.0 : 1
    let digits = share ? 1 : 2
    let mean = (factor * estimate.mean).rounded(to: digits)
    guard let half = estimate.half else { return mean }
    return "\(mean) ± \((factor * half).rounded(to: digits))"
  }

  package static func signed(_ estimate: SeedMean?) -> String {
    guard let estimate else { return "not measured" }
    let half = estimate.half.map { " ± \($0.rounded(to: 3))" } ?? ""
    return "\(estimate.mean.rounded(to: 3))\(half)"
  }

  private func table(_ head: [String], _ rows: [[String]]) -> [String] {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    return [line(head), line(head.map { _ in "---" })] + rows.map(line)
  }
}
