import Glibc
import LuffyRollout

extension RowPass {
  /// Adds −A·clip(shape(π_θ/π_d)) over some tokens.
  ///
  /// With one ratio a row, every token's loss depends on every token's log-prob: the gradient that
  /// reaches the mean log-ratio is spread evenly.
  mutating func add(
    _ surrogate: Surrogate, _ tokens: [Int], weights: [Double], factors: [Double]
  ) throws(ObjectiveError) {
    let denominators = try denominators(surrogate.denominator, tokens)
    let logprobs = tokens.map { scores.logprobs[$0] }
    let isSequence = surrogate.level == .sequence
    let meanLogprob = mean(logprobs)
    let meanDenominator = mean(denominators)
    var shared = 0.0
    for (position, token) in tokens.enumerated() {
      let logprob = isSequence ? meanLogprob : logprobs[position]
      let denominator = isSequence ? meanDenominator : denominators[position]
      let shaped = surrogate.shaping.apply(logprob: logprob, denominator: denominator)
      let value = surrogate.clip.apply(
        ratio: shaped.ratio, advantage: row.advantage, logprob: logprobs[position])
      record(surrogate, token, value, shaped.ratio, exp(logprob - denominator))
      let factor = factors[position]
      surrogateLosses[token, default: 0] += weights[position] * value.loss
      guard factor != 0 else {
        result.metrics.add(0, to: .policyLoss)
        continue
      }
      // A bounded ratio has no gradient even where its slope is infinite.
      let slope = value.dRatio == 0 ? 0 : factor * value.dRatio * shaped.slope
      let loss = factor * value.loss
      guard loss.isFinite, slope.isFinite else {
        throw .notFinite(
          row: index, token: token, value: "the loss at log-ratio \(logprob - denominator)",
          found: loss.isFinite ? slope : loss)
      }
      result.loss += loss
      result.metrics.add(loss, to: .policyLoss)
      result.dLogprobs[token] += factor * value.dLogprob
      if factor * value.dLogprob != 0 || slope != 0 { result.hasSignal = true }
      if isSequence { shared += slope } else { result.dLogprobs[token] += slope }
    }
    if isSequence {
      for token in tokens { result.dLogprobs[token] += shared / Double(tokens.count) }
    }
  }

  /// log π_d of each selected token.
  private func denominators(
    _ denominator: Denominator, _ tokens: [Int]
  ) throws(ObjectiveError) -> [Double] {
    switch denominator {
    case .old: return tokens.map { oldLogprob($0) }
    case .one: return [Double](repeating: 0, count: tokens.count)
    case .behavior:
      guard let behavior = row.input.behaviorLogprobs else {
        throw .missing(row: index, value: "behavior log-probs", neededBy: "a ratio to π_φ")
      }
      return tokens.map { behavior[$0] }
    }
  }

  /// Metrics of one token of one surrogate term.
  private mutating func record(
    _ surrogate: Surrogate, _ token: Int, _ value: Clip.Value, _ shaped: Double, _ ratio: Double
  ) {
    result.ratios[token] = ratio
    result.shapedRatios[token] = value.ratio
    if row.sources[token] == .onPolicy {
      result.metrics.add(ratio, to: .onRatio)
    } else {
      result.metrics.add(value.ratio, to: .offRatio)
      var (low, high) = (-Double.infinity, Double.infinity)
      if case .bounds = surrogate.clip { (low, high) = surrogate.clip.range }
      result.metrics.add(shaped >= high, to: .offRatioMaxFraction)
      result.metrics.add(value.ratio <= low, to: .offRatioMinFraction)
    }
    if value.isClipped { clippedTokens.insert(token) }
    switch surrogate.clip {
    case .pessimistic, .detached:
      result.metrics.add(value.isClippedLow, to: .clipLowFraction)
      result.metrics.add(value.isClippedHigh, to: .clipHighFraction)
    case .none, .bounds, .soft: break
    }
  }

  /// Metrics that concern every trained token, whatever the terms.
  mutating func finish() throws(ObjectiveError) {
    guard result.loss.isFinite else {
      throw .row(index, reason: "its loss is \(result.loss)")
    }
    if row.isKept { result.metrics.add(result.loss, to: .loss) }
    for token in row.sources.indices {
      guard let source = row.sources[token] else { continue }
      guard result.dLogprobs[token].isFinite else {
        throw .notFinite(
          row: index, token: token, value: "the gradient", found: result.dLogprobs[token])
      }
      let logprob = scores.logprobs[token]
      let isOwn = source == .onPolicy
      if let loss = surrogateLosses[token] {
        result.metrics.add(loss, to: isOwn ? .onPolicyLoss : .offPolicyLoss)
        result.metrics.add(isClipped(token), to: .clipFraction)
      }
      if isOwn {
        result.metrics.add(probability(oldLogprob(token)), to: .onPolicyProbability)
      } else {
        result.metrics.add(probability(logprob), to: .offPolicyProbability)
      }
      if isOwn || row.input.oldLogprobs != nil {
        result.metrics.add(oldLogprob(token) - logprob, to: .policyKL)
      }
      if let entropy = scores.entropies?[token] {
        result.metrics.add(entropy, to: .entropy)
        result.metrics.add(entropy, to: isOwn ? .onEntropy : .offEntropy)
      }
    }
  }

  /// The PPO maximum would take the clamped side at this token. As in the reference, tokens of
  /// traces are asked too.
  private func isClipped(_ token: Int) -> Bool {
    guard let pessimistic else { return false }
    guard pessimistic.level == .token else { return clippedTokens.contains(token) }
    let shaped = pessimistic.shaping.apply(
      logprob: scores.logprobs[token], denominator: oldLogprob(token))
    return pessimistic.clip.apply(
      ratio: shaped.ratio, advantage: row.advantage, logprob: scores.logprobs[token]
    ).isClipped
  }

  private func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }
}

extension [Double?] {
  /// The value, or a default where there is none yet.
  fileprivate subscript(index: Int, default fallback: Double) -> Double {
    get { self[index] ?? fallback }
    set { self[index] = newValue }
  }
}
