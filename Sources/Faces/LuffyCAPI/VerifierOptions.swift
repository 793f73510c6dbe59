import CLuffy
import LuffyVerifier

extension luffy_verify_options: VersionedStruct {
  static let typeName = "luffy_verify_options"
  static var initial: Self {
    Self(
      struct_size: UInt32(size), grader: Int32(LUFFY_GRADER_MATH),
      thinking: Int32(LUFFY_THINKING_IGNORE), boxed: Int32(LUFFY_BOXED_RANKED), latex: 1,
      expression: 1, without_anchor: 1, hash_answer: 0, first_match_only: 0, float_rounding: 6,
      strict_variables: 1, set_matches_relation: 0, reference_verbatim: 0, choice_count: 4,
      choice_texts: nil, last_bytes: 32_768,
      answer_form: Int32(LUFFY_ANSWER_ANYWHERE), reserved: 0, problem: nil)
  }

  func verifier() throws(CallError) -> MathVerifier {
    MathVerifier(
      options: VerifierOptions(
        grader: try chosenGrader(),
        section: ResponseSection(
          thinking: try thinkingRule(), lastBytes: Int(clamping: last_bytes)),
        extraction: try extraction(),
        comparison: ComparisonOptions(
          floatRounding: try rounding(),
          strictVariables: try flag(strict_variables, "strict_variables"),
          setMatchesRelation: try flag(set_matches_relation, "set_matches_relation")),
        reference: try flag(reference_verbatim, "reference_verbatim") ? .verbatim : .asHeld))
  }

  /// The question, where it is given.
  func question() throws(CallError) -> String? {
    problem == nil ? nil : try text(problem, "problem")
  }

  private func extraction() throws(CallError) -> ExtractionOptions {
    var options: ExtractionOptions
    switch Int(answer_form) {
    case LUFFY_ANSWER_ANYWHERE:
      options = ExtractionOptions(
        boxed: try boxedRule(), withoutAnchor: try flag(without_anchor, "without_anchor"),
        hashAnswer: try flag(hash_answer, "hash_answer"))
    case LUFFY_ANSWER_ANCHORED: options = AnswerForm.anchored.extraction
    case LUFFY_ANSWER_BOXED: options = AnswerForm.boxed.extraction
    default: throw CallError.invalid("answer_form is \(answer_form), expected LUFFY_ANSWER_…")
    }
    options.latex = try flag(latex, "latex")
    options.expression = try flag(expression, "expression")
    options.firstMatchOnly = try flag(first_match_only, "first_match_only")
    return options
  }

  private func chosenGrader() throws(CallError) -> Grader {
    switch Int(grader) {
    case LUFFY_GRADER_MATH: return .math
    case LUFFY_GRADER_CHOICE: return .choice(try choices())
    case LUFFY_GRADER_EXACT_STRING: return .exactString
    case LUFFY_GRADER_NORMALIZED_STRING: return .normalizedString
    case LUFFY_GRADER_INTEGER: return .integer
    default: throw CallError.invalid("grader is \(grader), expected LUFFY_GRADER_…")
    }
  }

  private func choices() throws(CallError) -> ChoiceOptions {
    guard (1...26).contains(choice_count) else {
      throw CallError.invalid("choice_count is \(choice_count), expected 1 to 26")
    }
    let count = Int(choice_count)
    let labels = (0..<count).map { String(UnicodeScalar(UInt8(65 + $0))) }
    guard let choice_texts else { return ChoiceOptions(labels: labels) }
    var texts: [String] = []
    for index in 0..<count { texts.append(try text(choice_texts[index], "choice_texts[\(index)]")) }
    return ChoiceOptions(labels: labels, texts: texts)
  }

  private func thinkingRule() throws(CallError) -> ThinkingRule {
    switch Int(thinking) {
    case LUFFY_THINKING_IGNORE: return .ignore
    case LUFFY_THINKING_AFTER: return .afterThink
    case LUFFY_THINKING_REQUIRED: return .afterThinkRequired
    default: throw CallError.invalid("thinking is \(thinking), expected LUFFY_THINKING_…")
    }
  }

  private func boxedRule() throws(CallError) -> BoxedRule {
    switch Int(boxed) {
    case LUFFY_BOXED_RANKED: return .ranked
    case LUFFY_BOXED_FIRST: return .first
    case LUFFY_BOXED_ONLY: return .only
    case LUFFY_BOXED_NEVER: return .never
    default: throw CallError.invalid("boxed is \(boxed), expected LUFFY_BOXED_…")
    }
  }

  private func rounding() throws(CallError) -> Int {
    guard (0...100).contains(float_rounding) else {
      throw CallError.invalid("float_rounding is \(float_rounding), expected 0 to 100")
    }
    return Int(float_rounding)
  }
}
