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
  /// Whether other words may stand between "answer" and a number; false: the answer follows at once
  /// ("answer is", "Answer:", `####`, 答案), but for emphasis and words such as "approximately".
  public var nearAnchor: Bool
  /// Whether a last line `#### n` (GSM8K) outranks plain numbers.
  public var hashAnswer: Bool
  /// Stop at the first candidate even if it cannot be parsed.
  public var firstMatchOnly: Bool

  public init(
    latex: Bool = true, expression: Bool = true, boxed: BoxedRule = .ranked,
    withoutAnchor: Bool = true, nearAnchor: Bool = true, hashAnswer: Bool = false,
    firstMatchOnly: Bool = false
  ) {
    self.latex = latex
    self.expression = expression
    self.boxed = boxed
    self.withoutAnchor = withoutAnchor
    self.nearAnchor = nearAnchor
    self.hashAnswer = hashAnswer
    self.firstMatchOnly = firstMatchOnly
  }
}
