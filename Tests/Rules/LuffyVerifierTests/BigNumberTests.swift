import LuffyTestSupport
import LuffyVerifier
import Testing

/// Exact arithmetic against schoolbook arithmetic on decimal digits.
@Suite struct BigNumberTests {
  /// Digits, least significant first.
  private static func product(_ a: [Int], _ b: [Int]) -> [Int] {
    var result = [Int](repeating: 0, count: a.count + b.count)
    for (i, x) in a.enumerated() {
      var carry = 0
      for (j, y) in b.enumerated() {
        let value = result[i + j] + x * y + carry
        result[i + j] = value % 10
        carry = value / 10
      }
      result[i + b.count] += carry
    }
    while result.count > 1, result.last == 0 { result.removeLast() }
    return result
  }

  private static func text(_ digits: [Int]) -> String {
    digits.reversed().map(String.init).joined()
  }

  private static func number(_ count: Int, _ random: inout some RandomNumberGenerator) -> [Int] {
    var digits = (0..<count).map { _ in Int.random(in: 0...9, using: &random) }
    digits[count - 1] = Int.random(in: 1...9, using: &random)
    return digits
  }

  @Test func productsAndQuotients() {
    let verifier = MathVerifier()
    var random = SeededGenerator(0x5EED)
    for count in [1, 5, 9, 10, 18, 19, 20, 38, 60, 150, 400] {
      for other in [1, 9, 19, 40, 130] {
        let (a, b) = (Self.number(count, &random), Self.number(other, &random))
        let (x, y) = (Self.text(a), Self.text(b))
        var product = Self.product(a, b)
        let p = Self.text(product)
        #expect(verifier.verify(reference: p, response: "$\(x) \\cdot \(y)$").isCorrect)
        #expect(verifier.verify(reference: x, response: "$\\frac{\(p)}{\(y)}$").isCorrect)
        #expect(verifier.verify(reference: x, response: "$\(x) + \(p) - \(p)$").isCorrect)
        #expect(verifier.verify(reference: "0", response: "$\(x) \\cdot \(y) - \(p)$").isCorrect)
        product[0] = (product[0] + 1) % 10
        let wrong = Self.text(product)
        #expect(!verifier.verify(reference: wrong, response: "$\(x) \\cdot \(y)$").isCorrect)
        #expect(!verifier.verify(reference: x, response: "$\\frac{\(wrong)}{\(y)}$").isCorrect)
      }
    }
  }

  @Test(arguments: [
    ("$2^{200}$", "\\boxed{1606938044258990275541962092341162602522202993782792835301376}", true),
    ("$2^{1000}$", "\\boxed{2^{1000}+1}", false),
    ("$\\sqrt{2^{200}}$", "\\boxed{2^{100}}", true),
    ("$\\sqrt{2}+10^{-20}$", "\\boxed{\\sqrt{2}}", false),
    ("$10^{-20}$", "\\boxed{10^{-21}}", false),
    ("$20!$", "\\boxed{2432902008176640000}", true),
    ("$-9223372036854775808$", "\\boxed{-9223372036854775807 - 1}", true),
    ("$e^{\\pi\\sqrt{163}}$", "\\boxed{262537412640768744}", false),
    ("$6.02 \\times 10^{23}$", "\\boxed{602000000000000000000000}", true),
  ])
  func exactness(reference: String, response: String, isRight: Bool) {
    let verdict = MathVerifier().verify(reference: reference, response: response)
    #expect(verdict.isCorrect == isRight)
  }
}
