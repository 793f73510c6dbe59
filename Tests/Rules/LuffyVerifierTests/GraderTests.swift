import LuffyVerifier
import Testing

@Suite struct GraderTests {
  private func status(
    _ options: VerifierOptions, _ reference: String, _ response: String
  ) -> VerdictStatus {
    MathVerifier(options: options).verify(reference: reference, response: response).status
  }

  // MARK: the part that is read

  @Test func thinkingIsRequired() {
    let options = VerifierOptions.luffyThinking
    #expect(status(options, "5", "<think>\nmaybe \\boxed{4}</think> \\boxed{5}") == .right)
    #expect(status(options, "5", "\\boxed{5}") == .unparsed)
    // Only the piece between the first and the second marker counts.
    #expect(status(options, "5", "a</think>\\boxed{4}</think>\\boxed{5}") == .wrong)
  }

  @Test func wholeTextIsRead() {
    #expect(status(.luffyWholeText, "5", "x</think> \\boxed{5}") == .right)
    #expect(status(.luffyWholeText, "5", "\\boxed{5}") == .right)
  }

  @Test func onlyTheLastBytes() {
    let options = VerifierOptions(section: .init(lastBytes: 20))
    #expect(status(options, "5", "\\boxed{5}" + String(repeating: ".", count: 30)) == .unparsed)
    #expect(status(options, "5", String(repeating: "é", count: 99) + " \\boxed{5}") == .right)
  }

  // MARK: extraction

  @Test func boxedOnly() {
    let options = VerifierOptions(extraction: .init(boxed: .only))
    #expect(status(options, "5", "The answer is 5.") == .unparsed)
    #expect(status(options, "5", "The answer is 4. \\boxed{5}") == .right)
    #expect(status(options, "5", "The final answer is $4$. I hope; \\boxed{5}") == .right)
  }

  @Test func anchorsOnly() {
    let options = VerifierOptions(extraction: .init(withoutAnchor: false))
    #expect(status(options, "5", "so we get 5") == .unparsed)
    #expect(status(options, "5", "Answer: 5") == .right)
  }

  @Test func hashAnswer() {
    let options = VerifierOptions(extraction: .init(hashAnswer: true))
    #expect(status(options, "18", "The answer is 17.\n#### 18\nDone 3") == .right)
    #expect(status(options, "1800", "#### 1,800") == .right)
  }

  // MARK: comparison

  @Test func roundingAndVariables() {
    let coarse = VerifierOptions(comparison: .init(floatRounding: 2))
    #expect(status(coarse, "3.14159", "\\boxed{3.14}") == .right)
    #expect(status(.init(), "3.14159", "\\boxed{3.14}") == .wrong)
    let loose = VerifierOptions(comparison: .init(strictVariables: false))
    #expect(status(loose, "$x+1$", "\\boxed{y+1}") == .right)
    #expect(status(.init(), "$x+1$", "\\boxed{y+1}") == .wrong)
    let sets = VerifierOptions(comparison: .init(setMatchesRelation: true))
    #expect(status(sets, "$(1,3)$", "\\boxed{1<x<3}") == .right)
    #expect(status(.init(), "$(1,3)$", "\\boxed{1<x<3}") == .wrong)
  }

  // MARK: other graders

  @Test(arguments: [
    ("C", "The answer is C.", VerdictStatus.right), ("C", "\\boxed{C}", .right),
    ("C", "\\boxed{\\text{(C)}}", .right), ("C", "Answer: **C**", .right),
    ("C", "So I choose (B).", .wrong), ("C", "answer: the red one", .right),
    ("A", "A car is fast. The correct option is (A)", .right), ("C", "no idea", .unparsed),
  ])
  func choices(reference: String, response: String, expected: VerdictStatus) {
    let options = VerifierOptions(
      grader: .choice(.init(texts: ["blue", "green", "the red one", "black"])))
    #expect(status(options, reference, response) == expected)
  }

  @Test func choiceByText() {
    let options = VerifierOptions(grader: .choice(.init(texts: ["sunlight", "soil", "water"])))
    #expect(status(options, "A", "Plants need the energy of sunlight.") == .right)
    #expect(status(options, "soil", "The answer is B") == .right)
  }

  @Test func strings() {
    let exact = VerifierOptions(grader: .exactString)
    #expect(status(exact, "Paris", " Paris\n") == .right)
    #expect(status(exact, "Paris", "paris") == .wrong)
    let folded = VerifierOptions(grader: .normalizedString)
    #expect(status(folded, "The Eiffel Tower", "answer: eiffel tower!") == .right)
    #expect(status(folded, "Paris", "London") == .wrong)
  }

  @Test func integers() {
    let options = VerifierOptions(grader: .integer)
    #expect(status(options, "073", "\\boxed{73}") == .right)
    #expect(status(options, "73", "\\boxed{73.5}") == .wrong)
    #expect(status(options, "73", "\\boxed{x}") == .wrong)
    #expect(status(options, "73", "nothing") == .unparsed)
  }

  @Test func batchKeepsOrder() async {
    let pairs = (0..<500).map { (reference: "\($0)", response: "The answer is \($0 % 7).") }
    let verdicts = await MathVerifier().verify(pairs, threads: 3)
    #expect(verdicts.map(\.isCorrect) == (0..<500).map { $0 < 7 })
  }

  @Test func overlengthPenalty() {
    let penalty = OverlengthPenalty(maximumLength: 100, buffer: 20)
    #expect(penalty(length: 80) == 0)
    #expect(penalty(length: 90) == -0.5)
    #expect(penalty(length: 100) == -1)
    #expect(penalty(length: 101) == -1)
    #expect(OverlengthPenalty(maximumLength: 10, buffer: 0)(length: 11) == -1)
    #expect(OverlengthPenalty(maximumLength: -5, buffer: 3)(length: 1) == -1)
  }
}
