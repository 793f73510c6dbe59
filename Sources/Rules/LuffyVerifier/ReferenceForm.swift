/// How a reference text is read.
public enum ReferenceForm: Sendable, Hashable {
  /// As people hold gold answers: extracted like a response where it carries an environment or a
  /// box, otherwise taken whole as LaTeX, with a plain-text fallback.
  case asHeld
  /// Exactly as Math-Verify's `parse` would read it.
  case verbatim
}
