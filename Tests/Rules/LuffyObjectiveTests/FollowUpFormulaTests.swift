import Foundation
import LuffyObjective
import LuffyRollout
import Testing

/// The follow-ups against formulas written out straight.
@Suite struct FollowUpFormulaTests {
  static let seeds: [UInt64] = [11, 12, 13]
  static let length = 9

  @Test(arguments: seeds) func `Dr. GRPO`(seed: UInt64) throws {
    let batch = RandomBatch(seed: seed, members: [.own])
    try expectMatches(.drGRPO(fixedLength: Self.length), batch, "dr") { batch, logprobs in
      var sum = 0.0
      for (i, t) in batch.trained {
        sum += clippedLoss(batch, i, t, logprobs, batch.advantage(i), 0.2, 0.2)
      }
      return sum / Double(batch.rows.count * Self.length)
    }
  }

  @Test(arguments: seeds) func `DAPO leaves out uniform groups`(seed: UInt64) throws {
    var batch = RandomBatch(seed: seed, members: [.own])
    for row in batch.rows.indices where batch.rows[row].group == 1 { batch.rows[row].reward = 1 }
    try expectMatches(.dapo(), batch, "dapo") { batch, logprobs in
      var sum = 0.0
      var count = 0
      for (i, t) in batch.trained where batch.rows[i].group != 1 {
        sum += clippedLoss(batch, i, t, logprobs, batch.advantage(i, std: true), 0.2, 0.28)
        count += 1
      }
      return sum / Double(count)
    }
  }

  @Test(arguments: seeds) func `DAPO punishes long responses`(seed: UInt64) throws {
    let batch = RandomBatch(seed: seed, members: [.own])
    let penalty = LengthPenalty(maximum: 6, buffer: 3)
    let advantages = try Objective.dapo(lengthPenalty: penalty).prepare(batch.rows).advantages
    var punished = batch
    for row in batch.rows.indices {
      let length = Double(batch.rows[row].tokenCount)
      punished.rows[row].reward += length <= 3 ? 0 : length >= 6 ? -1 : (3 - length) / 3
    }
    for row in batch.rows.indices {
      expectClose(advantages[row], punished.advantage(row, std: true), "advantage \(row)")
    }
  }

  @Test(arguments: seeds) func `GSPO has one ratio a response`(seed: UInt64) throws {
    let batch = RandomBatch(seed: seed, members: [.own])
    // Bounds wide enough that some ratios pass and some do not.
    let objective = Objective.gspo(clipLow: 0.1, clipHigh: 0.15)
    try expectMatches(objective, batch, "gspo") { batch, logprobs in
      var total = 0.0
      for i in batch.rows.indices {
        let tokens = batch.trained.filter { $0.row == i }.map(\.token)
        let log = tokens.reduce(0) { $0 + logprobs[i][$1] - batch.rows[i].oldLogprobs![$1] }
        let ratio = exp(log / Double(tokens.count))
        let a = batch.advantage(i, std: true)
        total -= min(ratio * a, min(max(ratio, 0.9), 1.15) * a)
      }
      return total / Double(batch.rows.count)
    }
  }

  @Test(arguments: seeds) func `CISPO detaches the bounded ratio`(seed: UInt64) throws {
    let batch = RandomBatch(seed: seed, members: [.own])
    try expectMatches(.cispo(ratioMax: 1.2), batch, "cispo") { batch, logprobs in
      var sum = 0.0
      for (i, t) in batch.trained {
        let old = batch.rows[i].oldLogprobs![t]
        let weight = min(1.2, exp(batch.scores[i].logprobs[t] - old))
        sum -= weight * batch.advantage(i, std: true) * logprobs[i][t]
      }
      return sum / Double(batch.trained.count)
    }
  }

  @Test(arguments: seeds) func `SAPO's gate`(seed: UInt64) throws {
    let batch = RandomBatch(seed: seed, members: [.own])
    try expectMatches(.sapo(positive: 1.5, negative: 2), batch, "sapo") { batch, logprobs in
      var total = 0.0
      for i in batch.rows.indices {
        let tokens = batch.trained.filter { $0.row == i }.map(\.token)
        let a = batch.advantage(i, std: true)
        let tau = a > 0 ? 1.5 : 2.0
        for t in tokens {
          let ratio = exp(logprobs[i][t] - batch.rows[i].oldLogprobs![t])
          total -= a * 4 / tau / (1 + exp(-tau * (ratio - 1))) / Double(tokens.count)
        }
      }
      return total / Double(batch.rows.count)
    }
  }

  @Test(arguments: seeds) func `ExGRPO shapes the ratio to the recorded policy`(seed: UInt64) throws
  {
    let batch = RandomBatch(seed: seed, members: [.own, .replay])
    try expectMatches(.exGRPO(fixedLength: Self.length), batch, "exgrpo") { batch, logprobs in
      var sum = 0.0
      for (i, t) in batch.trained {
        let row = batch.rows[i]
        let replayed = exp(logprobs[i][t] - row.behaviorLogprobs![t])
        let ratio =
          row.source == .replay
          ? replayed / (replayed + 0.1) : exp(logprobs[i][t] - row.oldLogprobs![t])
        sum -= batch.advantage(i) * ratio
      }
      return (sum - 3e-4 * totalEntropy(batch, batch.trained))
        / Double(batch.rows.count * Self.length)
    }
  }

  @Test(arguments: seeds) func `SRFT adds four terms`(seed: UInt64) throws {
    let batch = RandomBatch(seed: seed)
    try expectMatches(.srft(), batch, "srft") { batch, logprobs in
      let (own, off) = (batch.tokens(off: false), batch.tokens(off: true))
      var (traces, rollouts) = (0.0, 0.0)
      for (i, t) in off {
        let h = batch.scores[i].entropies![t]
        traces -= 0.5 * exp(-h) * logprobs[i][t]
        traces -= batch.advantage(i, std: true) * exp(logprobs[i][t])
      }
      for (i, t) in own {
        let a = batch.advantage(i, std: true)
        let weight = a > 0 ? 0.1 * exp(batch.scores[i].entropies![t]) : 1
        rollouts -= weight * a * exp(logprobs[i][t] - batch.rows[i].oldLogprobs![t])
      }
      return traces / Double(off.count) + rollouts / Double(own.count)
    }
  }

  @Test(arguments: seeds) func `Prefix-RFT trains the surprising prefix tokens`(seed: UInt64) throws
  {
    let batch = RandomBatch(seed: seed, members: [.own, .prefix])
    try expectMatches(.prefixRFT(entropyShare: 0.4), batch, "prefix") { batch, logprobs in
      var sum = 0.0
      for (i, t) in batch.trained {
        if batch.isOff(i, t) {
          let prefix = batch.trained.filter { $0.row == i && batch.isOff(i, $0.token) }.map(\.token)
          let h = batch.scores[i].entropies!
          let higher = prefix.filter { h[$0] > h[t] }.count
          if Double(higher) >= (0.4 * Double(prefix.count)).rounded(.up) { continue }
        }
        sum += clippedLoss(batch, i, t, logprobs, batch.advantage(i), 0.2, 0.2)
      }
      return sum / Double(batch.trained.count)
    }
  }

  @Test(arguments: seeds) func `HPT's gate chooses a group's loss`(seed: UInt64) throws {
    var batch = RandomBatch(seed: seed)
    for row in batch.rows.indices where batch.rows[row].group == 0 && batch.ownRow(row) {
      batch.rows[row].reward = 0
    }
    try expectMatches(.hpt(fixedLength: Self.length), batch, "hpt") { batch, logprobs in
      let (own, off) = (batch.tokens(off: false), batch.tokens(off: true))
      var (policy, sft) = (0.0, 0.0)
      for (i, t) in own where batch.rows[i].group != 0 {
        policy += clippedLoss(batch, i, t, logprobs, batch.advantage(i, ownOnly: true), 0.2, 0.2)
      }
      for (i, t) in off where batch.rows[i].group == 0 {
        sft -= logprobs[i][t] / Double(off.filter { $0.row == i }.count)
      }
      return sft / Double(batch.rowCount(off)) + policy / Double(batch.rowCount(own) * Self.length)
    }
  }

  @Test(arguments: [0, 5, 10, 99], [false, true])
  func `CHORD moves from imitation to exploration`(step: Int, weighsTokens: Bool) throws {
    let batch = RandomBatch(seed: 17)
    let objective = Objective.chord(from: 0.9, to: 0.1, steps: 10, weighsTokens: weighsTokens)
    try expectMatches(objective, batch, step: step, "chord") { batch, logprobs in
      let mu = step == 0 ? 0.9 : step == 5 ? 0.5 : 0.1
      let (own, off) = (batch.tokens(off: false), batch.tokens(off: true))
      var (policy, sft) = (0.0, 0.0)
      for (i, t) in own {
        let a = batch.advantage(i, ownOnly: true, std: true)
        policy += clippedLoss(batch, i, t, logprobs, a, 0.2, 0.2)
      }
      for (i, t) in off {
        let p = exp(batch.scores[i].logprobs[t])
        sft -= (weighsTokens ? p * (1 - p) : 1) * logprobs[i][t]
      }
      return (1 - mu) * policy / Double(own.count) + mu * sft / Double(off.count)
    }
  }
}
