import LuffyTestSupport
import LuffyTokenizer
import LuffyTrainer
import LuffyVerifier
import Testing

@Suite struct TracePreparationTests {
  @Test(.enabled(if: ReferenceData.isPresent)) func tracesAreJudgedAndCounted() throws {
    var preparation = TracePreparation(
      tokenizer: try Tokenizer.load(path: ReferenceData.path("tokenizer/smollm2.tokenizer.json")),
      template: .chatML, maximumTraceTokens: 20,
      maximumPromptTokens: 40, tracesPerProblem: 2)
    func add(_ problem: String, _ answer: String, _ texts: [String], _ teacher: String) throws {
      try preparation.add(
        problem: problem, answer: answer,
        traces: texts.map { TeacherTrace(text: $0, teacher: teacher) })
    }
    let long = "1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 = \\boxed{2}"
    try add("1 + 1?", "2", ["\\boxed{2}", "\\boxed{3}", "\\boxed{2}", " ", "so?", long], "a")
    try add("1 + 1?", "2.0", ["It is \\boxed{2}.", "I say \\boxed{2}."], "b")
    try add("1 + 1?", "3", ["\\boxed{3}"], "b")
    try add("2 + 2?", "4", ["\\boxed{5}"], "b")
    try add(String(repeating: "word ", count: 50), "4", ["\\boxed{4}"], "b")

    let problems = preparation.problems
    #expect(problems.count == 1 && preparation.problemsRead == 3)
    #expect(problems[0].traces.map(\.text) == ["\\boxed{2}", "It is \\boxed{2}."])
    #expect(problems[0].traces.map(\.teacher) == ["a", "b"])
    let first = try #require(preparation.counts["a"])
    #expect(first.read == 6 && first.kept == 1)
    #expect(
      first.dropped == [.wrong: 1, .duplicate: 1, .empty: 1, .unparsed: 1, .overLong: 1])
    let second = try #require(preparation.counts["b"])
    #expect(second.read == 5 && second.kept == 1)
    #expect(
      second.dropped == [.surplus: 1, .answerConflict: 1, .wrong: 1, .longPrompt: 1])
    #expect(second.longest == problems[0].traces[1].tokens)
  }
}
