import Foundation
import LuffyObjective
import LuffyRollout
import Testing

/// The paper's arms against formulas written out straight, without the library's parts.
@Suite struct PresetFormulaTests {
  static let seeds: [UInt64] = [1, 2, 3]
  static let length = 9

  @Test(arguments: seeds) func `LUFFY`(seed: UInt64) throws {
    let batch = RandomBatch(seed: seed, members: [.own, .trace, .prefix])
    try expectMatches(.luffy(fixedLength: Self.length), batch, "luffy") { batch, logprobs in
      var sum = 0.0
      for (i, t) in batch.trained {
        let p = exp(logprobs[i][t])
        let ratio = batch.isOff(i, t) ? p / (p + 0.1) : p / exp(batch.rows[i].oldLogprobs![t])
        sum -= batch.advantage(i) * ratio
      }
      return (sum - 3e-4 * totalEntropy(batch, batch.trained))
        / Double(batch.rows.count * Self.length)
    }
  }

  @Test(arguments: seeds) func `without a preset the bonus is on the token mean`(seed: UInt64)
    throws
  {
    let batch = RandomBatch(seed: seed)
    let plain = try ObjectiveOptions.plain(fixedLength: Self.length).makeObjective()
    try expectMatches(plain, batch, "plain") { batch, logprobs in
      var sum = 0.0
      for (i, t) in batch.trained {
        let p = exp(logprobs[i][t])
        let ratio = batch.isOff(i, t) ? p / (p + 0.1) : p / exp(batch.rows[i].oldLogprobs![t])
        sum -= batch.advantage(i) * ratio
      }
      return sum / Double(batch.rows.count * Self.length) - 0.001
        * meanEntropy(batch, batch.trained)
    }
  }

  @Test(arguments: seeds) func `LUFFY at the reference scale`(seed: UInt64) throws {
    let batch = RandomBatch(seed: seed)
    let workers = 8
    let objective = Objective.reference(fixedLength: Self.length, workers: workers, microBatches: 5)
    try expectMatches(objective, batch, "reference") { batch, logprobs in
      var sum = 0.0
      for (i, t) in batch.trained {
        let p = exp(logprobs[i][t])
        let ratio = batch.isOff(i, t) ? p / (p + 0.1) : p / exp(batch.rows[i].oldLogprobs![t])
        sum -= batch.advantage(i) * ratio
      }
      return sum / Double(Self.length) / Double(workers)
        - 0.005 * meanEntropy(batch, batch.trained)
    }
  }

  @Test(arguments: seeds) func `mixed policy without shaping`(seed: UInt64) throws {
    let batch = RandomBatch(seed: seed)
    try expectMatches(.mixedPolicy(fixedLength: Self.length), batch, "mixed") { batch, logprobs in
      var sum = 0.0
      for (i, t) in batch.trained {
        let p = exp(logprobs[i][t])
        sum -= batch.advantage(i) * (batch.isOff(i, t) ? p : p / exp(batch.rows[i].oldLogprobs![t]))
      }
      return (sum - 3e-4 * totalEntropy(batch, batch.trained))
        / Double(batch.rows.count * Self.length)
    }
  }

  @Test(arguments: seeds) func `on-policy GRPO ignores traces`(seed: UInt64) throws {
    let batch = RandomBatch(seed: seed)
    try expectMatches(.onPolicy(fixedLength: Self.length), batch, "on-policy") { batch, logprobs in
      let own = batch.tokens(off: false)
      var sum = 0.0
      for (i, t) in own {
        sum += clippedLoss(batch, i, t, logprobs, batch.advantage(i, ownOnly: true), 0.2, 0.2)
      }
      return (sum - 3e-4 * totalEntropy(batch, own)) / Double(batch.rowCount(own) * Self.length)
    }
  }

  @Test(arguments: seeds) func `SFT is the exact token mean`(seed: UInt64) throws {
    let batch = RandomBatch(seed: seed)
    try expectMatches(.sft(), batch, "sft") { batch, logprobs in
      let tokens = batch.tokens(off: true)
      return -tokens.reduce(0) { $0 + logprobs[$1.row][$1.token] } / Double(tokens.count)
    }
  }

  @Test(arguments: seeds) func `RL with SFT loss`(seed: UInt64) throws {
    let batch = RandomBatch(seed: seed)
    let objective = Objective.rlWithSFTLoss(fixedLength: Self.length, coefficient: 0.7)
    try expectMatches(objective, batch, "rl+sft") { batch, logprobs in
      let (own, off) = (batch.tokens(off: false), batch.tokens(off: true))
      var policy = 0.0
      for (i, t) in own {
        policy -=
          batch.advantage(i, ownOnly: true) * exp(logprobs[i][t])
          / exp(batch.rows[i].oldLogprobs![t])
      }
      let sft = -off.reduce(0) { $0 + logprobs[$1.row][$1.token] }
      return (policy + 1.4 * sft - 3e-4 * totalEntropy(batch, batch.trained))
        / Double(batch.rows.count * Self.length)
    }
  }

  @Test(arguments: seeds) func `RL with a token mean of the likelihood`(seed: UInt64) throws {
    let batch = RandomBatch(seed: seed)
    var options = ObjectiveOptions.rlWithSFTLoss(fixedLength: Self.length)
    options.traces = .likelihood(coefficient: 0.7)
    options.entropyCoefficient = 0.001
    try expectMatches(options.makeObjective(), batch, "rl+sft, plain") { batch, logprobs in
      let (own, off) = (batch.tokens(off: false), batch.tokens(off: true))
      var policy = 0.0
      for (i, t) in own {
        policy -=
          batch.advantage(i, ownOnly: true) * exp(logprobs[i][t])
          / exp(batch.rows[i].oldLogprobs![t])
      }
      let sft = -off.reduce(0) { $0 + logprobs[$1.row][$1.token] } / Double(off.count)
      return policy / Double(batch.rowCount(own) * Self.length) + 0.7 * sft
        - 0.001 * meanEntropy(batch, batch.trained)
    }
  }
}

func totalEntropy(_ batch: RandomBatch, _ tokens: [(row: Int, token: Int)]) -> Double {
  tokens.reduce(0) { $0 + batch.scores[$1.row].entropies![$1.token] }
}

func meanEntropy(_ batch: RandomBatch, _ tokens: [(row: Int, token: Int)]) -> Double {
  totalEntropy(batch, tokens) / Double(tokens.count)
}

/// PPO's token loss.
func clippedLoss(
  _ batch: RandomBatch, _ i: Int, _ t: Int, _ logprobs: Logprobs, _ advantage: Double,
  _ low: Double, _ high: Double
) -> Double {
  let ratio = exp(logprobs[i][t]) / exp(batch.rows[i].oldLogprobs![t])
  let clipped = ratio < 1 - low ? 1 - low : ratio > 1 + high ? 1 + high : ratio
  return -min(ratio * advantage, clipped * advantage)
}
