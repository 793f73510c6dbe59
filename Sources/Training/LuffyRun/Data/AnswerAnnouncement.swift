import LuffyVerifier

/// Traces that are right but do not say so in the form that is rewarded, as those of GSM8K, get a last line that does: a
/// trace without a reward teaches nothing, and from it rollouts learn how an answer is announced.
package struct AnswerAnnouncement {
  package let form: AnswerForm
  private let rewarded: MathVerifier
  private let anywhere = MathVerifier(
    options: VerifierOptions(extraction: AnswerForm.anywhere.extraction))

  package init(_ form: AnswerForm) {
    self.form = form
    rewarded = MathVerifier(options: VerifierOptions(extraction: form.extraction))
  }

  /// The trace with its answer announced; nil where it announces one, or is wrong.
  package func announcing(_ answer: String, in trace: String) -> String? {
    guard rewarded.verify(reference: answer, response: trace).status == .unparsed,
      anywhere.verify(reference: answer, response: trace).status == .right
    else { return nil }
    let longer = trace + "\nThe answer is \\boxed{\(answer)}."
    return rewarded.verify(reference: answer, response: longer).status == .right ? longer : nil
  }

  /// What was done, for the person who started the run.
  package func note(_ announced: Int, of traces: Int) -> String? {
    guard announced > 0 else { return nil }
    return
      "\(announced) of \(traces) traces did not announce their answer, which a reward needs (answer_form "
      + "\(form.rawValue)): each got a last line \"The answer is \\boxed{…}.\""
  }
}
