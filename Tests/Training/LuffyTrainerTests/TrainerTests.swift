import LuffyKernels
import LuffyModel
import LuffyObjective
import LuffyOptimizer
import LuffyRollout
import LuffyTensor
import LuffyTrainer
import LuffyTestSupport
import Testing

@Suite(.serialized) struct TrainerTests {
  let fixture = TrainerFixture()

  private func options(_ rate: Double = 1e-2) -> TrainerOptions {
    TrainerOptions(optimizer: AdamWOptions(learningRate: rate))
  }

  private func objective() -> ObjectiveOptions { .luffy(fixedLength: 24) }

  @Test func microBatchesDoNotChangeLossOrGradients() throws {
    let model = try fixture.model()
    let groups = try fixture.groups(model)
    var losses: [Double] = []
    var gradients: [[Float]] = []
    for budget in [1, 64, 300, 100_000] {
      let copy = try fixture.model()
      var options = options(0)
      options.microBatchTokens = budget
      let trainer = try Trainer(copy, objective: objective(), options: options)
      losses.append(try trainer.step(groups).loss)
      try trainer.accumulateGradients(groups)
      gradients.append(try TrainerFixture.gradients(copy))
    }
    let norm = gradients[0].reduce(0.0) { $0 + Double($1 * $1) }.squareRoot()
    #expect(norm > 1e-4)
    for index in 1..<losses.count {
      #expect(abs(losses[index] - losses[0]) <= 1e-12)
      let distance = zip(gradients[index], gradients[0]).reduce(0.0) {
        $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1))
      }.squareRoot()
      #expect(distance / norm < 1e-6)
    }
  }

  @Test func theFirstRatioIsExactlyOne() throws {
    let model = try fixture.model()
    let metrics = try Trainer(model, objective: objective(), options: options())
      .step(try fixture.groups(model))
    #expect(metrics["actor/ppo_kl"] == 0 || metrics.objective[.onRatio] == 1)
    #expect(metrics.objective[.onRatio] == 1)
  }

  @Test func threadsAndRecomputationDoNotChangeABit() throws {
    ThreadCount.hold()
    defer { ThreadCount.release() }
    var runs: [[Float]] = []
    for (threads, recomputes) in [(1, false), (2, false), (3, true)] {
      Threads.set(threads)
      let model = try fixture.model()
      var options = options()
      options.recomputesActivations = recomputes
      let trainer = try Trainer(model, objective: objective(), options: options)
      for step in 0..<3 { _ = try trainer.step(try fixture.groups(model, step: UInt32(step))) }
      runs.append(TrainerFixture.weights(model))
    }
    Threads.set(Threads.coreCount)
    #expect(runs[0] == runs[1] && runs[1] == runs[2])
  }

  /// Prompts of 1 to 70 tokens, so that responses begin inside a block of keys, at its end, and after several.
  @Test(arguments: Precision.allCases) func sharedPromptsHaveTheSameLogprobsAndGradients(
    precision: Precision
  ) throws {
    var fixture = fixture
    fixture.precision = precision
    let groups = try fixture.groups(try fixture.model(), promptLengths: [1, 5, 32, 70])
    var scores: [[Double]] = []
    var gradients: [[Float]] = []
    for (shares, recomputes, budget) in [
      (false, false, 10_000), (true, false, 10_000), (true, true, 10_000), (true, false, 130),
    ] {
      let model = try fixture.model()
      var options = options(0)
      (options.sharesPrompts, options.recomputesActivations) = (shares, recomputes)
      options.microBatchTokens = budget
      let trainer = try Trainer(model, objective: objective(), options: options)
      let metrics = try trainer.step(groups)
      try trainer.accumulateGradients(groups)
      scores.append(
        [metrics.loss] + metrics.present.filter { $0.name.contains("entropy") }.map(\.value))
      #expect(metrics.objective[.onRatio] == 1)
      gradients.append(try TrainerFixture.gradients(model))
    }
    #expect(scores[1...].allSatisfy { $0 == scores[0] })
    #expect(gradients[1] == gradients[2])
    let tolerance: Float = precision == .float32 ? 1e-6 : 1e-2
    for other in gradients[1...] {
      #expect(TrainerFixture.distance(other, gradients[0]) < tolerance)
    }
  }

  /// Fifty supervised steps on the same examples, which take the loss down by more than half.
  @Test func lossesInBFloat16TrackFloat32() throws {
    typealias Example = (prompt: [Int32], response: [Int32])
    let examples: [Example] = (0..<6).map { (example: Int) -> Example in
      let prompt: [Int32] = (0..<4).map { Int32(1 + ($0 * 5 + example * 11) % 60) }
      let response: [Int32] = (0..<12).map { Int32(1 + ($0 * 7 + example * 3) % 60) }
      return (prompt, response + [0])
    }
    let losses: [[Double]] = try Precision.allCases.map { precision in
      var fixture = fixture
      fixture.precision = precision
      let trainer = try Trainer(try fixture.model(), options: options(3e-3))
      return try (0..<50).map { _ in try trainer.supervisedStep(examples).loss }
    }
    let first: Double = losses[0][0]
    #expect(losses[0][49] < first / 2)
    for (exact, rounded) in zip(losses[0], losses[1]) {
      #expect(abs(rounded - exact) < 0.02 * first)
    }
  }

  @Test func resumesBitForBit() throws {
    let directory = TrainerFixture.temporaryDirectory()
    let model = try fixture.model()
    var options = options()
    options.optimizer.schedule = LearningRateSchedule(.cosine, warmupSteps: 2, totalSteps: 9)
    let trainer = try Trainer(model, objective: objective(), options: options)
    trainer.userState = [1, 2, 3]
    for step in 0..<2 { _ = try trainer.step(try fixture.groups(model, step: UInt32(step))) }
    try trainer.save(directory)
    let resumed = try Trainer.load(directory)
    #expect(resumed.userState == [1, 2, 3] && resumed.step == 2)
    #expect(resumed.options == trainer.options)
    #expect(resumed.objectiveOptions == trainer.objectiveOptions)
    for step in 2..<4 {
      let groups = try fixture.groups(model, step: UInt32(step))
      #expect(try fixture.groups(resumed.model, step: UInt32(step)) == groups)
      let first = try trainer.step(groups)
      let second = try resumed.step(groups)
      #expect(first.loss == second.loss && first.learningRate == second.learningRate)
    }
    #expect(TrainerFixture.weights(model) == TrainerFixture.weights(resumed.model))
  }

  @Test func aFailedStepLeavesEverythingAsItWas() throws {
    let model = try fixture.model()
    var options = options()
    options.updatesPerStep = 2
    let trainer = try Trainer(model, objective: objective(), options: options)
    let groups = try fixture.groups(model)
    let before = TrainerFixture.weights(model)
    var calls = 0
    #expect(throws: ModelError.cancelled) {
      try trainer.step(groups) {
        calls += 1
        return calls > 10
      }
    }
    #expect(TrainerFixture.weights(model) == before && trainer.updates == 0 && trainer.step == 0)
    var bad = groups
    bad[1].traces[0].reward = .infinity
    #expect(throws: (any Error).self) { try trainer.step(bad) }
    #expect(throws: TrainerError.self) { try trainer.step([]) }
    #expect(TrainerFixture.weights(model) == before)
  }

  @Test func nonFiniteGradientsAreRefused() throws {
    let model = try fixture.model()
    let trainer = try Trainer(model, objective: objective(), options: options())
    let groups = try fixture.groups(model)
    model.values.pointer[model.layout.entries[3].offset] = .nan
    model.parametersDidChange()
    let before = TrainerFixture.weights(model).map(\.bitPattern)
    #expect(throws: (any Error).self) { try trainer.step(groups) }
    #expect(TrainerFixture.weights(model).map(\.bitPattern) == before && trainer.updates == 0)
  }

  @Test func stepsWithoutSignalAreNamed() throws {
    let model = try fixture.model()
    let trainer = try Trainer(model, objective: objective(), options: options())
    var groups = try fixture.groups(model)
    let taught = try trainer.step(groups)
    #expect(taught["signal/all_groups_equal"] == 0 && taught["signal/zero_gradient"] == 0)
    #expect(taught["signal/skipped_updates"] == 0 && taught["signal/entropy_rising"] == 0)
    for index in groups.indices {
      try groups[index].setRewards(groups[index].members.map { _ in 1 })
      for rollout in groups[index].rollouts.indices {
        groups[index].rollouts[rollout].finishReason = .length
      }
    }
    let metrics = try trainer.step(groups)
    #expect(metrics.hasNoSignal && metrics["signal/all_groups_equal"] == 1)
    #expect(metrics["signal/all_truncated"] == 1 && metrics["signal/zero_gradient"] == 1)
    let supervised = try trainer.supervisedStep([(prompt: [1, 2], response: [3, 0])])
    #expect(supervised["signal/all_truncated"] == nil && supervised["signal/zero_gradient"] == 0)
  }

  @Test func teacherTokensAreLearned() throws {
    let model = try fixture.model()
    let trainer = try Trainer(model, objective: objective(), options: options())
    var probabilities: [Double] = []
    for step in 0..<45 {
      let metrics = try trainer.step(try fixture.groups(model, step: UInt32(step)))
      probabilities.append(metrics.objective[.offPolicyProbability] ?? 0)
      #expect(metrics.present.allSatisfy { $0.value.isFinite })
    }
    #expect(probabilities[44] > 10 * probabilities[0])
  }

  @Test func supervisedStepIsTheExactTokenMean() throws {
    let model = try fixture.model()
    let examples: [(prompt: [Int32], response: [Int32])] = [
      ([1, 2], [3, 4, 5, 0]), ([7], [8, 0]),
    ]
    let scores = try model.score(examples.map { $0.prompt + $0.response })
    let logprobs = zip(scores, examples).flatMap { $0.logProbs.dropFirst($1.prompt.count) }
    let expected = -logprobs.reduce(0.0) { $0 + Double($1) } / Double(logprobs.count)
    let trainer = try Trainer(model, options: options())
    let first = try trainer.supervisedStep(examples)
    #expect(abs(first.loss - expected) < 1e-6)
    var last = first.loss
    for _ in 0..<20 { last = try trainer.supervisedStep(examples).loss }
    #expect(last < first.loss / 2)
  }

  @Test func memoryGoesBack() throws {
    var model: Model? = try fixture.model()
    let arena = try #require(model?.arena)
    do {
      let trainer = try Trainer(
        try #require(model), objective: objective(), options: options())
      _ = try trainer.step(try fixture.groups(trainer.model))
      #expect(arena.live > 0)
    }
    model = nil
    #expect(arena.live == 0)
  }
}
