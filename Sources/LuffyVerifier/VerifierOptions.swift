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

  /// The paper's reward 3: `</think>` is needed and the text after the first one is graded
  /// (`main_mix_ppo.py`, `reward_impl_version` 3).
  public static let luffyThinking = VerifierOptions(
    section: .init(thinking: .afterThinkRequired))

  /// The paper's reward 4: the whole response is graded.
  public static let luffyWholeText = VerifierOptions()
}

/// Who decides whether a response is right.
public enum Grader: Sendable, Hashable {
  /// Mathematical equality, as Math-Verify decides it.
  case math
  /// One of several labelled options; the response may name the label or quote the option's text.
  case choice(ChoiceOptions)
  /// Byte equality after trimming white space.
  case exactString
  /// Equality after folding case, articles, punctuation and white space.
  case normalizedString
  /// Integers only (AIME, GSM8K): a response whose answer is no integer is wrong.
  case integer
}

/// The labels of a multiple-choice question and, where known, the options' texts.
public struct ChoiceOptions: Sendable, Hashable {
  /// Allowed labels, upper case, in order: "A", "B", …
  public var labels: [String]
  /// The options' texts in the labels' order; empty where they are not known.
  public var texts: [String]

  public init(labels: [String] = ["A", "B", "C", "D"], texts: [String] = []) {
    self.labels = labels
    self.texts = texts
  }

  /// Labels A, B, C, … for as many options as there are texts (at most 26).
  public init(texts: [String]) {
    self.labels = texts.indices.prefix(26).map { String(UnicodeScalar(UInt8(65 + $0))) }
    self.texts = texts
  }
}

/// How a reasoning model's `</think>` is treated.
public enum ThinkingRule: Sendable, Hashable {
  /// The whole response is read.
  case ignore
  /// The text after the last `</think>` where there is one, else the whole response.
  case afterThink
  /// The text between the first and the second `</think>`; a response without one is unparsed.
  case afterThinkRequired
}

/// The part of a response that is read.
public struct ResponseSection: Sendable, Hashable {
  public var thinking: ThinkingRule
  /// Only the last so many bytes of the (remaining) text; 65,536 by default, which keeps every call
  /// under a few milliseconds.
  public var lastBytes: Int

  public init(thinking: ThinkingRule = .ignore, lastBytes: Int = 65_536) {
    self.thinking = thinking
    self.lastBytes = lastBytes
  }
}

/// How eagerly boxes are taken.
public enum BoxedRule: Sendable, Hashable {
  /// `\boxed{}` ranks with "final answer is" (Math-Verify's default).
  case ranked
  /// `\boxed{}` before everything else.
  case first
  /// Nothing but `\boxed{}` counts.
  case only
  /// `\boxed{}` is no anchor.
  case never
}

/// Where answers are looked for.
public struct ExtractionOptions: Sendable, Hashable {
  /// LaTeX environments (`$…$`, `\[…\]`, `\(…\)`, boxes).
  public var latex: Bool
  /// Plain numbers and arithmetic.
  public var expression: Bool
  public var boxed: BoxedRule
  /// Whether environments and numbers count without "answer" or a box before them.
  public var withoutAnchor: Bool
  /// Whether a last line `#### n` (GSM8K) outranks plain numbers.
  public var hashAnswer: Bool
  /// Stop at the first candidate even if it cannot be parsed.
  public var firstMatchOnly: Bool

  public init(
    latex: Bool = true, expression: Bool = true, boxed: BoxedRule = .ranked,
    withoutAnchor: Bool = true, hashAnswer: Bool = false, firstMatchOnly: Bool = false
  ) {
    self.latex = latex
    self.expression = expression
    self.boxed = boxed
    self.withoutAnchor = withoutAnchor
    self.hashAnswer = hashAnswer
    self.firstMatchOnly = firstMatchOnly
  }
}

/// How two parsed answers are compared.
public struct ComparisonOptions: Sendable, Hashable {
  /// Decimals kept where a decimal number meets another number.
  public var floatRounding: Int
  /// False: variables are matched by position, so that x + 1 equals y + 1.
  public var strictVariables: Bool
  /// True: a set reference accepts a relation (`(1,3)` and `1<x<3`); the reverse always holds.
  public var setMatchesRelation: Bool

  public init(
    floatRounding: Int = 6, strictVariables: Bool = true, setMatchesRelation: Bool = false
  ) {
    self.floatRounding = floatRounding
    self.strictVariables = strictVariables
    self.setMatchesRelation = setMatchesRelation
  }
}

/// How a reference text is read.
public enum ReferenceForm: Sendable, Hashable {
  /// As people hold gold answers: extracted like a response where it carries an environment or a
  /// box, otherwise taken whole as LaTeX, with a plain-text fallback.
  case asHeld
  /// Exactly as Math-Verify's `parse` would read it.
  case verbatim
}
