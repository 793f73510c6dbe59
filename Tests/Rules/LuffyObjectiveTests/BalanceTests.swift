import LuffyObjective
import LuffyRollout
import LuffyTestSupport
import Testing

/// How much the entropy bonus and the likelihood weigh beside the policy gradient, at any length and batch.
@Suite struct BalanceTests {
  static let lengths = [32, 128, 512, 2048, 8192]
  static let batches = [8, 32, 128, 512]

  /// Groups of 8 rows of one length, the last a trace; log-probs and entropies repeat after 97 tokens.
  private func rows(_ count: Int, _ length: Int) -> ([ObjectiveRow], [TokenScores]) {
    var random = SeededGenerator(UInt64(count * length))
    let logprobs = (0..<97).map { _ in Double.random(in: -3 ... -0.1, using: &random) }
    let rows = (0..<count).map { row in
      ObjectiveRow(
        group: row / 8, reward: row % 8 == 7 || row % 3 == 0 ? 1 : 0,
        source: row % 8 == 7 ? .offPolicy : .onPolicy, tokenCount: length)
    }
    let scores = TokenScores(
      logprobs: (0..<length).map { logprobs[$0 % 97] },
      entropies: (0..<length).map { -logprobs[($0 + 1) % 97] })
    return (rows, [TokenScores](repeating: scores, count: count))
  }

  /// |∂loss/∂entropies| / |∂loss/∂log-probs| of the update, policy gradient and bonus alone.
  ///
  /// Rows of one kind have one gradient each, so few rows speak for many: the update is prepared whole, and every
  /// row's share is evaluated once for each advantage and source.
  private func ratio(_ objective: Objective, _ count: Int, _ length: Int) throws -> Double {
    let (rows, scores) = rows(count, length)
    let update = try objective.prepare(rows)
    var known: [String: (policy: Double, entropy: Double)] = [:]
    var (policy, entropy) = (0.0, 0.0)
    for row in rows.indices {
      let kind = "\(update.advantages[row]) \(rows[row].source)"
      if known[kind] == nil {
        let part = try update.evaluate(row: row, scores: scores[row])
        known[kind] = (
          part.dLogprobs.reduce(0) { $0 + $1 * $1 }, part.dEntropies.reduce(0) { $0 + $1 * $1 }
        )
      }
      policy += known[kind]!.policy
      entropy += known[kind]!.entropy
    }
    return (entropy / policy).squareRoot()
  }

  /// The reference at its own L of 8192, with the bonus of so many micro-batches.
  private func reference(_ microBatches: Double) throws -> Objective {
    var options = ObjectiveOptions.reference(workers: PublishedBalance.workers)
    options.entropyCoefficient *= microBatches
    return try options.makeObjective()
  }

  @Test(arguments: lengths, batches)
  func `the ratio of gradient norms is the reference's at any length and batch`(
    length: Int, batch: Int
  ) throws {
    let published = try ratio(
      reference(
        PublishedBalance.microBatches(responseTokens: Double(length), promptTokens: 0, rows: batch)),
      batch, length)
    // 20 % is what rounding M up and prompts make of it in the published run: the next test.
    for objective in [Objective.luffy(), .luffy(fixedLength: length), .luffy(fixedLength: 8192)] {
      let ours = try ratio(objective, batch, length)
      expectClose(ours / published, 1.2, "\(length) tokens, \(batch) rows", relative: 1e-9)
    }
    let plain = try ratio(ObjectiveOptions.plain().makeObjective(), batch, length)
    expectClose(plain / published, 4 * 8192 / Double(length), "plain", relative: 1e-9)
  }

  /// With prompts of 256 tokens, and M whole. One micro-batch more or less is the rounding.
  @Test(arguments: [1800, 2048, 2450, 3000, 3500])
  func `the coefficient is the published run's within one micro-batch`(length: Int) throws {
    let exact = PublishedBalance.microBatches(
      responseTokens: Double(length), promptTokens: 256)
    let ours = try ratio(.luffy(), 512, length)
    let below = try ratio(reference(exact.rounded(.up) - 1), 512, length)
    let above = try ratio(reference(exact.rounded(.up) + 1), 512, length)
    #expect(below < ours && ours < above)
    let weight = PublishedBalance.entropyWeight(
      responseTokens: Double(length), microBatches: exact.rounded(.up))
    #expect(abs(PublishedBalance.relativeEntropy / weight - 1) < 0.2)
  }

  @Test(arguments: lengths, batches)
  func `every preset's bonus and likelihood have the policy gradient's denominators`(
    length: Int, batch: Int
  ) throws {
    let (rows, scores) = rows(batch, length)
    let own = rows.count { $0.source == .onPolicy }
    for (objective, count) in [
      (Objective.luffy(), batch), (.onPolicy(), own), (.mixedPolicy(), batch),
      (.rlWithSFTLoss(), batch), (.exGRPO(), batch),
    ] {
      let update = try objective.prepare(rows)
      let part = try update.evaluate(row: 0, scores: scores[0])
      let unit = Double(count) * Double(length)
      // At the first step the ratio is 1: a token's gradient is −A/(rows · L).
      expectClose(part.dLogprobs[0] * unit, -update.advantages[0], "policy", relative: 1e-9)
      expectClose(part.dEntropies[0] * unit, -3e-4, "bonus", relative: 1e-9)
    }
    let update = try Objective.rlWithSFTLoss().prepare(rows)
    let trace = try update.evaluate(row: 7, scores: scores[7])
    expectClose(
      trace.dLogprobs[0] * Double(batch) * Double(length), -2, "likelihood", relative: 1e-9)
  }

  @Test func `L that is not given is the longest response`() throws {
    let (rows, scores) = rows(8, 50)
    let auto = try Objective.luffy().evaluate(rows, scores: scores)
    let given = try Objective.luffy(fixedLength: 50).evaluate(rows, scores: scores)
    #expect(auto.dLogprobs == given.dLogprobs && auto.dEntropies == given.dEntropies)
    let update = try Objective.luffy().prepare(rows, longestResponse: 400)
    let part = try update.evaluate(row: 0, scores: scores[0])
    let eighth = try Objective.luffy(fixedLength: 400).evaluate(rows, scores: scores)
    #expect(part.dLogprobs == eighth.dLogprobs[0])
    #expect(Objective.luffy().followsLongestResponse)
    #expect(
      !Objective.luffy(fixedLength: 9).followsLongestResponse
        && !Objective.dapo().followsLongestResponse)
  }

  @Test func `an update without advantages has no signal, unless something else teaches`() throws {
    let (all, scores) = rows(16, 4)
    let flat = all.map { row in
      var row = row
      row.reward = 1
      return row
    }
    let cases: [(Objective, [ObjectiveRow], may: Bool, skippable: Bool)] = [
      (.luffy(), all, true, true), (.luffy(), flat, false, true), (.onPolicy(), flat, false, true),
      (.sft(), flat, true, true), (.rlWithSFTLoss(), flat, true, true),
      (.sft(), flat.filter { $0.source == .onPolicy }, false, true),
      (.reference(), flat, false, false),
      (Objective(terms: [Term(.entropy, aggregation: Aggregation(.tokenMean))]), all, false, false),
    ]
    for (index, (objective, rows, may, skippable)) in cases.enumerated() {
      let update = try objective.prepare(rows)
      #expect(update.maySignal == may && update.isSkippable == skippable, "case \(index)")
      let signals = try rows.indices.map {
        try update.evaluate(row: $0, scores: scores[$0]).hasSignal
      }
      #expect(signals.contains(true) == may, "case \(index)")
    }
  }
}
