/// What is read from a response, and how it is compared with the reference.
///
/// The defaults are Math-Verify 0.9's: LaTeX and plain expressions, six decimals, strict variables.
public struct VerifierOptions: Sendable, Hashable {
  /// Who decides.
  public var grader: Grader
  /// Which part of the response is read.
  public var section: ResponseSection
  /// Where the answer is looked for inside that part.
  public var extraction: ExtractionOptions
  /// How two parsed answers are compared.
  public var comparison: ComparisonOptions
  /// How the reference is read.
  public var reference: ReferenceForm

  public init(
    grader: Grader = .math, section: ResponseSection = .init(),
    extraction: ExtractionOptions = .init(), comparison: ComparisonOptions = .init(),
    reference: ReferenceForm = .asHeld
  ) {
    self.grader = grader
    self.section = section
    self.extraction = extraction
    self.comparison = comparison
    self.reference = reference
  }

  /// What a training run rewards: an answer in a box or announced as one, never a number that merely stands somewhere.
  public static let rewards = VerifierOptions(extraction: AnswerForm.anchored.extraction)

  /// The paper's reward 3: `</think>` is needed and the text after the first one is graded
  /// (`main_mix_ppo.py`, `reward_impl_version` 3).
  public static let luffyThinking = VerifierOptions(
    section: .init(thinking: .afterThinkRequired))

  /// The paper's reward 4: the whole response is graded.
  public static let luffyWholeText = VerifierOptions()
}
