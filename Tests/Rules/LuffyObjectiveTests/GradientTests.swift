import LuffyObjective
import LuffyRollout
import LuffyTestSupport
import Testing

/// ∂loss/∂logprob and ∂loss/∂entropy against central differences of the loss itself, over random
/// combinations of options. Only combinations whose weights do not depend on what is varied: a
/// detached factor has, on purpose, no derivative.
@Suite struct GradientTests {
  static let shapings: [Shaping] = [
    .none, .saturating(gamma: 0.1), .saturatingProbabilities(gamma: 0.3), .power(exponent: 0.7),
    .log(weight: 0.4), .pLog(weight: 0.2),
  ]
  static let clips: [Clip] = [
    .none, .pessimistic(low: 0.2, high: 0.3), .pessimistic(low: nil, high: 0.1, dual: 1.4),
    .bounds(min: 0.2, max: 1.1), .soft(positive: 1, negative: 2),
  ]
  static let kinds: [Aggregation.Kind] = [
    .tokenMean, .sequenceMean, .fixedLength(11), .fixedLengthSum(7),
  ]

  func objective(_ random: inout SeededGenerator) -> Objective {
    func pick<T>(_ values: [T]) -> T { values.randomElement(using: &random) ?? values[0] }
    func aggregation() -> Aggregation {
      Aggregation(pick(Self.kinds), over: pick([.update, .selected]))
    }
    let selections: [TokenSelection] = [.onPolicy, [.offPolicy, .replay], .all]
    var terms = (0..<3).map { _ in
      Term(
        .surrogate(
          Surrogate(
            pick(Denominator.allCases), level: pick(Surrogate.Level.allCases),
            shaping: pick(Self.shapings), clip: pick(Self.clips))),
        on: pick(selections),
        weights: pick([[], [.positiveAdvantage], [.successAbove(0.3), .negativeAdvantage]]),
        aggregation: aggregation(), coefficient: .constant(pick([1, 0.3, -0.5])))
    }
    terms.append(Term(.likelihood, on: pick(selections), aggregation: aggregation()))
    terms.append(Term(.kl(pick(KLEstimator.allCases)), aggregation: aggregation()))
    terms.append(Term(.entropy, on: pick(selections), aggregation: aggregation()))
    return Objective(
      advantages: AdvantageRule(
        baseline: pick(AdvantageRule.Baseline.allCases), scale: pick(AdvantageRule.Scale.allCases)),
      terms: terms)
  }

  @Test(arguments: UInt64(100)..<140) func `central differences agree`(seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let batch = RandomBatch(seed: seed, members: RandomBatch.Member.allCases)
    let objective = objective(&random)
    let result = try objective.evaluate(batch.rows, scores: batch.scores)
    let h = 1e-6
    func slope(_ change: (inout [TokenScores], Double) -> Void) throws -> Double {
      var (up, down) = (batch.scores, batch.scores)
      change(&up, h)
      change(&down, -h)
      let (above, below) = (
        try objective.evaluate(batch.rows, scores: up).loss,
        try objective.evaluate(batch.rows, scores: down).loss
      )
      return (above - below) / (2 * h)
    }
    for (row, token) in batch.trained {
      let logprob = try slope { $0[row].logprobs[token] += $1 }
      let entropy = try slope { $0[row].entropies?[token] += $1 }
      expectClose(
        result.dLogprobs[row][token], logprob, "dLogprob \(row),\(token)", relative: 1e-5,
        absolute: 1e-8)
      expectClose(
        result.dEntropies[row][token], entropy, "dEntropy \(row),\(token)", relative: 1e-5,
        absolute: 1e-8)
    }
  }

  @Test func `masked tokens have no gradient`() throws {
    let batch = RandomBatch(seed: 7, members: RandomBatch.Member.allCases)
    var random = SeededGenerator(7)
    let result = try objective(&random).evaluate(batch.rows, scores: batch.scores)
    var masked = 0
    for (index, row) in batch.rows.enumerated() {
      for (token, isTrained) in (row.responseMask?.flags ?? []).enumerated() where !isTrained {
        #expect(result.dLogprobs[index][token] == 0 && result.dEntropies[index][token] == 0)
        masked += 1
      }
    }
    #expect(masked > 0)
  }
}
