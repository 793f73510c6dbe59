import Foundation
import LuffyTestSupport
import LuffyVerifier
import Testing

/// Short fragments of what the verifier looks for, repeated to long texts: each is answered soon, also as its own reference.
///
/// `LUFFY_HOSTILE_TEXTS=3000 make test-swift FILTER=HostileFragments` searches longer and says the slowest.
@Suite struct HostileFragmentsTests {
  private static let fragments = [
    "\\frac{", "\\sqrt{", "sqrt(", "$", "$$", "\\boxed{", "}", "{", "(", ")", "[", "]", "\\[",
    "\\]",
    "\\(", "\\)", "1", "3.5", "x", "answer is ", "The answer is ", "Final answer is $", ". I hope",
    "\\text{", "=", ",", "^{", "_", "\\begin{pmatrix}", "\\end{pmatrix}", "&", "\\\\", " and ",
    "%", " ", "\n", "\u{a0}", "é", "😀", "答案是", "+", "-", "/", "**", "<", "\\cup ", "|", "!",
    "\\pm ", "\\sum_{", "\\log ", "pi", "i", "e", "\\%", "°", "####", "</think>", "\\left(", "\\{",
    "\\}", "\\begin{cases}", ":", "3/4", "a", "hours", "\\mathrm{", "1,000", "\"", ".", "½", "²",
    "√", "not ", "is ", "B", "(C)",
  ]
  private static let references = ["5", "x+1", "\\frac{1}{2}", "$x$", "yes", "(1,2)", "C"]
  private static let forms = AnswerForm.allCases.map {
    MathVerifier(options: VerifierOptions(extraction: $0.extraction))
  }
  /// As in BudgetTests.
  private let limit = 0.05

  private func text(_ numbers: inout SeededGenerator) -> String {
    func some(_ count: ClosedRange<Int>) -> String {
      (0..<Int.random(in: count, using: &numbers)).map { _ in
        Self.fragments.randomElement(using: &numbers) ?? ""
      }.joined()
    }
    let piece = some(1...5)
    let size = [2_000, 8_000, 32_768, 65_536].randomElement(using: &numbers) ?? 0
    return some(0...2) + String(repeating: piece, count: max(1, size / piece.utf8.count))
      + some(0...3)
  }

  @Test func eachIsAnsweredSoon() {
    let given = ProcessInfo.processInfo.environment["LUFFY_HOSTILE_TEXTS"].flatMap { Int($0) }
    var numbers = SeededGenerator(20_260_501)
    var (slowest, worst) = (0.0, "")
    for index in 0..<(given ?? 200) {
      let text = text(&numbers)
      let reference =
        index % 3 == 0 ? text : Self.references.randomElement(using: &numbers) ?? ""
      let start = BudgetTests.cpuSeconds()
      _ = Self.forms[index % Self.forms.count].verify(reference: reference, response: text)
      let time = BudgetTests.cpuSeconds() - start
      if time > slowest { (slowest, worst) = (time, String(text.prefix(60))) }
    }
    print("hostile fragments: slowest call \(slowest * 1e3) ms, \(worst.debugDescription)…")
    #expect(slowest < limit, "\(worst)")
  }
}
