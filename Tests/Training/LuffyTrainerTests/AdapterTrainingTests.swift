import LuffyModel
import LuffyObjective
import LuffyOptimizer
import LuffyRollout
import LuffySampler
import LuffyTensor
import LuffyTestSupport
import LuffyTrainer
import Testing

@Suite(.serialized) struct AdapterTrainingTests {
  private let adapters = AdapterOptions(rank: 4, alpha: 8, seed: 5)
  private var fixture = TrainerFixture()

  private func options() -> TrainerOptions {
    var options = TrainerOptions()
    options.optimizer.learningRate = 1e-2
    return options
  }

  /// A trainer after two steps.
  private func trainer(
    _ base: Model, updates: Int = 1, kl: Double = 0
  ) throws -> Trainer {
    var options = options()
    options.updatesPerStep = updates
    var objective = ObjectiveOptions.luffy()
    objective.klCoefficient = kl
    let model = try Model(adapting: base, adapters)
    let trainer = try Trainer(
      model, objective: objective, options: options, reference: kl > 0 ? base : nil)
    for step in 0..<2 { _ = try trainer.step(try fixture.groups(model, step: UInt32(step))) }
    return trainer
  }

  @Test(arguments: [1, 2]) func trainsAdaptersAndLeavesTheBase(_ updates: Int) throws {
    let base = try fixture.model()
    let before = TrainerFixture.weights(base)
    let trainer = try trainer(base, updates: updates)
    #expect(trainer.updates == 2 * updates)
    #expect(TrainerFixture.weights(base) == before)
    let sequences: [[Int32]] = [[1, 2, 3, 4, 5, 6, 7, 8]]
    #expect(try trainer.model.score(sequences) != base.score(sequences))
    let fresh = try Model(adapting: base, adapters)
    #expect(Array(trainer.model.trainedSpan) != Array(fresh.trainedSpan))
  }

  /// What the sampler recorded is what scoring computes after training, to the bit.
  @Test(arguments: [Precision.float32, .bfloat16]) func samplerBitsAreScorerBits(
    _ precision: Precision
  ) throws {
    var fixture = fixture
    fixture.precision = precision
    let model = try Model(adapting: fixture.model(), adapters)
    let trainer = try Trainer(model, options: options())
    _ = try trainer.step(try fixture.groups(model))
    for group in try fixture.groups(model, step: 1) {
      for rollout in group.rollouts {
        let score = try model.score([group.promptIDs + rollout.ids])[0]
        #expect(Array(score.logProbs.dropFirst(group.promptIDs.count)) == rollout.logprobs)
      }
    }
  }

  /// The base serves as π_ref of a KL term; the value of the term is not checked here.
  @Test func theBaseIsTheReference() throws {
    let base = try fixture.model()
    let trainer = try trainer(base, kl: 0.1)
    let metrics = try trainer.step(try fixture.groups(trainer.model, step: 2))
    #expect(metrics.loss.isFinite)
  }

  @Test func resumesBitForBitWithoutTheBasesWeights() throws {
    let directory = TrainerFixture.temporaryDirectory()
    let base = try fixture.model()
    let trainer = try trainer(base)
    try trainer.save(directory)
    let resumed = try Trainer.load(directory, base: try fixture.model())
    #expect(resumed.model.adapterOptions?.rank == 4)
    for step in 2..<4 {
      let groups = try fixture.groups(trainer.model, step: UInt32(step))
      #expect(try fixture.groups(resumed.model, step: UInt32(step)) == groups)
      let (first, second) = (try trainer.step(groups), try resumed.step(groups))
      #expect(first.loss == second.loss)
    }
    #expect(Array(trainer.model.trainedSpan) == Array(resumed.model.trainedSpan))
  }

  @Test func refusesAnotherBase() throws {
    let directory = TrainerFixture.temporaryDirectory()
    let base = try fixture.model()
    try trainer(base).save(directory)
    var wider = fixture
    wider.configuration.hiddenWidth = 64
    var rounded = fixture
    rounded.precision = .bfloat16
    let others: [(Model?, String)] = [
      (nil, "without their base"), (try fixture.model(seed: 9), "other weights"),
      (try wider.model(), "another configuration"), (try rounded.model(), "bfloat16"),
    ]
    for (other, text) in others {
      do {
        _ = try Trainer.load(directory, base: other)
        Issue.record("loaded on \(text)")
      } catch { #expect("\(error)".contains(text), "\(error)") }
      #expect(throws: TrainerError.self) { try Model.load(state: directory, base: other) }
    }
    let whole = TrainerFixture.temporaryDirectory()
    try Trainer(base, options: options()).save(whole)
    #expect(throws: TrainerError.self) { try Trainer.load(whole, base: base) }
  }

  @Test func savesTheMergedModel() throws {
    let directory = TrainerFixture.temporaryDirectory()
    let model = try trainer(try fixture.model()).model
    try model.save(directory: directory)
    let merged = try Model.load(path: directory)
    let sequences: [[Int32]] = [[1, 2, 3, 4, 5, 6, 7, 8]]
    let (found, expected) = (try merged.score(sequences)[0], try model.score(sequences)[0])
    for (a, b) in zip(found.logProbs, expected.logProbs) {
      let distance: Float = abs(a - b)
      #expect(distance < 1e-4)
    }
  }

  /// The limit counts adapters, not gradients and moments of the base.
  @Test func theMemoryLimitKnowsAdapters() throws {
    var fixture = fixture
    fixture.configuration.vocabularySize = 4096
    let base = try fixture.model()
    var options = options()
    options.memoryLimit = 3 * 4 * base.values.count
    #expect(throws: TrainerError.self) { try Trainer(base, options: options) }
    _ = try Trainer(try Model(adapting: base, adapters), options: options)
  }
}
