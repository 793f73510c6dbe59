import LuffyRun
import Testing

/// Student's t, means over seeds, and the rules by which claims are judged.
@Suite struct StatisticsTests {
  /// Quantiles of the t table (two-sided 95 %).
  @Test(arguments: [(1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (30, 2.042), (120, 1.980)])
  func quantiles(degrees: Int, expected: Double) {
    #expect(abs(StudentT.quantile(0.975, degrees: Double(degrees)) - expected) < 5e-4)
    let t = StudentT.quantile(0.9, degrees: Double(degrees))
    #expect(abs(StudentT.cumulative(t, degrees: Double(degrees)) - 0.9) < 1e-9)
    #expect(abs(StudentT.cumulative(-t, degrees: Double(degrees)) - 0.1) < 1e-9)
  }

  @Test func meansOverSeeds() throws {
    #expect(SeedMean([]) == nil)
    let one = try #require(SeedMean([3]))
    #expect(one.mean == 3 && one.half == nil && one.low == nil)
    let three = try #require(SeedMean([1, 2, 3]))
    #expect(three.mean == 2 && abs((three.half ?? 0) - 4.3027 / 3.0.squareRoot()) < 1e-3)
  }

  @Test func statements() {
    #expect(Statement("", [0.1, 0.11, 0.12]).verdict == .holds)
    #expect(Statement("", [-0.1, -0.11, -0.12]).verdict == .fails)
    #expect(Statement("", [0.1, -0.1, 0.2]).verdict == .undecided)
    #expect(Statement("", [0.1]).verdict == .undecided && Statement("", []).verdict == .undecided)
    let (holds, fails, open) = (
      Statement("", [1, 1.1]), Statement("", [-1, -1.1]), Statement("", [1, -1])
    )
    #expect(Claim("", "", [holds, holds]).verdict == .confirmed)
    #expect(Claim("", "", [holds, open]).verdict == .undecided)
    #expect(Claim("", "", [open, fails]).verdict == .refuted)
  }
}
