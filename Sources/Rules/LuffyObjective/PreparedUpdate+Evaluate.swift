import Glibc

/// π_θ of a token.
func probability(_ logprob: Double) -> Double { exp(logprob) }

extension PreparedUpdate {
  /// One row's addend of the loss, and its gradients.
  ///
  /// Throws where a score of a trained token is not finite, where a value that a term needs is
  /// missing, or where a loss leaves the float64 range (a ratio beyond e^709 that nothing bounds).
  public func evaluate(row index: Int, scores: TokenScores) throws(ObjectiveError)
    -> RowEvaluation
  {
    guard rows.indices.contains(index) else {
      throw .row(index, reason: "the update has \(rows.count) rows")
    }
    guard isCounted else { throw .needsCounting(key: "probability_max") }
    let row = rows[index]
    try row.input.checkCount(scores.logprobs.count, "log-probs", index)
    try row.input.checkCount(scores.entropies?.count, "entropies", index)
    try row.input.checkLogprobs(scores.logprobs, "log-prob", index, row.sources)
    try row.input.checkEntropies(scores.entropies, index, row.sources)

    var pass = RowPass(index: index, update: self, scores: scores)
    for (term, count) in zip(objective.terms, counts) { try pass.add(term, count) }
    try pass.finish()
    return pass.result
  }
}
