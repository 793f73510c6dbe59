import LuffyVerifier
import Testing

/// What a user expects of a plain call.
@Suite struct VerifierTests {
  @Test(arguments: [
    ("42", "… The answer is 42."), ("18", "so 9 + 9 = 18\n#### 18"),
    ("1/2", "\\boxed{0.5}"), ("1,000", "\\boxed{1000}"),
    ("42", "\\boxed{42}"), ("\\frac{1}{2}", "Thus $\\frac{1}{2}$."),
  ])
  func right(reference: String, response: String) {
    #expect(MathVerifier().verify(reference: reference, response: response).status == .right)
  }

  @Test(arguments: [("42", "The answer is 43."), ("\\frac{1}{2}", "\\boxed{2}")])
  func wrong(reference: String, response: String) {
    #expect(MathVerifier().verify(reference: reference, response: response).status == .wrong)
  }

  @Test func nothingToJudge() {
    let verdict = MathVerifier().verify(reference: "42", response: "I do not know.")
    #expect(verdict.status == .unparsed)
    #expect(verdict.extracted == nil)
  }
}
