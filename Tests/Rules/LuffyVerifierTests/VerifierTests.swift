import LuffyVerifier
import Testing

/// What a user expects of a plain call, form by form.
@Suite struct VerifierTests {
  @Test(arguments: [
    ("42", "… The answer is 42."), ("18", "so 9 + 9 = 18\n#### 18"), ("1/2", "\\boxed{0.5}"),
    ("1,000", "\\boxed{1000}"), ("\\frac{1}{2}", "Thus $\\frac{1}{2}$."),
    ("$50\\%$", "\\boxed{0.5}"), ("\\$18.90", "\\boxed{18.90}"), ("10,\\!080", "\\boxed{10080}"),
    ("1\\frac{4}{5}", "\\boxed{\\frac{9}{5}}"), ("0.\\overline{3}", "\\boxed{\\frac13}"),
    ("4.5e33", "$4.5 \\times 10^{33}$"), ("1234", "\\boxed{1\\,234}"),
    ("5", "\\boxed{5 \\text{ cm}^2}"),
    ("\\text{Monday}", "\\boxed{Monday}"), ("Paris", "The answer is Paris"),
    ("C", "\\boxed{\\text{(C)}}"),
    ("3\\sqrt{13}", "\\boxed{\\sqrt{117}}"),
    ("\\frac{1}{\\sqrt2}", "\\boxed{\\frac{\\sqrt{2}}{2}}"),
    ("\\frac34\\pi", "\\boxed{0.75\\pi}"), ("6 - 5i", "\\boxed{-5i + 6}"),
    ("$i$", "\\boxed{\\sqrt{-1}}"),
    ("\\sin 2x", "\\boxed{2 \\sin x \\cos x}"), ("\\tan x", "\\boxed{\\frac{\\sin x}{\\cos x}}"),
    ("(x-1)(x+1)", "\\boxed{x^2 - 1}"), ("$\\sqrt{x^2}$", "\\boxed{|x|}"),
    ("e^x e^y", "\\boxed{e^{x+y}}"),
    ("\\log_3 7", "\\boxed{\\frac{\\ln 7}{\\ln 3}}"), ("$\\sin 30^\\circ$", "\\boxed{\\frac12}"),
    ("x^2", "\\boxed{x²}"), ("\\sqrt2", "\\boxed{√2}"), ("120", "\\boxed{5!}"),
    ("10", "\\boxed{\\binom52}"),
    ("55", "$\\sum_{k=1}^{10} k$"), ("\\frac12", "$\\int_0^1 x \\, dx$"),
    ("\\log 10^{400}", "\\boxed{400}"), ("\\log_3 \\frac{1}{81}", "\\boxed{-4}"),
    ("\\ln(ab)", "\\boxed{\\ln a + \\ln b}"), ("\\ln(x^2)", "\\boxed{2 \\ln x}"),
    ("3, 5, 7", "\\boxed{7, 3, 5}"), ("$\\pm 2$", "\\boxed{2, -2}"),
    ("\\pm 2", "\\boxed{\\pm 2}"),
    ("6, 8", "\\boxed{6 \\text{ or } 8}"),
    ("(3, \\frac{\\pi}{2})", "$\\left( 3, \\dfrac{\\pi}{2} \\right)$"),
    ("[0, \\infty)", "\\boxed{x \\in [0,\\infty)}"),
    ("(-\\infty,1) \\cup (1,\\infty)", "\\boxed{\\mathbb{R} \\setminus \\{1\\}}"),
    ("x > 3", "\\boxed{(3,\\infty)}"),
    ("x = 5", "\\boxed{5}"), ("y = 2x + 1", "\\boxed{2y - 4x = 2}"), ("x > 3", "\\boxed{-2x < -6}"),
    ("1 < x < 3", "\\boxed{3 > x > 1}"), ("x=1, y=2", "\\boxed{y=2, x=1}"),
    (
      "\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}",
      "\\boxed{\\begin{bmatrix} 1 \\\\ 2 \\end{bmatrix}}"
    ),
    ("-2", "\\boxed{\\begin{vmatrix} 1 & 2 \\\\ 3 & 4 \\end{vmatrix}}"),
    ("\\emptyset", "\\boxed{\\varnothing}"),
  ])
  func right(reference: String, response: String) {
    #expect(MathVerifier().verify(reference: reference, response: response).status == .right)
  }

  @Test(arguments: [
    ("42", "The answer is 43."), ("\\frac{1}{2}", "\\boxed{2}"), ("1000", "\\boxed{1.000}"),
    ("(1,2)", "\\boxed{(2,1)}"), ("[1,2]", "\\boxed{(1,2)}"), ("\\{1,2\\}", "\\boxed{1}"),
    ("x = 1", "\\boxed{y = 1}"), ("x = 2", "\\boxed{2x = 4}"), ("$203_7$", "\\boxed{203_8}"),
    ("$x=1,y=2$", "\\boxed{2,1}"), ("$\\sqrt{x^2}$", "\\boxed{x}"),
    ("\\ln(xy)", "\\boxed{\\ln x - \\ln y}"),
    ("\\sqrt{xy}", "\\boxed{\\sqrt{x}\\sqrt{y}}"), ("x^2 - 1", "\\boxed{(x+1)^2}"),
    ("2^{n-1}", "\\boxed{2^n - 1}"),
    ("$\\log_6(216)=3$", "\\boxed{\\log_6(266)=3}"), ("2.88e-19", "\\boxed{2.78e-19}"),
    ("\\text{Monday}", "\\boxed{\\text{Sunday}}"), ("Paris", "The answer is London"),
    ("x > 3", "\\boxed{x \\ge 3}"),
    ("\\lfloor\\frac{2n-1}{5}\\rfloor", "\\boxed{\\lfloor\\frac{2n-1}{7}\\rfloor}"),
    ("\\text{(D)}", "\\boxed{\\text{(D)}1}"),
    ("\\infty", "\\boxed{-\\infty}"), ("$\\frac{1}{0}$", "\\boxed{\\frac{2}{0}}"),
    ("\\pi", "\\boxed{\\frac{5419351}{1725033}}"),
  ])
  func wrong(reference: String, response: String) {
    #expect(MathVerifier().verify(reference: reference, response: response).status == .wrong)
  }

  @Test func nothingToJudge() {
    let verdict = MathVerifier().verify(reference: "42", response: "I do not know.")
    #expect(verdict.status == .unparsed)
    #expect(verdict.extracted == nil)
    #expect(MathVerifier().verify(reference: "", response: "\\boxed{1}").status == .unparsed)
  }

  @Test func saysWhatItLookedAt() {
    let verdict = MathVerifier().verify(
      reference: "1", response: "$x = 3$ and so \\boxed{\\dfrac12 \\text{ m}}.")
    #expect(verdict.extracted == "\\frac{1}{2}")
  }

  /// Priorities of the specification, section 2.
  @Test(arguments: [
    ("The final answer is $5$. I hope it is correct. Also \\boxed{6}", "5"),
    ("The final answer is $5$. \\boxed{6}", "6"), ("Answer: 5. ... \\boxed{6}", "6"),
    ("Answer: 5. Also 7", "5"), ("18 eggs and 3 hens", "3"), ("She has $18 left.", "18"),
    ("5 = 5.0 = 10/2", "5"), ("\\boxed{1} and \\boxed{2}", "1, 2"),
    (
      "\\boxed{1}, which took a lot of work to find out; but that is far from being the end of all this work. \\boxed{2}",
      "2"
    ),
    ("\\boxed{\\boxed{5}}", "5"), ("\\boxed{x^2 + 1", "1"),
  ])
  func extraction(response: String, reference: String) {
    let status = MathVerifier().verify(reference: reference, response: response).status
    #expect(status == .right)
  }
}
