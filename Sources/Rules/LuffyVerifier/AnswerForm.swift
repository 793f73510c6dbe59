/// What counts as an answer: how strictly a response must say which part of it the answer is.
public enum AnswerForm: String, Sendable, Hashable, CaseIterable {
  /// A box, or an answer that is announced: "answer is …", "Answer: …", `#### …`, 答案, `<answer>`. The default
  /// for rewards: a number that merely stands somewhere earns nothing.
  case anchored
  /// A box only.
  case boxed
  /// Anything, the last number of the text if need be, as Math-Verify does. The default for evaluation.
  case anywhere

  /// Where the answer is looked for.
  public var extraction: ExtractionOptions {
    switch self {
    case .anchored: ExtractionOptions(withoutAnchor: false, nearAnchor: false)
    case .boxed: ExtractionOptions(boxed: .only)
    case .anywhere: ExtractionOptions()
    }
  }
}
