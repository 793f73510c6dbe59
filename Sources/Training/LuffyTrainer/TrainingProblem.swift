public import LuffyRollout

/// One question with a verifiable answer and what teachers wrote about it.
public struct TrainingProblem: Sendable, Hashable {
  /// The prompt as the model sees it, template applied.
  public var promptIDs: [TokenID]
  /// What a response is judged against.
  public var reference: String
  /// Worked solutions, each with the token that ends a response.
  public var traces: [[TokenID]]

  public init(promptIDs: [TokenID], reference: String, traces: [[TokenID]] = []) {
    self.promptIDs = promptIDs
    self.reference = reference
    self.traces = traces
  }
}
