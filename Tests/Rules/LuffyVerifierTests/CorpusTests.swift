import LuffyJSON
import LuffyTestSupport
import LuffyVerifier
import Testing

/// Agreement with Math-Verify 0.9 on the open corpus; a disputed row counts for the right verdict.
@Suite(.enabled(if: ReferenceData.isPresent)) struct CorpusTests {
  private struct Row {
    let gold: String
    let response: String
    let isRight: Bool
    let kind: String
    let isMutated: Bool
  }

  private static func rows() throws -> [Row] {
    try ReferenceData.lines("verifier/corpus.jsonl").map { document in
      let row = document.root
      let verdict = row["verdict"]?.bool ?? false
      return Row(
        gold: row["gold"]?.string ?? "", response: row["pred"]?.string ?? "",
        isRight: row["disputed"]?.bool == true ? !verdict : verdict,
        kind: row["kind"]?.string ?? "", isMutated: row["intended_equal"]?.bool == false)
    }
  }

  @Test func agreesWithMathVerify() throws {
    let verifier = MathVerifier()
    var total: [String: Int] = [:]
    var agreed: [String: Int] = [:]
    var (mutated, falseRight) = (0, 0)
    for row in try Self.rows() {
      let isCorrect = verifier.verify(reference: row.gold, response: row.response).isCorrect
      total[row.kind, default: 0] += 1
      if isCorrect == row.isRight { agreed[row.kind, default: 0] += 1 }
      if row.isMutated, !row.isRight {
        mutated += 1
        if isCorrect { falseRight += 1 }
      }
    }
    var (rows, good) = (0, 0)
    for (kind, count) in total.sorted(by: { $0.value > $1.value }) {
      let share = Double(agreed[kind, default: 0]) / Double(count)
      print("\(kind): \(agreed[kind, default: 0]) of \(count)")
      (rows, good) = (rows + count, good + agreed[kind, default: 0])
      if count >= 50 { #expect(share >= 0.97, "\(kind)") }
    }
    print("all: \(good) of \(rows); false rights on mutated answers: \(falseRight) of \(mutated)")
    #expect(Double(good) >= 0.99 * Double(rows))
    #expect(Double(falseRight) <= 0.002 * Double(mutated))
  }

  @Test func passesMathVerifysOwnTests() throws {
    var (rows, good) = (0, 0)
    for document in try ReferenceData.lines("verifier/mathverify_tests.jsonl") {
      let row = document.root
      guard let gold = row["gold"]?.string, let response = row["pred"]?.string,
        let expected = row["expected"]?.bool
      else { continue }
      let verifier = MathVerifier(options: Self.options(row))
      rows += 1
      if verifier.verify(reference: gold, response: response).isCorrect == expected { good += 1 }
    }
    print("Math-Verify's tests: \(good) of \(rows)")
    #expect(Double(good) >= 0.97 * Double(rows))
    #expect(rows > 200)
  }

  private static func options(_ row: JSONNode) -> VerifierOptions {
    var options = VerifierOptions(reference: .verbatim)
    switch row["config"]?.string {
    case "latex(boxed_match_priority=0)+expr": options.extraction.boxed = .first
    case "latex(boxed_match_priority=0)":
      options.extraction.boxed = .first
      options.extraction.expression = false
    case "expr": options.extraction.latex = false
    default: break
    }
    let settings = row["verify_kw"]
    if let text = settings?["float_rounding"]?.string, let decimals = Int(text) {
      options.comparison.floatRounding = decimals
    }
    options.comparison.strictVariables = settings?["strict"]?.string != "False"
    options.comparison.setMatchesRelation =
      settings?["allow_set_relation_comp"]?.string == "True"
    return options
  }

  /// Every reference answer is right for itself, in a box, and for its boxed worked solution.
  @Test(arguments: [
    "benchmarks/math500", "benchmarks/aime24", "benchmarks/aime25", "benchmarks/amc23",
    "benchmarks/minerva_math", "benchmarks/olympiadbench", "benchmarks/luffy_valid",
    "benchmarks/gsm8k_test", "benchmarks/svamp", "traces/teacher_math4500",
  ])
  func acceptsReferences(file: String) throws {
    let verifier = MathVerifier()
    var (rows, good) = (0, 0)
    for document in try ReferenceData.lines(file + ".jsonl") {
      guard let answer = document.root["answer"]?.string else { continue }
      var responses = [answer, "So the answer is $\\boxed{\(answer)}$."]
      if let solution = document.root["solution"]?.string, solution.contains("\\boxed") {
        responses.append(solution)
      }
      for response in responses {
        rows += 1
        if verifier.verify(reference: answer, response: response).isCorrect { good += 1 }
      }
    }
    print("\(file): \(good) of \(rows)")
    #expect(Double(good) >= 0.995 * Double(rows))
  }
}
