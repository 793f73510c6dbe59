import Foundation
import LuffyObjective
import Testing

extension Objective {
  /// The example of docs/objective.md, §6, word for word.
  static func focal(fixedLength: Int) -> Objective {
    let unknown = Weight(name: "unknown") { context in
      context.logprobs.map { expm1($0) * expm1($0) }
    }
    return Objective(
      advantages: AdvantageRule(baseline: .onPolicy, scale: .groupStd),
      terms: [
        Term(
          .surrogate(Surrogate(clip: .pessimistic(low: 0.2, high: 0.2))), on: .onPolicy,
          aggregation: Aggregation(.fixedLength(fixedLength), over: .selected)),
        Term(
          .likelihood, on: .offPolicy, weights: [unknown, .successAtMost(0.25)],
          aggregation: Aggregation(.tokenMean, over: .selected),
          coefficient: .cosine(from: 1, to: 0, steps: 200)),
      ])
  }
}

@Suite struct NewObjectiveTests {
  @Test(arguments: [0, 100, 200]) func `the example of the documentation`(step: Int) throws {
    var batch = RandomBatch(seed: 21)
    for row in batch.rows.indices where batch.rows[row].group == 0 && batch.ownRow(row) {
      batch.rows[row].reward = 0
    }
    try expectMatches(.focal(fixedLength: 8), batch, step: step, "focal") { batch, logprobs in
      let (own, off) = (batch.tokens(off: false), batch.tokens(off: true))
      var (policy, sft) = (0.0, 0.0)
      for (i, t) in own {
        let a = batch.advantage(i, ownOnly: true, std: true)
        policy += clippedLoss(batch, i, t, logprobs, a, 0.2, 0.2)
      }
      for (i, t) in off where batch.rows[i].group == 0 {
        let p = exp(batch.scores[i].logprobs[t])
        sft -= (1 - p) * (1 - p) * logprobs[i][t]
      }
      let fade = step == 0 ? 1 : step == 100 ? 0.5 : 0.0
      return policy / Double(batch.rowCount(own) * 8) + fade * sft / Double(off.count)
    }
  }
}
