import LuffyObjective
import LuffyRollout
import Testing

/// Empty masks, lonely rows, numbers out of range: absent metrics and typed errors, never NaN.
@Suite struct EdgeCaseTests {
  func row(
    _ reward: Double = 1, _ tokens: Int = 2, source: Source = .onPolicy, group: Int = 0,
    mask: [Bool]? = nil
  ) -> ObjectiveRow {
    ObjectiveRow(
      group: group, reward: reward, source: source, tokenCount: tokens,
      responseMask: mask.map { ResponseMask($0) })
  }

  func scores(_ logprobs: [Double]) -> TokenScores {
    TokenScores(logprobs: logprobs, entropies: logprobs.map { -$0 })
  }

  func error(_ body: () throws -> Void) -> ObjectiveError? {
    do {
      try body()
      return nil
    } catch let error as ObjectiveError { return error } catch { return nil }
  }

  @Test func `no rows, empty rows and masked rows`() throws {
    for (name, objective) in InvarianceTests.objectives {
      let none = try objective.evaluate([], scores: [])
      #expect(none.loss == 0 && none.metrics.present.isEmpty, "\(name)")
      let rows = [
        row(1, 0), row(0, 2, mask: [false, false]), row(1, 0, source: .offPolicy),
        row(0, 0, source: .replay),
      ]
      let empty = try objective.evaluate(
        rows, scores: [scores([]), scores([-.infinity, .nan]), scores([]), scores([])])
      #expect(empty.loss == 0, "\(name)")
      #expect(empty.dLogprobs == [[], [0, 0], [], []])
      for (metric, value) in empty.metrics.present {
        #expect(metric == "actor/loss" && value == 0, "\(name) \(metric)")
      }
    }
  }

  @Test func `no trace tokens leave their metrics absent`() throws {
    let result = try Objective.luffy(fixedLength: 4).evaluate(
      [row(1), row(0)], scores: [scores([-1, -2]), scores([-0.5, -3])])
    for metric in [
      ObjectiveMetric.offPolicyLoss, .offPolicyProbability, .offRatio, .offRatioMaxFraction,
      .offEntropy, .likelihoodLoss, .referenceKL,
    ] { #expect(result.metrics[metric] == nil, "\(metric)") }
    #expect(result.metrics[.onPolicyLoss] != nil)
    #expect(result.metrics.present.allSatisfy { $0.value.isFinite })
  }

  @Test func `a group of one keeps its reward as its advantage`() throws {
    for (rule, expected) in [
      (AdvantageRule(), 0.5), (AdvantageRule(baseline: .leaveOneOut), 0.5),
      (AdvantageRule(scale: .groupStd, epsilon: 0), 0.5),
    ] {
      let objective = Objective(
        advantages: rule, terms: [Term(.likelihood, aggregation: Aggregation(.tokenMean))])
      #expect(try objective.prepare([row(0.5)]).advantages == [expected])
    }
  }

  @Test func `advantage rules by hand`() throws {
    let rows = [
      row(1, source: .offPolicy), row(0), row(0.5), row(1, group: 1), row(0, group: 1),
    ]
    func advantages(_ rule: AdvantageRule) throws -> [Double] {
      try Objective(
        advantages: rule, terms: [Term(.likelihood, aggregation: Aggregation(.tokenMean))]
      ).prepare(rows).advantages
    }
    #expect(try advantages(AdvantageRule()) == [0.5, -0.5, 0, 0.5, -0.5])
    #expect(try advantages(AdvantageRule(baseline: .onPolicy)) == [0.75, -0.25, 0.25, 0.5, -0.5])
    #expect(try advantages(AdvantageRule(baseline: .leaveOneOut)) == [0.75, -0.75, 0, 1, -1])
    #expect(try advantages(AdvantageRule(baseline: .none)) == [1, 0, 0.5, 1, 0])
    #expect(
      try advantages(AdvantageRule(scale: .groupStd, epsilon: 0))[0...2] == [1, -1, 0])
    // Rewards 1, 0, ½, 1, 0: mean ½, Σ squares 1, variance ¼.
    #expect(try advantages(AdvantageRule(scale: .batchStd, epsilon: 0)) == [1, -1, 0, 1, -1])
  }

  @Test func `filters`() throws {
    var rows = [row(1), row(1), row(1, group: 1), row(0, group: 1)]
    rows[3].isTruncated = true
    func prepared(_ filters: Set<AdvantageRule.Filter>) throws -> PreparedUpdate {
      try Objective(
        advantages: AdvantageRule(filters: filters),
        terms: [Term(.entropy, aggregation: Aggregation(.tokenMean))]
      ).prepare(rows)
    }
    #expect(try prepared([]).isKept == [true, true, true, true])
    #expect(try prepared([.uniformGroups]).isKept == [false, false, true, true])
    #expect(try prepared([.truncatedRows]).isKept == [true, true, true, false])
    #expect(try prepared([.truncatedAdvantages]).advantages == [0, 0, 0.5, 0])
    // The mean runs over the kept rows' tokens only.
    let update = try prepared([.uniformGroups, .truncatedRows])
    #expect(try update.evaluate(row: 2, scores: scores([-1, -1])).dEntropies == [-0.5, -0.5])
    #expect(try update.evaluate(row: 0, scores: scores([-1, -1])).dEntropies == [0, 0])
    #expect(update.batchMetrics.droppedRows == 3)
    // So do means over rows: A = ½, one of two kept rows of length 4.
    let rowMean = Objective(
      advantages: AdvantageRule(filters: [.uniformGroups]),
      terms: [Term(.surrogate(Surrogate()), aggregation: Aggregation(.fixedLength(4)))])
    #expect(
      try rowMean.evaluate(rows, scores: rows.map { _ in scores([-1, -1]) }).dLogprobs
        == [[0, 0], [0, 0], [-0.0625, -0.0625], [0.0625, 0.0625]])
  }

  @Test func `a probability bound asks for a count first`() throws {
    var options = ObjectiveOptions.luffy()
    (options.probabilityMax, options.aggregation) = (0.6, .tokenMean)
    let objective = try options.makeObjective()
    let update = try objective.prepare([row(1), row(0)])
    #expect(update.needsCounting)
    #expect(
      error { _ = try update.evaluate(row: 0, scores: scores([-1, -2])) }
        == .needsCounting(key: "probability_max"))
    let counted = try update.counting(logprobs: [[-1, -0.1], [-1, -2]])
    #expect(!counted.needsCounting)
    // Three of four tokens are counted; A = ½, ratio 1.
    let gradient = try counted.evaluate(row: 0, scores: scores([-1, -0.1])).dLogprobs
    #expect(gradient == [-0.5 / 3, 0])
  }

  @Test func `rows that do not fit are named`() throws {
    let objective = Objective.luffy()
    var ragged = row()
    ragged.oldLogprobs = [-1]
    #expect(
      error { _ = try objective.prepare([row(), ragged]) }?.description
        == "row 1: old log-probs: 1 values for 2 tokens")
    #expect(
      error { _ = try objective.prepare([row(.nan)]) }?.description
        == "row 0: reward nan is not finite")
    #expect(error { _ = try objective.prepare([row(1, -1)]) } != nil)
    #expect(error { _ = try objective.prepare([row(1, Int.max)]) } != nil)
    #expect(error { _ = try objective.prepare([row(1e308), row(1e308), row(-1e308)]) } != nil)
    #expect(error { _ = try objective.evaluate([row()], scores: []) } != nil)
    let update = try objective.prepare([row()])
    #expect(error { _ = try update.evaluate(row: 1, scores: scores([-1, -1])) } != nil)
    #expect(error { _ = try update.evaluate(row: -1, scores: scores([-1, -1])) } != nil)
    #expect(error { _ = try update.evaluate(row: 0, scores: scores([-1])) } != nil)
    #expect(
      error { _ = try update.evaluate(row: 0, scores: scores([-1, -.infinity])) }?.description
        == "row 0, token 1: log-prob is -inf, not a finite number")
    #expect(
      error { _ = try update.evaluate(row: 0, scores: TokenScores(logprobs: [-1, -1])) }
        == .missing(row: 0, value: "entropies", neededBy: "an entropy term"))
  }

  @Test func `log-probs above 0 and entropies below it are refused`() throws {
    let objective = Objective.luffy()
    let update = try objective.prepare([row()])
    #expect(
      error { _ = try update.evaluate(row: 0, scores: scores([-1, 5])) }?.description
        == "row 0: token 1: log-prob is 5.0, expected at most 0: the natural logarithm of a probability"
    )
    #expect(
      error {
        _ = try update.evaluate(
          row: 0, scores: TokenScores(logprobs: [-1, -1], entropies: [-2, 1]))
      }?.description == "row 0: token 0: entropy is -2.0, expected at least 0")
    for path in [
      \ObjectiveRow.oldLogprobs, \ObjectiveRow.behaviorLogprobs, \ObjectiveRow.referenceLogprobs,
    ] {
      var given = row()
      given[keyPath: path] = [-1, 0.1]
      #expect(error { _ = try objective.prepare([given]) } != nil)
      // Rounding of float32 sums.
      given[keyPath: path] = [-1, 1e-6]
      #expect(error { _ = try objective.prepare([given]) } == nil)
    }
  }

  @Test func `a loss that the rows' losses overflow is refused`() throws {
    let objective = Objective(terms: [
      Term(.likelihood, aggregation: Aggregation(.fixedLengthSum(1)))
    ])
    let rows = (0..<3).map { _ in row(1, 1, source: .offPolicy) }
    let values = rows.map { _ in scores([-.greatestFiniteMagnitude / 2]) }
    #expect(error { _ = try objective.evaluate(rows, scores: values) } != nil)
  }

  @Test func `without entropies the bonus is left out, with some it is an error`() throws {
    let rows = [row(1), row(0)]
    let (with, without) = (scores([-1, -2]), TokenScores(logprobs: [-1, -2]))
    let luffy = Objective.luffy(fixedLength: 4)
    let plain = try luffy.evaluate(rows, scores: [without, without])
    let bonus = try luffy.evaluate(rows, scores: [with, with])
    // Two rows with entropies 1 and 2: 6 in sum, over rows · L.
    expectClose(plain.loss - bonus.loss, 3e-4 * 6 / 8, "bonus")
    #expect(plain.dLogprobs == bonus.dLogprobs && plain.dEntropies == [[0, 0], [0, 0]])
    #expect(plain.metrics[.entropy] == nil && bonus.metrics[.entropy] == 1.5)
    #expect(error { _ = try luffy.evaluate(rows, scores: [with, without]) } != nil)
    #expect(
      error {
        _ = try Objective.srft().evaluate(
          rows + [row(1, source: .offPolicy)],
          scores: [without, without, without])
      } != nil)
  }

  @Test func `a ratio beyond float64 is an error unless something bounds it`() throws {
    var rows = [row(1, 1), row(0, 1)]
    for index in rows.indices { rows[index].oldLogprobs = [-2000] }
    let values = [scores([-1]), scores([-1])]
    #expect(error { _ = try Objective.luffy().evaluate(rows, scores: values) } != nil)
    let dual = Objective(terms: [
      Term(
        .surrogate(Surrogate(clip: .pessimistic(low: 0.2, high: 0.2, dual: 3))),
        aggregation: Aggregation(.tokenMean))
    ])
    let result = try dual.evaluate(rows, scores: values)
    expectClose(result.loss, (-0.5 * 1.2 + 0.5 * 3) / 2, "dual clip", relative: 1e-14)
    #expect(result.dLogprobs == [[0], [0]])
    #expect(result.metrics.present.allSatisfy { $0.value.isFinite })
    // Nothing is learned without an advantage, whatever the ratio.
    rows[1].reward = 1
    let idle = try Objective.luffy().evaluate(rows, scores: values)
    #expect(idle.dLogprobs == [[0], [0]])
  }

  @Test func `shaping survives probabilities that underflow`() throws {
    let rows = [row(1, 1, source: .offPolicy), row(0, 1)]
    for shaping in GradientTests.shapings {
      var options = ObjectiveOptions.luffy(fixedLength: 1)
      options.offShaping = shaping
      let result = try options.makeObjective().evaluate(
        rows, scores: [scores([-800]), scores([-1])])
      #expect(result.dLogprobs[0][0].isFinite, "\(shaping)")
    }
  }

  @Test func `options out of range are named`() {
    func key(_ change: (inout ObjectiveOptions) -> Void) -> String? {
      var options = ObjectiveOptions.luffy()
      change(&options)
      guard case .option(let key, _) = error({ _ = try options.makeObjective() }) else {
        return nil
      }
      return key
    }
    #expect(key { _ in } == nil)
    #expect(key { $0.offShaping = .saturating(gamma: 0) } == "off_shaping.gamma")
    #expect(key { $0.onShaping = .power(exponent: .nan) } == "on_shaping.exponent")
    #expect(key { $0.clipLow = 1.5 } == "clip_low")
    #expect(key { $0.clipHigh = -0.1 } == "clip_high")
    #expect(key { ($0.offRatioMin, $0.offRatioMax) = (0.5, 0.3) } == "off_ratio_min")
    #expect(key { $0.probabilityMax = 0 } == "probability_max")
    #expect(key { $0.aggregation = .fixedLength(0) } == "fixed_length")
    #expect(key { $0.entropyCoefficient = .infinity } == "entropy_coefficient")
    #expect(key { $0.klCoefficient = -1 } == "kl_coefficient")
    #expect(key { ($0.usesRollouts, $0.traces) = (false, .unused) } == "traces")
    #expect(error { _ = try Objective(terms: []).prepare([]) } != nil)
    #expect(error { _ = try Objective.luffy(gamma: -1).prepare([]) } != nil)
  }

  @Test func `a weight of the wrong length is refused`() throws {
    let weight = Weight(name: "short") { _ in [1] }
    let objective = Objective(terms: [
      Term(.likelihood, weights: [weight], aggregation: Aggregation(.tokenMean))
    ])
    #expect(
      error { _ = try objective.evaluate([row()], scores: [scores([-1, -1])]) }?.description
        == "row 0: weight short: 1 values for 2 tokens")
  }
}
