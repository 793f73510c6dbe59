import Foundation
import LuffyJSON
import LuffyModel
import LuffyObjective
import LuffyOptimizer
import LuffyRollout
import LuffyTestSupport
import LuffyTrainer
import Testing

/// Steps that cannot teach, entropy that leaves its band, and the longest response.
@Suite struct SignalTests {
  let fixture = TrainerFixture()

  private func options() -> TrainerOptions {
    TrainerOptions(
      optimizer: AdamWOptions(
        learningRate: 1e-2, schedule: LearningRateSchedule(.linear, totalSteps: 9)))
  }

  /// Every reward the same.
  private func flat(_ groups: [RolloutGroup]) throws -> [RolloutGroup] {
    try groups.map { group in
      var group = group
      try group.setRewards(group.members.map { _ in 0 })
      return group
    }
  }

  private func state(_ trainer: Trainer) throws -> Data {
    let directory = TrainerFixture.temporaryDirectory()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try trainer.save(directory)
    return try Data(contentsOf: URL(fileURLWithPath: directory + "/arrays.bin"))
  }

  @Test(arguments: [
    "luffy", "on_policy", "mixed_policy", "dapo", "gspo", "dr_grpo", "exgrpo", "plain",
  ])
  func anUpdateWithoutSignalMovesNothing(_ name: String) throws {
    let model = try fixture.model()
    let trainer = try Trainer(
      model, named: try #require(NamedObjective(preset: name)), options: options())
    let groups = try fixture.groups(model)
    _ = try trainer.step(groups)
    let (weights, updates) = (TrainerFixture.weights(model), trainer.updates)
    let moments = try state(trainer)
    let metrics = try trainer.step(try flat(groups))
    #expect(metrics["signal/skipped_updates"] == 1 && metrics["signal/all_groups_equal"] == 1)
    #expect(metrics["actor/grad_norm"] == 0)
    #expect(TrainerFixture.weights(model) == weights && trainer.updates == updates)
    #expect(trainer.step == 2)
    // Weights and moments lie before the counters, of which the trainer's own steps went on.
    let floats = 3 * 4 * weights.count
    #expect(try state(trainer).prefix(floats) == moments.prefix(floats))
    #expect(try TrainerFixture.gradients(model).allSatisfy { $0 == 0 })
  }

  @Test func aPartWithoutSignalIsLeftOutAlone() throws {
    let model = try fixture.model()
    var options = options()
    options.updatesPerStep = 2
    let trainer = try Trainer(model, objective: .luffy(), options: options)
    var groups = try fixture.groups(model)
    groups[2...3] = ArraySlice(try flat(Array(groups[2...3])))
    let metrics = try trainer.step(groups)
    #expect(metrics["signal/skipped_updates"] == 1 && trainer.updates == 1)
    #expect(metrics["signal/zero_gradient"] == 0)
  }

  @Test func referenceAndAnOptionKeepMoving() throws {
    var kept = ObjectiveOptions.luffy()
    kept.skipsWithoutSignal = false
    for objective in [ObjectiveOptions.reference(fixedLength: 24), kept] {
      let model = try fixture.model()
      let trainer = try Trainer(model, objective: objective, options: options())
      let before = TrainerFixture.weights(model)
      let metrics = try trainer.step(try flat(try fixture.groups(model)))
      #expect(metrics["signal/skipped_updates"] == 0 && trainer.updates == 1)
      #expect(TrainerFixture.weights(model) != before)
    }
  }

  @Test func aLikelihoodIsASignalAndAKLTermIsNone() throws {
    for (objective, moves) in [(ObjectiveOptions.rlWithSFTLoss(), true), (kl(), false)] {
      let model = try fixture.model()
      let reference = try fixture.model(seed: 4)
      let trainer = try Trainer(
        model, objective: objective, options: options(), reference: reference)
      let metrics = try trainer.step(try flat(try fixture.groups(model)))
      #expect(metrics["signal/skipped_updates"] == (moves ? 0 : 1))
      #expect(trainer.updates == (moves ? 1 : 0))
    }
    let model = try fixture.model()
    let alone = Objective(terms: [Term(.kl(.k3), aggregation: Aggregation(.tokenMean))])
    let trainer = try Trainer(
      model, composed: alone, options: options(), reference: try fixture.model(seed: 4))
    #expect(try trainer.step(try flat(try fixture.groups(model)))["signal/skipped_updates"] == 0)
    #expect(trainer.updates == 1)
  }

  private func kl() -> ObjectiveOptions {
    var options = ObjectiveOptions.luffy()
    options.klCoefficient = 0.1
    return options
  }

  @Test func entropyBeyondItsBandIsNamedAfterAResumeToo() throws {
    let model = try fixture.model()
    var options = options()
    options.entropyBand = 1e-6
    let trainer = try Trainer(model, objective: .luffy(), options: options)
    let groups = try fixture.groups(model)
    let first = try trainer.step(groups)
    #expect(first["signal/entropy_rising"] == 0)
    #expect(trainer.startEntropy == first["actor/on_entropy"])
    let directory = TrainerFixture.temporaryDirectory()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try trainer.save(directory)
    let resumed = try Trainer.load(directory)
    #expect(resumed.startEntropy == trainer.startEntropy)
    #expect(resumed.longestResponse == trainer.longestResponse)
    let (here, there) = (try trainer.step(groups), try resumed.step(groups))
    let expected = try #require(here["actor/on_entropy"]) > #require(trainer.startEntropy) + 1e-6
    #expect(here["signal/entropy_rising"] == (expected ? 1 : 0))
    #expect(there["signal/entropy_rising"] == here["signal/entropy_rising"])
    #expect(
      try trainer.supervisedStep([(prompt: [1], response: [2, 0])])["signal/entropy_rising"] == nil)
    options.entropyBand = 0
    #expect(throws: TrainerError.self) { try Trainer(model, objective: .luffy(), options: options) }
  }

  @Test func theLongestResponseStaysAndDoesNotDependOnMicroBatches() throws {
    var runs: [[Float]] = []
    for budget in [1, 10_000] {
      let model = try fixture.model()
      var options = options()
      options.microBatchTokens = budget
      let trainer = try Trainer(model, objective: .luffy(), options: options)
      var short = try fixture.groups(model)
      _ = try trainer.supervisedStep([(prompt: [1], response: [Int32](repeating: 2, count: 40))])
      #expect(trainer.longestResponse == 0)
      _ = try trainer.step(short)
      #expect(trainer.longestResponse == 24)
      for index in short.indices {
        short[index].rollouts = short[index].rollouts.map { rollout in
          var cut = Rollout(ids: Array(rollout.ids.prefix(3)), source: .onPolicy)
          cut.reward = rollout.reward
          return cut
        }
        short[index].traces = []
      }
      _ = try trainer.step(short)
      #expect(trainer.longestResponse == 24)
      runs.append(TrainerFixture.weights(model))
    }
    #expect(TrainerFixture.distance(runs[0], runs[1]) < 1e-4)
  }

  @Test func stateOfBeforeMeansWhatItMeant() throws {
    let cases: [(String, ObjectiveOptions)] = [
      (
        #"{"aggregation": "fixed_length_mean", "fixed_length": 77, "entropy_coefficient": 0.001}"#,
        .plain(fixedLength: 77)
      )
    ]
    for (text, expected) in cases {
      var expected = expected
      expected.skipsWithoutSignal = false
      let read = try NamedObjective(try JSONDocument(parsing: text).root)
      #expect(read == .options(expected))
    }
    let text = #"{"preset": "exgrpo", "fixed_length": 8192, "gamma": 0.1}"#
    let old = try NamedObjective(try JSONDocument(parsing: text).root).makeObjective()
    let bonus = try #require(old.terms.last)
    #expect(bonus.aggregation.kind == .tokenMean && bonus.coefficient == .constant(0.001))
    #expect(!old.skipsWithoutSignal && !old.followsLongestResponse)
  }
}
