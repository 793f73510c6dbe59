/// What an update minimises: an advantage rule and a sum of terms.
///
/// Pure and in float64. Two stages keep the result independent of how rows are split into
/// micro-batches: `prepare` computes from the rows' rewards and masks everything that concerns
/// the whole update (advantages, denominators); `PreparedUpdate.evaluate` then gives one row's
/// loss and gradients, which do not depend on what else is evaluated, and add up.
public struct Objective: Sendable {
  public var advantages: AdvantageRule
  public var terms: [Term]
  /// A trainer leaves everything as it is at an update whose policy-gradient and likelihood terms have no gradient at
  /// all: entropy and KL terms are for use beside them, and Adam would make a whole step of the little that is left.
  public var skipsWithoutSignal: Bool

  public init(
    advantages: AdvantageRule = AdvantageRule(), terms: [Term], skipsWithoutSignal: Bool = true
  ) {
    self.advantages = advantages
    self.terms = terms
    self.skipsWithoutSignal = skipsWithoutSignal
  }

  /// Checks every option. Errors name the option.
  public func validate() throws(ObjectiveError) {
    try advantages.validate()
    try require(!terms.isEmpty, "terms", "an objective without a term learns nothing")
    for (index, term) in terms.enumerated() { try term.validate("terms[\(index)]") }
  }

  /// True where some term reads entropies; without one they are only measured.
  public var needsEntropies: Bool {
    terms.contains { term in
      if case .entropy = term.loss { return true }
      return term.weights.contains(where: \.needsEntropies)
    }
  }

  /// True where some term reads reference log-probs.
  public var needsReference: Bool {
    terms.contains { if case .kl = $0.loss { true } else { false } }
  }

  /// True where some term's fixed length is the longest allowed response, whatever that is.
  public var followsLongestResponse: Bool {
    terms.contains { $0.aggregation.kind == .fixedLength(nil) }
  }

  /// Advantages and denominators of an update over these rows, at a training step from 0.
  ///
  /// `longestResponse` is the longest allowed response in tokens, L of terms that have none of their own; nil: the
  /// longest of these rows.
  public func prepare(
    _ rows: [ObjectiveRow], step: Int = 0, longestResponse: Int? = nil
  ) throws(ObjectiveError) -> PreparedUpdate {
    try validate()
    return try PreparedUpdate(
      objective: self, rows: rows, step: step, longestResponse: longestResponse)
  }

  /// The whole update in one call: one `TokenScores` a row.
  ///
  /// Where no row has entropies, entropy terms are left out, and their metric is absent: a caller
  /// who only has log-probs gets the rest of the loss. Entropies of only some rows are an error.
  public func evaluate(
    _ rows: [ObjectiveRow], scores: [TokenScores], step: Int = 0
  ) throws(ObjectiveError) -> ObjectiveResult {
    guard rows.count == scores.count else {
      throw .row(
        min(rows.count, scores.count), reason: "\(rows.count) rows, but scores for \(scores.count)")
    }
    let hasEntropies = scores.contains { $0.entropies != nil }
    let prepared = try (hasEntropies ? self : withoutEntropyTerms).prepare(rows, step: step)
      .counting(logprobs: scores.map(\.logprobs))
    var evaluations: [RowEvaluation] = []
    evaluations.reserveCapacity(rows.count)
    for index in rows.indices {
      evaluations.append(try prepared.evaluate(row: index, scores: scores[index]))
    }
    let result = ObjectiveResult(advantages: prepared.advantages, rows: evaluations)
    if !result.loss.isFinite {
      throw .notFinite(
        row: max(0, rows.count - 1), token: 0, value: "the loss of all rows", found: result.loss)
    }
    return result
  }

  /// The same without its entropy terms, unless nothing would be left.
  private var withoutEntropyTerms: Objective {
    var other = self
    other.terms.removeAll { if case .entropy = $0.loss { true } else { false } }
    return other.terms.isEmpty ? self : other
  }
}
