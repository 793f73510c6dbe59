import LuffyObjective
import LuffyRollout
import LuffyTestSupport
import Testing

/// What must not change a result, and configurations that must agree.
@Suite struct InvarianceTests {
  static let objectives: [(String, Objective)] = [
    ("luffy", .luffy(fixedLength: 9)), ("mixed", .mixedPolicy(fixedLength: 9)),
    ("on-policy", .onPolicy(fixedLength: 9)), ("sft", .sft()),
    ("rl+sft", .rlWithSFTLoss(fixedLength: 9)), ("gspo", .gspo()), ("dapo", .dapo()),
    ("srft", .srft()), ("exgrpo", .exGRPO(fixedLength: 9)), ("prefix", .prefixRFT()),
    ("hpt", .hpt(fixedLength: 9)), ("chord", .chord(steps: 10)),
  ]

  @Test func `gradients are the same bits in any micro-batches`() throws {
    let batch = RandomBatch(seed: 5, members: RandomBatch.Member.allCases)
    for (name, objective) in Self.objectives {
      let whole = try objective.evaluate(batch.rows, scores: batch.scores)
      let prepared = try objective.prepare(batch.rows)
      var sums = MetricSums()
      var loss = 0.0
      // Rows last to first: the grouping and the order are those of some trainer.
      for index in batch.rows.indices.reversed() {
        let part = try prepared.evaluate(row: index, scores: batch.scores[index])
        #expect(part.dLogprobs == whole.rows[index].dLogprobs, "\(name)")
        #expect(part.dEntropies == whole.rows[index].dEntropies, "\(name)")
        loss += part.loss
        sums.add(part.metrics)
      }
      expectClose(loss, whole.loss, name, relative: 1e-14, absolute: 1e-15)
      for metric in ObjectiveMetric.allCases {
        let (parts, all) = (sums[metric], whole.metrics[metric])
        #expect((parts == nil) == (all == nil), "\(name) \(metric)")
        expectClose(parts ?? 0, all ?? 0, "\(name) \(metric)", relative: 1e-13, absolute: 1e-15)
      }
    }
  }

  @Test func `a permutation of rows permutes the gradients`() throws {
    let batch = RandomBatch(seed: 6, members: RandomBatch.Member.allCases)
    var random = SeededGenerator(6)
    let order = Array(batch.rows.indices).shuffled(using: &random)
    for (name, objective) in Self.objectives {
      let plain = try objective.evaluate(batch.rows, scores: batch.scores)
      let shuffled = try objective.evaluate(
        order.map { batch.rows[$0] }, scores: order.map { batch.scores[$0] })
      expectClose(shuffled.loss, plain.loss, name, relative: 1e-12, absolute: 1e-15)
      for (position, index) in order.enumerated() {
        expectClose(shuffled.advantages[position], plain.advantages[index], name, relative: 1e-12)
        for token in plain.dLogprobs[index].indices {
          expectClose(
            shuffled.dLogprobs[position][token], plain.dLogprobs[index][token], name,
            relative: 1e-11, absolute: 1e-15)
        }
      }
    }
  }

  @Test func `twice the groups leave a mean as it is, and double a sum`() throws {
    let batch = RandomBatch(seed: 8)
    let copies = batch.rows.map { row in
      var copy = row
      copy.group += 1000
      return copy
    }
    func losses(_ objective: Objective) throws -> (once: Double, twice: Double) {
      (
        try objective.evaluate(batch.rows, scores: batch.scores).loss,
        try objective.evaluate(batch.rows + copies, scores: batch.scores + batch.scores).loss
      )
    }
    let mean = try losses(.luffy(fixedLength: 9))
    expectClose(mean.twice, mean.once, "luffy", relative: 1e-12)
    var options = ObjectiveOptions.reference(fixedLength: 9)
    options.entropyCoefficient = 0
    let sum = try losses(options.makeObjective())
    expectClose(sum.twice, 2 * sum.once, "reference", relative: 1e-12)
  }

  @Test func `LUFFY without traces and with a clip is on-policy GRPO`() throws {
    let batch = RandomBatch(seed: 9, members: [.own])
    var options = ObjectiveOptions.luffy(fixedLength: 9)
    (options.clipLow, options.clipHigh) = (0.2, 0.2)
    try expectEqual(options.makeObjective(), .onPolicy(fixedLength: 9), batch)
  }

  @Test func `mixed policy with saturation is LUFFY, and with γ → ∞ scaled mixed policy`() throws {
    let batch = RandomBatch(seed: 10)
    var options = ObjectiveOptions.mixedPolicy(fixedLength: 9)
    options.offShaping = .saturating(gamma: 0.1)
    try expectEqual(options.makeObjective(), .luffy(fixedLength: 9), batch)
    // γ·p/(p+γ) → p.
    let gamma = 1e9
    let traces = batch.rows.indices.filter { batch.rows[$0].source == .offPolicy }
    let shaped = try Objective.luffy(fixedLength: 9, gamma: gamma)
      .evaluate(batch.rows, scores: batch.scores)
    let plain = try Objective.mixedPolicy(fixedLength: 9)
      .evaluate(batch.rows, scores: batch.scores)
    for row in traces {
      for (a, b) in zip(shaped.dLogprobs[row], plain.dLogprobs[row]) {
        expectClose(gamma * a, b, "row \(row)", relative: 1e-8)
      }
    }
  }

  @Test func `at the first step π_old is π_θ, given or not`() throws {
    var batch = RandomBatch(seed: 14)
    var without = batch
    for index in batch.rows.indices {
      batch.rows[index].oldLogprobs = batch.scores[index].logprobs
      without.rows[index].oldLogprobs = nil
    }
    for (name, objective) in Self.objectives {
      let (given, absent) = (
        try objective.evaluate(batch.rows, scores: batch.scores),
        try objective.evaluate(without.rows, scores: without.scores)
      )
      #expect(given.loss == absent.loss && given.dLogprobs == absent.dLogprobs, "\(name)")
    }
  }

  func expectEqual(_ a: Objective, _ b: Objective, _ batch: RandomBatch) throws {
    let (a, b) = (
      try a.evaluate(batch.rows, scores: batch.scores),
      try b.evaluate(batch.rows, scores: batch.scores)
    )
    expectClose(a.loss, b.loss, "loss", relative: 1e-14)
    for (x, y) in zip(a.dLogprobs.joined(), b.dLogprobs.joined()) {
      expectClose(x, y, "gradient", relative: 1e-14)
    }
    #expect(a.advantages == b.advantages)
  }
}
