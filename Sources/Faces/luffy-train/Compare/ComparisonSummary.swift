/// The figures of a comparison: `summary.json`.
struct ComparisonSummary: Codable, Sendable {
  struct ArmSummary: Codable, Sendable {
    var name: String
    var title: String
    /// At the end of the budget, by measure.
    var end: [String: SeedMean]
    /// Mean π_θ of teacher tokens by tenths of the base's probability, at the end.
    var teacherDeciles: [SeedMean]
    /// Tokens spent, the mean over seeds.
    var tokens: Double

    enum CodingKeys: String, CodingKey {
      case name, title, end, tokens
      case teacherDeciles = "teacher_deciles"
    }
  }

  /// LUFFY minus another arm at the end, paired by seed.
  struct Difference: Codable, Sendable {
    var arm: String
    var against: String
    var measures: [String: SeedMean]
  }

  var seeds: Int
  var base: [String: SeedMean]
  var baseDeciles: [SeedMean]
  var arms: [ArmSummary]
  var differences: [Difference]
  var claims: [Claim]
  var rule: String

  enum CodingKeys: String, CodingKey {
    case seeds, base, arms, differences, claims, rule
    case baseDeciles = "base_teacher_deciles"
  }

  init(_ measurements: [Measurement], titles: [String: String]) {
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
