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
