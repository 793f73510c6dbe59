import LuffyJSON
import LuffyRollout
import LuffyEvaluation
import LuffyTrainer
import LuffyVerifier
import Testing

@Suite struct EvaluationTests {
  private func problem(
    _ texts: [String], reference: String = "1/2", verifier: MathVerifier = MathVerifier()
  ) -> EvaluatedProblem {
    let responses = texts.map { text in
      let verdict = verifier.verify(reference: reference, response: text)
      return EvaluatedResponse(
        text: text, extracted: verdict.extracted, status: verdict.status, finishReason: .stop,
        tokens: 3)
    }
    return EvaluatedProblem(
      index: 0, prompt: "p", reference: reference, responses: responses, verifier: verifier)
  }

  @Test func passIsTheShareOfSubsets() throws {
    let texts = ["\\boxed{1/2}", "3", "4", "\\boxed{0.5}", "no idea"]
    let problem = problem(texts)
    #expect(problem.right == 2)
    for k in 1...5 {
      var sets = 0
      var right = 0
      for set in 0..<32 where set.nonzeroBitCount == k {
        sets += 1
        if (0..<5).contains(where: { set >> $0 & 1 == 1 && problem.responses[$0].isCorrect }) {
          right += 1
        }
      }
      let pass = try #require(problem.pass(at: k))
      #expect(abs(pass - Double(right) / Double(sets)) < 1e-12)
    }
    #expect(problem.pass(at: 6) == nil && problem.pass(at: 0) == nil)
    #expect(Evaluation(problems: [problem]).majority(at: 6) == nil)
  }

  @Test func votesCountEquivalentAnswers() throws {
    let problem = problem([
      "\\boxed{3}", "\\boxed{\\frac{1}{2}}", "the answer is 0.5", "$3$", "\\boxed{1/2}", "?",
    ])
    #expect(problem.answerClasses == [0, 1, 1, 0, 1, nil])
    let vote = try #require(problem.vote(of: 6))
    #expect(vote.votes == 3 && vote.isCorrect)
    // A tie goes to what was seen first; nobody votes without an answer.
    let tie = try #require(problem.vote(of: 4))
    #expect(tie.votes == 2 && !tie.isCorrect && tie.answer == "3")
    #expect(self.problem(["?"]).vote(of: 1) == nil)
    let evaluation = Evaluation(problems: [problem, self.problem(["?", "?", "?", "?", "?", "?"])])
    #expect(evaluation.majority(at: 6)?.mean == 0.5)
    #expect(evaluation.majority(at: 4)?.mean == 0)
  }

  @Test func votesOfLetters() throws {
    let verifier = MathVerifier(
      options: VerifierOptions(grader: .choice(ChoiceOptions(texts: ["an apple", "two pears"]))))
    let problem = problem(
      ["(B)", "A", "two pears", "The answer is B"], reference: "B", verifier: verifier)
    #expect(problem.vote(of: 4)?.answer == "B" && problem.vote(of: 4)?.votes == 3)
  }

  @Test func intervals() {
    let estimate = Estimate([0, 1, 1, 0.5])
    #expect(estimate.mean == 0.625 && estimate.high == 1)
    #expect(abs(estimate.low - (0.625 - 1.959964 * (0.6875 / 12).squareRoot())) < 1e-9)
    // Wilson, 0 of 10: (0, 0.2775).
    let none = Estimate([Double](repeating: 0, count: 10))
    #expect(none.low == 0 && abs(none.high - 0.27753) < 1e-4)
    #expect(Estimate([]) == Estimate([]) && Estimate([]).high == 1)
  }

  @Test func jsonHasEveryResponse() throws {
    let text = problem(["\\boxed{1/2}", "?"]).json([("data", "a \"set\"")])
    let json = try JSONDocument(parsing: text).root
    #expect(json["data"]?.string == "a \"set\"" && json["right"]?.int == 1)
    #expect(json["majority"]?["votes"]?.int == 1)
    #expect(json["responses"]?[0]?["verdict"]?.string == "right")
    #expect(json["responses"]?[1]?["verdict"]?.string == "unparsed")
    #expect(json["responses"]?[1]?["finish_reason"]?.string == "stop")
    #expect(!text.contains("\n"))
  }

  @Test func questionsListOptions() throws {
    let options = try #require(
      ChoiceOptions(question: "Which?\n\nA) An apple\nB) Two\npears\nC) Nothing\n"))
    #expect(options.labels == ["A", "B", "C"])
    #expect(options.texts == ["An apple", "Two\npears", "Nothing"])
    #expect(ChoiceOptions(question: "(1) x\n(2) y")?.labels == ["1", "2"])
    for question in ["", "A) alone", "1. Do\n2. this", "B) x\nC) y", "A", "A)"] {
      #expect(ChoiceOptions(question: question) == nil)
    }
    #expect(ChoiceOptions(question: "A) wrong start\nAgain:\nA) x\nB) y")?.texts == ["x", "y"])
  }
}
