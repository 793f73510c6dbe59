import LuffyVerifier
import Testing

/// What a training run rewards: an announced answer, never a number that merely stands somewhere.
@Suite struct RewardTests {
  private let verifier = MathVerifier(options: .rewards)

  @Test(arguments: [
    "\\boxed{54}", "The answer is 54.", "Answer: 54", "**Answer:** 54", "#### 54",
    "<answer>54</answer>",
    "答案：54", "The final answer is $54$.", "The answer is approximately 54.",
  ])
  func announcedAnswersEarn(response: String) {
    #expect(verifier.verify(reference: "54", response: response).status == .right)
  }

  @Test(arguments: [
    "26 + 28 is an unnerving goal", "54", "It has 54 parts", "$54$",
    "The answer is among 53 and 54",
    "#### Step 54. Add", "We think so. 54", "The answer is not 54", "x = 54",
  ])
  func numbersAnywhereDoNot(response: String) {
    #expect(verifier.verify(reference: "54", response: response).status != .right)
  }

  @Test(arguments: [
    "26 + 28", "Answer: 26 + 28", "\\boxed{26+28}", "The answer is 26 + 28 = 26+28.",
  ])
  func theProblemOnceMoreIsNoAnswer(response: String) {
    for form in AnswerForm.allCases {
      let verifier = MathVerifier(options: VerifierOptions(extraction: form.extraction))
      let verdict = verifier.verify(
        reference: "54", response: response, problem: "What is 26 + 28?")
      #expect(verdict.status != .right, "\(form)")
    }
  }

  @Test func aResultBesideTheProblemIsOne() {
    let verdict = verifier.verify(
      reference: "54", response: "Answer: 26 + 28 = 54", problem: "What is 26 + 28?")
    #expect(verdict.status == .right)
  }
}
