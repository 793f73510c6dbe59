import Glibc
import LuffyModel
import LuffyObjective
import LuffyOptimizer
import LuffyRollout
import LuffySampler
import LuffyTensor
import LuffyTrainer
import Testing

/// Before the first update every importance ratio is exactly 1, however the rollouts were drawn.
@Suite struct SamplingAgreementTests {
  let fixture = TrainerFixture()

  private func options(updates: Int = 1) -> TrainerOptions {
    TrainerOptions(
      optimizer: AdamWOptions(learningRate: 1e-3, weightDecay: 0), updatesPerStep: updates)
  }

  private func group(
    _ model: Model, _ sampling: SamplingOptions, traces: Int = 1, prompt: [TokenID] = [3, 1, 4]
  ) throws -> RolloutGroup {
    var rollouts = try Sampler(model).generate([prompt], sampling)[0]
    for index in rollouts.indices { rollouts[index].reward = Double(index % 2) }
    let trace = Rollout.trace(ids: [9, 2, 6, 5, 3, 0], reward: 1)
    return RolloutGroup(
      promptIDs: prompt, rollouts: rollouts, traces: Array(repeating: trace, count: traces))
  }

  @Test(arguments: Precision.allCases, [Float(0), 0.6, 1, 1.7])
  func theRatioIsExactlyOne(precision: Precision, temperature: Float) throws {
    var fixture = fixture
    fixture.precision = precision
    for (topK, topP) in [(0, Float(1)), (0, 0.8), (4, 1), (6, 0.7), (1, 0.1)] {
      let model = try fixture.model()
      let sampling = SamplingOptions(
        count: 6, maxNewTokens: 20, temperature: temperature, topK: topK, topP: topP, seed: 5)
      let group = try group(model, sampling)
      for rollout in group.rollouts {
        let score = try model.score(
          [group.promptIDs + rollout.ids], temperature: temperature == 0 ? 1 : temperature)[0]
        #expect(rollout.policyLogprobs == Array(score.logProbs[group.promptIDs.count...]))
        #expect((rollout.fullLogprobs != nil) == (temperature > 0 && (topK > 0 || topP < 1)))
      }
      for recomputes in [false, true] {
        var options = options()
        options.recomputesOldLogprobs = recomputes
        let metrics = try Trainer(
          try fixture.model(), objective: .onPolicy(fixedLength: 20), options: options
        ).step([group])
        #expect(metrics.objective[.onRatio] == 1)
        #expect(metrics.objective[.policyKL] == 0)
      }
    }
  }

  @Test func theRecordSaysHowARolloutWasDrawn() throws {
    let sampling = SamplingOptions(
      count: 2, maxNewTokens: 7, temperature: 0.5, topK: 9, topP: 0.9, seed: 77, step: 3)
    let written = try Sampler(try fixture.model()).generate([[1], [2, 3]], sampling)
    for (prompt, rollouts) in written.enumerated() {
      for (index, rollout) in rollouts.enumerated() {
        #expect(
          rollout.sampling
            == SamplingRecord(
              temperature: 0.5, topK: 9, topP: 0.9, seed: 77, step: 3, maxNewTokens: 7,
              prompt: prompt, rollout: index))
      }
    }
    #expect(SamplingOptions.freshSeed() != SamplingOptions.freshSeed())
  }

  @Test func groupsOfTwoTemperaturesAreScoredRowByRow() throws {
    let model = try fixture.model()
    let cold = try group(model, SamplingOptions(count: 4, maxNewTokens: 12, temperature: 0.6))
    let warm = try group(
      model, SamplingOptions(count: 4, maxNewTokens: 12, temperature: 1.4), prompt: [8, 8])
    let trainer = try Trainer(
      model, objective: .reference(fixedLength: 12), options: options())
    try trainer.accumulateGradients([cold, warm])
    let both = try TrainerFixture.gradients(model)
    // Σ/L adds over groups; a group without records is scored at the option.
    var sum = [Float](repeating: 0, count: both.count)
    for (group, temperature) in [(cold, Float(0.6)), (warm, 1.4)] {
      var plain = group
      for index in plain.rollouts.indices { plain.rollouts[index].sampling = nil }
      let copy = try fixture.model()
      var options = options()
      options.temperature = temperature
      let alone = try Trainer(copy, objective: .reference(fixedLength: 12), options: options)
      try alone.accumulateGradients([plain])
      let expected = try TrainerFixture.gradients(copy)
      let recorded = try fixture.model()
      try Trainer(recorded, objective: .reference(fixedLength: 12), options: self.options())
        .accumulateGradients([group])
      #expect(try TrainerFixture.gradients(recorded) == expected)
      for index in sum.indices { sum[index] += expected[index] }
    }
    // The entropy bonus is a token mean over the update, the same in neither: left out.
    var bare = ObjectiveOptions.reference(fixedLength: 12)
    bare.entropyCoefficient = 0
    var parts = [Float](repeating: 0, count: both.count)
    for group in [cold, warm] {
      let copy = try fixture.model()
      try Trainer(copy, objective: bare, options: options()).accumulateGradients([group])
      for (index, value) in try TrainerFixture.gradients(copy).enumerated() {
        parts[index] += value
      }
    }
    let whole = try fixture.model()
    try Trainer(whole, objective: bare, options: options()).accumulateGradients([cold, warm])
    #expect(TrainerFixture.distance(try TrainerFixture.gradients(whole), parts) < 1e-5)
  }

  @Test func tracesAreScoredAtTheGroupsTemperature() throws {
    let model = try fixture.model()
    let group = try group(model, SamplingOptions(count: 4, maxNewTokens: 12, temperature: 0.5))
    let trace = group.traces[0]
    let score = try model.score([group.promptIDs + trace.ids], temperature: 0.5)[0]
    let expected = score.logProbs[group.promptIDs.count...].map { exp(Double($0)) }
    let metrics = try Trainer(model, options: options()).step([group])
    let mean = expected.reduce(0, +) / Double(expected.count)
    #expect(abs((metrics.objective[.offPolicyProbability] ?? 0) - mean) < 1e-12)
  }

  @Test func twoTemperaturesInAGroupWithATraceAreRefused() throws {
    let model = try fixture.model()
    var mixed = try group(model, SamplingOptions(count: 2, maxNewTokens: 9, temperature: 0.5))
    mixed.rollouts += try group(model, SamplingOptions(count: 2, maxNewTokens: 9)).rollouts
    let trainer = try Trainer(model, options: options())
    let refusal = #expect(throws: TrainerError.self) { try trainer.step([mixed]) }
    #expect("\(refusal.map { "\($0)" } ?? "")".contains("0.5 and 1.0"))
    mixed.traces = []
    #expect(try trainer.step([mixed]).objective[.onRatio] == 1)
  }

  @Test func withoutARecordTheTrainersTemperatureHolds() throws {
    let model = try fixture.model()
    var group = try group(model, SamplingOptions(count: 4, maxNewTokens: 12, temperature: 0.5))
    for index in group.rollouts.indices { group.rollouts[index].sampling = nil }
    var options = options()
    options.temperature = 0.5
    #expect(
      try Trainer(try fixture.model(), options: options).step([group]).objective[.onRatio] == 1)
    options.temperature = 1
    #expect(
      try Trainer(try fixture.model(), options: options).step([group]).objective[.onRatio] != 1)
  }

  @Test func cutRolloutsWithoutTheirFullLogprobsAreScoredAgain() throws {
    let model = try fixture.model()
    var groups = try [[1, 2], [3]].map {
      try group(model, SamplingOptions(count: 4, maxNewTokens: 12, topP: 0.6), prompt: $0)
    }
    for place in groups.indices {
      for index in groups[place].rollouts.indices {
        groups[place].rollouts[index].fullLogprobs = nil
      }
    }
    #expect(try Trainer(try fixture.model(), options: options()).step(groups)["actor/ppo_kl"] == 0)
    // The second of two updates has moved: its old log-probs are from before the first.
    let metrics = try Trainer(try fixture.model(), options: options(updates: 2)).step(groups)
    #expect(metrics.objective[.onRatio] != 1)
    #expect(abs((metrics.objective[.onRatio] ?? 0) - 1) < 0.2)
  }

  @Test func replayedAndContinuedRowsStartAtOne() throws {
    let model = try fixture.model()
    var group = try group(
      model, SamplingOptions(count: 4, maxNewTokens: 12, temperature: 0.7, topK: 5))
    group.rollouts[0].source = .replay
    group.rollouts[1].source = .replay
    let metrics = try Trainer(
      model, composed: .exGRPO(fixedLength: 12), options: options()
    ).step([group])
    #expect(metrics.objective[.onRatio] == 1)
    #expect(abs((metrics.objective[.offRatio] ?? 0) - 1 / 1.1) < 1e-12)
    group.rollouts[0].source = .onPolicy
    group.rollouts[0].prefixLength = 2
    group.rollouts[1] = group.rollouts[0]
    let continued = try Trainer(
      try fixture.model(), composed: .prefixRFT(), options: options()
    ).step([group])
    #expect(continued.objective[.onRatio] == 1)
    #expect(continued.objective[.policyKL] == 0)
  }

  /// At a second update the own part of a continued trace has moved from where the first update found it.
  @Test func continuedTracesKeepTheirOldLogprobsOverSeveralUpdates() throws {
    let model = try fixture.model()
    let prompts: [[TokenID]] = [[1, 2], [3]]
    let groups = try prompts.map { prompt -> RolloutGroup in
      var group = try self.group(
        model, SamplingOptions(count: 4, maxNewTokens: 12), traces: 0, prompt: prompt)
      for index in group.rollouts.indices {
        group.rollouts[index].source = .offPolicy
        group.rollouts[index].prefixLength = 1
      }
      return group
    }
    var options = options(updates: 2)
    options.optimizer.learningRate = 1e-2
    let metrics = try Trainer(
      try fixture.model(), composed: .prefixRFT(), options: options
    ).step(groups)
    #expect(metrics.objective[.onRatio] != nil && metrics.objective[.onRatio] != 1)
  }

  @Test func aRecordThatCannotBeIsRefused() throws {
    let model = try fixture.model()
    var group = try group(model, SamplingOptions(count: 2, maxNewTokens: 5))
    for record in [
      SamplingRecord(temperature: -1), .init(temperature: .nan), .init(topP: 0), .init(topK: -1),
    ] {
      group.rollouts[1].sampling = record
      #expect(throws: TrainerError.self) { try Trainer(model).step([group]) }
    }
  }
}
