import LuffyJSON
import LuffyRecords

/// A difference that a claim says is positive: one number a seed.
package struct Statement: Equatable, Sendable {
  package enum Verdict: String, Sendable { case holds, fails, undecided }

  package var text: String
  package var difference: SeedMean?
  package var verdict: Verdict

  /// Holds where the 95 % interval over seeds lies above 0, fails where it lies below.
  package init(_ text: String, _ values: [Double]) {
    self.text = text
    difference = SeedMean(values)
    if let low = difference?.low, low > 0 {
      verdict = .holds
    } else if let high = difference?.high, high < 0 {
      verdict = .fails
    } else {
      verdict = .undecided
    }
  }
}

/// A claim of the paper, and what the figures say of it.
package struct Claim: Equatable, Sendable {
  package enum Verdict: String, Sendable { case confirmed, refuted, undecided }

  package var name: String
  package var text: String
  package var statements: [Statement]
  package var verdict: Verdict

  /// Confirmed where every statement holds, refuted where one fails, else undecided.
  package init(_ name: String, _ text: String, _ statements: [Statement]) {
    self.name = name
    self.text = text
    self.statements = statements
    verdict =
      if statements.contains(where: { $0.verdict == .fails }) {
        .refuted
      } else if statements.allSatisfy({ $0.verdict == .holds }) {
        .confirmed
      } else { .undecided }
  }

  /// The rule, in words, for reports.
  package static let rule = """
    A statement is a difference of one number a seed, paired by seed. It holds where its 95 % t-interval over \
    seeds lies above 0, fails where it lies below 0, and is undecided else. A claim is confirmed where all its \
    statements hold, refuted where one fails, and undecided else.
    """

  /// On-policy GRPO "does not learn" if its held-out pass@1 gains less than this.
  package static let gainMargin = 0.05

  /// Claims whose arms were all run.
  package static func all(_ results: SeedSeries) -> [Claim] {
    let has = Set(results.arms)
    var claims: [Claim] = []
    if has.isSuperset(of: ["luffy", "on_policy"]) { claims.append(learning(results)) }
    if has.isSuperset(of: ["luffy", "mixed_policy"]) { claims.append(shaping(results)) }
    if has.isSuperset(of: ["luffy", "sft"]) { claims.append(generalization(results)) }
    return claims
  }

  private static func learning(_ results: SeedSeries) -> Claim {
    let onPolicy = results.gain("on_policy", .heldOutPass1)
    return Claim(
      "a", "Where on-policy reward is near zero, LUFFY learns and on-policy GRPO does not.",
      [
        Statement(
          "\(gainMargin) − held-out pass@1 of the base",
          results.start("luffy", .heldOutPass1).map { gainMargin - $0 }),
        Statement(
          "gain of LUFFY's held-out pass@1 over the base − \(gainMargin)",
          results.gain("luffy", .heldOutPass1).map { $0 - gainMargin }),
        Statement(
          "\(gainMargin) − gain of on-policy GRPO's held-out pass@1",
          onPolicy.map { gainMargin - $0 }),
      ])
  }

  private static func shaping(_ results: SeedSeries) -> Claim {
    Claim(
      "b",
      "Without shaping entropy falls faster and low-probability teacher tokens stay unlearned.",
      [
        Statement(
          "entropy of LUFFY − of mixed policy without shaping, mean over training",
          difference(results.average("luffy", .entropy), results.average("mixed_policy", .entropy))),
        Statement(
          "probability of the rarest tenth of teacher tokens, LUFFY − mixed policy, at the end",
          difference(
            results.end("luffy", .rarestTeacherProbability),
            results.end("mixed_policy", .rarestTeacherProbability))),
      ])
  }

  private static func generalization(_ results: SeedSeries) -> Claim {
    Claim(
      "c", "LUFFY generalises better than SFT out of distribution.",
      [
        Statement(
          "pass@1 on longer problems, LUFFY − SFT, at the end",
          difference(results.end("luffy", .longerPass1), results.end("sft", .longerPass1)))
      ])
  }

  private static func difference(_ left: [Double], _ right: [Double]) -> [Double] {
    zip(left, right).map { $0 - $1 }
  }
}

extension Statement: JSONWritable {
  package func write(to writer: JSONWriter) {
    writer.object {
      if let difference {
        writer.key("difference")
        difference.write(to: writer)
      }
      writer.member("text", text)
      writer.member("verdict", verdict.rawValue)
    }
  }
}

extension Claim: JSONWritable {
  package func write(to writer: JSONWriter) {
    writer.object {
      writer.member("name", name)
      writer.key("statements")
      writer.array { for statement in statements { statement.write(to: writer) } }
      writer.member("text", text)
      writer.member("verdict", verdict.rawValue)
    }
  }
}
