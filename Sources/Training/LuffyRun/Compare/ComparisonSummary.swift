import LuffyJSON
import LuffyRecords

/// The figures of a comparison: `summary.json`.
package struct ComparisonSummary: Sendable {
  package struct ArmSummary: Sendable {
    package var name: String
    package var title: String
    /// At the end of the budget, by measure.
    package var end: [String: SeedMean]
    /// Mean π_θ of teacher tokens by tenths of the base's probability, at the end.
    package var teacherDeciles: [SeedMean]
    /// Tokens spent, the mean over seeds.
    package var tokens: Double
  }

  /// LUFFY minus another arm at the end, paired by seed.
  package struct Difference: Sendable {
    package var arm: String
    package var against: String
    package var measures: [String: SeedMean]
  }

  package var seeds: Int
  package var base: [String: SeedMean]
  package var baseDeciles: [SeedMean]
  package var arms: [ArmSummary]
  package var differences: [Difference]
  package var claims: [Claim]
  package var rule: String

  package init(_ measurements: [Measurement], titles: [String: String]) {
    let series = SeedSeries(measurements)
    seeds = series.seeds.count
    let first = series.arms.first ?? ""
    base = Self.estimates { series.start(first, $0) }
    baseDeciles = (0..<10).compactMap { SeedMean(series.deciles(first, $0, at: 0)) }
    arms = series.arms.map { arm in
      ArmSummary(
        name: arm, title: titles[arm] ?? arm, end: Self.estimates { series.end(arm, $0) },
        teacherDeciles: (0..<10).compactMap {
          SeedMean(series.deciles(arm, $0, at: series.points))
        },
        tokens: series.tokens(arm, at: series.points))
    }
    differences = Self.differences(series)
    claims = Claim.all(series)
    rule = Claim.rule
  }

  private static func estimates(_ values: (Measure) -> [Double]) -> [String: SeedMean] {
    var result: [String: SeedMean] = [:]
    for measure in Measure.allCases { result[measure.rawValue] = SeedMean(values(measure)) }
    return result
  }

  private static func differences(_ series: SeedSeries) -> [Difference] {
    guard series.arms.contains("luffy") else { return [] }
    return series.arms.filter { $0 != "luffy" }.map { other in
      Difference(
        arm: "luffy", against: other,
        measures: estimates { measure in
          let left = series.end("luffy", measure)
          let right = series.end(other, measure)
          return left.count == right.count ? zip(left, right).map { $0 - $1 } : []
        })
    }
  }
}

extension ComparisonSummary: JSONWritable {
  package func write(to writer: JSONWriter) {
    writer.object {
      Self.list("arms", arms.map { arm in { Self.write(arm, to: writer) } }, writer)
      Self.means("base", base, writer)
      Self.means("base_teacher_deciles", baseDeciles, writer)
      Self.list("claims", claims.map { claim in { claim.write(to: writer) } }, writer)
      Self.list(
        "differences",
        differences.map { difference in
          {
            writer.object {
              writer.member("against", difference.against)
              writer.member("arm", difference.arm)
              Self.means("measures", difference.measures, writer)
            }
          }
        }, writer)
      writer.member("rule", rule)
      writer.member("seeds", seeds)
    }
  }

  package var prettyJSON: String {
    let writer = JSONWriter(pretty: true)
    write(to: writer)
    return writer.text + "\n"
  }

  private static func write(_ arm: ArmSummary, to writer: JSONWriter) {
    writer.object {
      means("end", arm.end, writer)
      writer.member("name", arm.name)
      means("teacher_deciles", arm.teacherDeciles, writer)
      writer.member("title", arm.title)
      writer.member("tokens", arm.tokens)
    }
  }

  private static func list(_ name: String, _ items: [() -> Void], _ writer: JSONWriter) {
    writer.key(name)
    writer.array { for item in items { item() } }
  }

  private static func means(_ name: String, _ values: [SeedMean], _ writer: JSONWriter) {
    list(name, values.map { value in { value.write(to: writer) } }, writer)
  }

  private static func means(_ name: String, _ values: [String: SeedMean], _ writer: JSONWriter) {
    writer.key(name)
    writer.object {
      for (key, value) in values.sorted(by: { $0.key < $1.key }) {
        writer.key(key)
        value.write(to: writer)
      }
    }
  }
}
