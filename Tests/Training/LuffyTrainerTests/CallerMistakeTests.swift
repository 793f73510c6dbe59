import LuffyModel
import LuffyObjective
import LuffyOptimizer
import LuffyRollout
import LuffySampler
import LuffyTrainer
import Testing

/// What a caller is likely to get wrong is refused with the reason, or does what was meant.
@Suite struct CallerMistakeTests {
  let fixture = TrainerFixture()

  private func options(_ rate: Double = 1e-2) -> TrainerOptions {
    TrainerOptions(optimizer: AdamWOptions(learningRate: rate, weightDecay: 0))
  }

  private func text(_ error: (any Error)?) -> String { error.map { "\($0)" } ?? "" }

  @Test func aKLTermNeedsAnotherModel() throws {
    var objective = ObjectiveOptions.luffy(fixedLength: 24)
    objective.klCoefficient = 0.1
    let model = try fixture.model()
    let missing = #expect(throws: TrainerError.self) { try Trainer(model, objective: objective) }
    #expect(text(missing).contains("needs a reference model"))
    let own = #expect(throws: TrainerError.self) {
      try Trainer(model, objective: objective, reference: model)
    }
    #expect(text(own).contains("trained model itself"))
    let trainer = try Trainer(
      model, objective: objective, options: options(), reference: try fixture.model())
    #expect(try trainer.step(try fixture.groups(model)).objective[.referenceKL] == 0)
    #expect((try trainer.step(try fixture.groups(model)).objective[.referenceKL] ?? 0) > 0)
  }

  @Test(arguments: [nil, Double.nan]) func aRolloutWithoutARewardIsLeftOut(
    reward: Double?
  ) throws {
    let model = try fixture.model()
    var groups = try fixture.groups(model, promptLengths: [5, 8, 3])
    groups[0].rollouts[2].reward = reward
    groups[1].traces[0].reward = reward
    for index in groups[2].rollouts.indices { groups[2].rollouts[index].reward = reward }
    groups[2].traces[0].reward = reward
    var without = groups
    without[0].rollouts.remove(at: 2)
    without[1].traces = []
    without.removeLast()
    let trainer = try Trainer(model, options: options())
    let metrics = try trainer.step(groups)
    let copy = try fixture.model()
    let expected = try Trainer(copy, options: options()).step(without)
    #expect(TrainerFixture.weights(model) == TrainerFixture.weights(copy))
    #expect(metrics["batch/unrewarded_rollouts"] == 8)
    #expect(expected["batch/unrewarded_rollouts"] == 0)
    for name in ["actor/loss", "critic/rewards/mean", "batch/solved", "prompt_length/mean"] {
      #expect(metrics[name] == expected[name])
    }
    for index in groups.indices {
      for member in groups[index].rollouts.indices {
        groups[index].rollouts[member].reward = reward
      }
      groups[index].traces[0].reward = reward
    }
    let refusal = #expect(throws: TrainerError.self) { try trainer.step(groups) }
    #expect(text(refusal).contains("none of the 18"))
  }

  @Test func moreUpdatesThanGroupsAreRefused() throws {
    let model = try fixture.model()
    var groups = try fixture.groups(model, promptLengths: [5, 8])
    var options = options()
    options.updatesPerStep = 3
    let trainer = try Trainer(model, options: options)
    let before = TrainerFixture.weights(model)
    let refusal = #expect(throws: TrainerError.self) { try trainer.step(groups) }
    #expect(text(refusal).contains("updates_per_step is 3, but this step has 2 groups"))
    #expect(throws: TrainerError.self) {
      try trainer.supervisedStep([(prompt: [1], response: [2, 0])])
    }
    #expect(TrainerFixture.weights(model) == before && trainer.step == 0)
    trainer.options.updatesPerStep = 2
    #expect(try trainer.step(groups).step == 1 && trainer.updates == 2)
    // A group without any reward makes no update.
    for index in groups[1].rollouts.indices { groups[1].rollouts[index].reward = nil }
    groups[1].traces = []
    #expect(throws: TrainerError.self) { try trainer.step(groups) }
  }

  @Test func aTraceThatIsThePromptIsRefused() throws {
    let model = try fixture.model()
    var groups = try fixture.groups(model, promptLengths: [5, 8])
    groups[1].traces[0].ids = groups[1].promptIDs
    let refusal = #expect(throws: TrainerError.self) { try Trainer(model).step(groups) }
    #expect(text(refusal).contains("group 1, trace 0 is the prompt itself"))
    #expect(throws: TrainerError.self) {
      try Trainer(model).supervisedStep([(prompt: [1, 2], response: [1, 2])])
    }
  }

  @Test func idsOfAnotherVocabularyNameTheirPlace() throws {
    let model = try fixture.model()
    var groups = try fixture.groups(model, promptLengths: [5, 8])
    groups[1].rollouts[3].ids[0] = 61
    let refusal = #expect(throws: ModelError.self) { try Trainer(model).step(groups) }
    #expect(text(refusal).contains("group 1, rollout 3"))
    groups[1].rollouts[3].ids.append(1)
    let short = #expect(throws: TrainerError.self) { try Trainer(model).step(groups) }
    #expect(text(short).contains("group 1, rollout 3") && text(short).contains("logprobs for"))
    for ids: Set<Int32> in [[-1], [61]] {
      let stop = #expect(throws: ModelError.self) {
        try Sampler(model).generate([[1]], SamplingOptions(stopIDs: ids))
      }
      #expect(text(stop).contains("stop_ids"))
    }
  }

  @Test func sequencesBeyondThePositionsAreRefused() throws {
    var fixture = fixture
    fixture.configuration.maximumPositions = 16
    let model = try fixture.model()
    let prompt = (1...10).map { Int32($0) }
    let sampler = Sampler(model)
    #expect(
      try sampler.generate([prompt], SamplingOptions(maxNewTokens: 6, stopIDs: []))[0][0].count == 6
    )
    let room = #expect(throws: ModelError.self) {
      try sampler.generate([[1], prompt], SamplingOptions(maxNewTokens: 7))
    }
    #expect(text(room).contains("prompt 1 has 10 tokens"))
    #expect(text(room).contains("use max_new_tokens 6 at most"))
    #expect(throws: ModelError.self) {
      try sampler.generate([prompt], SamplingOptions(maxNewTokens: Int.max))
    }
    let long = prompt + prompt
    #expect(throws: ModelError.self) { try model.score([long]) }
    #expect(throws: ModelError.self) {
      try model.backward([long], dLogProbs: [long.map { _ in 1 }])
    }
    let group = RolloutGroup(
      promptIDs: prompt, rollouts: [Rollout(ids: prompt, reward: 1), Rollout(ids: [1], reward: 0)])
    let refusal = #expect(throws: ModelError.self) { try Trainer(model).step([group]) }
    #expect(text(refusal).contains("group 0, rollout 0"))
    #expect(text(refusal).contains("max_position_embeddings (16)"))

    fixture.configuration.allowsLongSequences = true
    let free = try fixture.model()
    #expect(try free.score([long])[0].logProbs.count == 20)
    let trainer = try Trainer(free, options: options())
    _ = try trainer.step([group])
    let directory = TrainerFixture.temporaryDirectory()
    try trainer.save(directory)
    #expect(try Model.load(state: directory).score([long])[0].logProbs.count == 20)
    try free.save(directory: directory + "-model")
    #expect(throws: ModelError.self) {
      try Model.load(path: directory + "-model").score([long])
    }
    #expect(
      try Model.load(path: directory + "-model", allowsLongSequences: true).score([long]).count == 1
    )
  }

  @Test func theLearningRateIsSetAndSaved() throws {
    let model = try fixture.model()
    let trainer = try Trainer(model, options: options(1e-3))
    #expect(trainer.learningRate == 1e-3)
    try trainer.setLearningRate(5e-4)
    #expect(try trainer.step(try fixture.groups(model)).learningRate == 5e-4)
    #expect(throws: TrainerError.self) { try trainer.setLearningRate(-1) }
    #expect(throws: TrainerError.self) { try trainer.setLearningRate(.infinity) }
    #expect(trainer.learningRate == 5e-4)
    let directory = TrainerFixture.temporaryDirectory()
    try trainer.save(directory)
    #expect(try Trainer.load(directory).learningRate == 5e-4)
  }
}
