/// Judges responses against reference answers.
///
/// A value without state: any number of threads may use one. Every call returns within the work
/// budgets; nothing is timed, so a verdict does not depend on the machine.
public struct MathVerifier: Sendable {
  public let options: VerifierOptions

  public init(options: VerifierOptions = .init()) { self.options = options }

  /// Judges one response.
  ///
  /// - Parameters:
  ///   - reference: the gold answer, bare ("42", `\frac{1}{2}`) or wrapped (`$x$`, `\boxed{x}`).
  ///   - response: the model's text.
  ///   - problem: the question where it is known: arithmetic that is copied from it is no answer.
  public func verify(reference: String, response: String, problem: String? = nil) -> Verdict {
    guard let text = section(of: response) else {
      return Verdict(status: .unparsed, extracted: nil)
    }
    let question = problem.map { RestatedProblem($0, reference: reference) }
    switch options.grader {
    case .math:
      return mathVerdict(reference: Bytes(reference.utf8), response: text, question: question)
    case .exactString: return exactVerdict(reference: reference, response: text)
    case .normalizedString: return normalizedVerdict(reference: reference, response: text)
    case .integer:
      return integerVerdict(reference: reference, response: text, question: question)
    case .choice(let choices):
      return choiceVerdict(choices, reference: reference, response: text)
    }
  }

  private func mathVerdict(
    reference: Bytes, response: Bytes, question: RestatedProblem?
  ) -> Verdict {
    let budget = WorkBudget()
    let reference = Bytes(reference.suffix(Self.referenceLimit))
    let isWrapped = isWrapped(reference)
    var gold = readReference(reference, budget: budget)
    var reader = AnswerReader(options: options.extraction, budget: budget, trims: !isWrapped)
    reader.question = question
    // A reference in dollars or a box is held to Math-Verify's letter.
    reader.isLiteral = isWrapped && options.extraction.nearAnchor
    let answer = reader.read(response)
    if reader.isLiteral, !gold.isFirst, gold.value != nil || !answer.isFirst {
      gold = readReference(reference, budget: budget, isLiteral: true)
    }
    let extracted = answer.text?.text
    if let verdict = wordVerdict(reference: reference, response: response) { return verdict }
    guard !answer.isEmpty, !gold.isEmpty else {
      if answer.isEmpty, !budget.isExhausted,
        let verdict = otherWords(reference: reference, response: response)
      {
        return verdict
      }
      return Verdict(status: .unparsed, extracted: extracted)
    }
    let comparison = AnswerComparison(options: options.comparison, budget: budget)
    var isRight = comparison.isEqual(gold: gold, answer: answer)
    if !isRight, answer.text?.contains("\\pm") == true,
      let both = bothSigns(reference, budget: budget)
    {
      isRight = comparison.isEqual(gold: both, answer: answer)
    }
    if isRight, isOtherTime(gold.text, answer.text) { isRight = false }
    // A reference that cannot be read judges nothing, nor does a comparison that was given up.
    let isOpen = gold.value == nil || budget.isExhausted
    return Verdict(
      status: isRight ? .right : isOpen ? .unparsed : .wrong, extracted: extracted)
  }
}
