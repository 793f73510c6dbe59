import LuffyVerifier
import Testing

/// How LaTeX is read and compared, kind by kind, with right and wrong answers of each.
@Suite struct ReadingTests {
  @Test(arguments: ReadingCase.all)
  func verdict(row: ReadingCase) {
    let verdict = MathVerifier().verify(reference: row.reference, response: row.response)
    #expect((verdict.status == .right) == row.isRight)
  }

  /// Kinds that people report of math graders, each with siblings that must not pass.
  @Test(arguments: SiblingCase.all)
  func sibling(row: ReadingCase) {
    let verdict = MathVerifier().verify(reference: row.reference, response: row.response)
    #expect((verdict.status == .right) == row.isRight)
  }

  @Test func tableIsLarge() {
    #expect(SiblingCase.all.count >= 1_100)
    #expect(SiblingCase.all.count { !$0.isRight } >= 380)
    #expect(ReadingCase.all.count >= 200)
    #expect(ReadingCase.all.count { !$0.isRight } >= 80)
  }

  /// A reference that cannot be read judges nothing but itself.
  @Test(arguments: ["\\forall x > 7", "2 \\oplus 6", "AB \\perp CD", "3\\uparrow\\uparrow 2"])
  func unreadableReference(reference: String) {
    let verifier = MathVerifier()
    #expect(verifier.verify(reference: reference, response: "\\boxed{7}").status == .unparsed)
    #expect(
      verifier.verify(reference: reference, response: "\\boxed{\(reference)}").status == .right)
  }

  /// A sentence still has its number.
  @Test func referenceInWords() {
    let verdict = MathVerifier().verify(
      reference: "She has 12 apples left", response: "\\boxed{12}")
    #expect(verdict.status == .right)
  }

  /// Long lists are matched whatever their order; what is too much is no verdict, not "wrong".
  @Test func longLists() {
    let verifier = MathVerifier()
    let numbers = (0..<200).map(String.init)
    #expect(
      verifier.verify(
        reference: numbers.joined(separator: ", "),
        response: "\\boxed{\(numbers.reversed().joined(separator: ", "))}"
      ).status == .right)
    let powers = (2..<62).map { "x^{\($0)}+1" }
    #expect(
      verifier.verify(
        reference: powers.joined(separator: ", "),
        response: "\\boxed{\((2..<62).reversed().map { "1+x^{\($0)}" }.joined(separator: ", "))}"
      ).status == .right)
    let unions = (0..<60).map { "(\(3 * $0),\(3 * $0 + 1))" }
    #expect(
      verifier.verify(
        reference: unions.joined(separator: "\\cup"),
        response: "\\boxed{\(unions.reversed().joined(separator: "\\cup"))}"
      ).status == .right)
  }

  @Test func sumsOfManyFractions() {
    let verifier = MathVerifier()
    let sum = "\\sum_{k=1}^{1000} \\frac{1}{k}"
    #expect(verifier.verify(reference: sum, response: "\\boxed{7.485471}").status == .right)
    #expect(verifier.verify(reference: sum, response: "\\boxed{7.485472}").status != .right)
    let huge = "\\sum_{k=1}^{1000} \\frac{1}{k^5+1}"
    #expect(verifier.verify(reference: huge, response: "\\boxed{2}").status != .right)
  }
}
