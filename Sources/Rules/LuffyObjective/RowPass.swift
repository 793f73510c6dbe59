/// The evaluation of one row: gathers loss, gradients and metrics term by term.
struct RowPass {
  let index: Int
  let row: PreparedUpdate.Row
  let scores: TokenScores
  let step: Int
  let longest: Int
  var result: RowEvaluation
  /// Σ over surrogate terms of weight · coefficient · token loss, for the metrics.
  var surrogateLosses: [Double?]
  /// The first term that PPO's maximum clips, for the clip fraction.
  let pessimistic: Surrogate?
  /// Tokens at which a maximum took the clamped side.
  var clippedTokens: Set<Int> = []

  init(index: Int, update: PreparedUpdate, scores: TokenScores) {
    self.index = index
    self.row = update.rows[index]
    self.scores = scores
    self.step = update.step
    self.longest = update.longestResponse
    self.pessimistic = update.objective.terms.lazy.compactMap(\.pessimistic).first
    self.result = RowEvaluation(tokens: row.sources.count)
    self.surrogateLosses = [Double?](repeating: nil, count: row.sources.count)
  }

  /// log π_old, with π_θ standing in where the row does not carry it.
  func oldLogprob(_ token: Int) -> Double {
    row.input.oldLogprobs?[token] ?? scores.logprobs[token]
  }

  mutating func add(_ term: Term, _ counts: PreparedUpdate.Counts) throws(ObjectiveError) {
    let tokens = row.sources.indices.filter { term.tokens.includes(row.sources[$0]) }
    guard !tokens.isEmpty else { return }
    let rowTokens = row.countedTokens(of: term, logprobs: scores.logprobs)
    let scale = term.aggregation.scale(counts, rowTokens: rowTokens, longest: longest)
    let coefficient = term.coefficient.value(at: step)
    let weights = try weights(of: term, tokens).map { $0 * coefficient }
    // What each token's loss is multiplied by on its way into the sum.
    let factors = tokens.indices.map { position in
      term.drops(probability(scores.logprobs[tokens[position]])) ? 0 : weights[position] * scale
    }
    switch term.loss {
    case .surrogate(let surrogate):
      try add(surrogate, tokens, weights: weights, factors: factors)
    case .likelihood:
      for (token, factor) in zip(tokens, factors) {
        result.loss -= factor * scores.logprobs[token]
        result.dLogprobs[token] -= factor
        if factor != 0 { result.hasSignal = true }
        result.metrics.add(-scores.logprobs[token], to: .likelihoodLoss)
      }
    case .kl(let estimator):
      try add(estimator, tokens, factors: factors)
    case .entropy:
      guard let entropies = scores.entropies else {
        throw .missing(row: index, value: "entropies", neededBy: "an entropy term")
      }
      for (token, factor) in zip(tokens, factors) {
        result.loss -= factor * entropies[token]
        result.dEntropies[token] -= factor
      }
    }
  }

  /// The product of a term's detached weights, one a selected token.
  private func weights(of term: Term, _ tokens: [Int]) throws(ObjectiveError) -> [Double] {
    var product = [Double](repeating: 1, count: tokens.count)
    guard !term.weights.isEmpty else { return product }
    let context = WeightContext(
      logprobs: tokens.map { scores.logprobs[$0] },
      entropies: scores.entropies.map { all in tokens.map { all[$0] } } ?? [],
      advantage: row.advantage, reward: row.input.reward, groupSuccess: row.groupSuccess,
      step: step)
    for weight in term.weights {
      if weight.needsEntropies && scores.entropies == nil {
        throw .missing(row: index, value: "entropies", neededBy: "weight \(weight.name)")
      }
      let values = weight.values(context)
      guard values.count == tokens.count else {
        throw .row(
          index,
          reason: "weight \(weight.name): \(values.count) values for \(tokens.count) tokens")
      }
      for position in product.indices {
        let value = values[position]
        guard value.isFinite else {
          throw .notFinite(
            row: index, token: tokens[position], value: "weight \(weight.name)", found: value)
        }
        product[position] *= value
      }
    }
    return product
  }

  private mutating func add(
    _ estimator: KLEstimator, _ tokens: [Int], factors: [Double]
  ) throws(ObjectiveError) {
    guard let reference = row.input.referenceLogprobs else {
      throw .missing(row: index, value: "reference log-probs", neededBy: "a KL term")
    }
    for (token, factor) in zip(tokens, factors) {
      let kl = estimator.apply(logprob: scores.logprobs[token], reference: reference[token])
      guard kl.value.isFinite else {
        throw .notFinite(row: index, token: token, value: "the KL estimate", found: kl.value)
      }
      result.loss += factor * kl.value
      result.dLogprobs[token] += factor * kl.slope
      result.metrics.add(kl.value, to: .referenceKL)
    }
  }
}
