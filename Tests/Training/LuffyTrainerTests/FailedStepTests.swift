import LuffyCheckpoint
import LuffyModel
import LuffyObjective
import LuffyOptimizer
import LuffyRollout
import LuffyTensor
import LuffyTrainer
import Testing

/// A step that fails leaves weights, moments, counters and the caller's gradients as they were.
@Suite(.serialized) struct FailedStepTests {
  private let fixture = TrainerFixture()

  private func trainer(_ model: Model, lr: Double) throws -> Trainer {
    try Trainer(
      model, objective: .luffy(fixedLength: 24),
      options: TrainerOptions(optimizer: AdamWOptions(learningRate: lr)))
  }

  @Test func anUpdateThatLeavesInfinitiesIsRefused() throws {
    let model = try fixture.model()
    let groups = try fixture.groups(model)
    let before = TrainerFixture.weights(model)
    let trainer = try trainer(model, lr: 3e38)
    let error = #expect(throws: TrainerError.self) { _ = try trainer.step(groups) }
    guard case .nonFinite(let text) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text.contains("model.") && text.contains("lr"))
    #expect(TrainerFixture.weights(model) == before)
    #expect(trainer.step == 0 && trainer.updates == 0)
    #expect(try isZero(model))
    trainer.options.optimizer = AdamWOptions(learningRate: 1e-3)
    _ = try trainer.step(groups)
    #expect(TrainerFixture.weights(model).allSatisfy { $0.isFinite })
  }

  private func isZero(_ model: Model) throws -> Bool {
    try TrainerFixture.gradients(model).allSatisfy { $0 == 0 }
  }

  @Test func theCallersGradientsStay() throws {
    let model = try fixture.model()
    let groups = try fixture.groups(model)
    try model.backward([[1, 2, 3]], dLogProbs: [[0, 1, 1]])
    let accumulated = try TrainerFixture.gradients(model)
    #expect(accumulated.contains { $0 != 0 })
    let trainer = try trainer(model, lr: 1e-3)
    #expect(throws: ModelError.cancelled) { _ = try trainer.step(groups, isCancelled: { true }) }
    #expect(try TrainerFixture.gradients(model) == accumulated)
    #expect(throws: (any Error).self) { _ = try self.trainer(model, lr: 3e38).step(groups) }
    #expect(try TrainerFixture.gradients(model) == accumulated)
    _ = try trainer.step(groups)
    #expect(try isZero(model))
  }

  @Test func errorsNameGroupAndRollout() throws {
    let model = try fixture.model()
    var groups = try fixture.groups(model)
    groups[2].rollouts[1].ids[3] = 999
    let trainer = try trainer(model, lr: 1e-3)
    let unknown = #expect(throws: ModelError.self) { _ = try trainer.step(groups) }
    #expect(unknown?.description.hasPrefix("group 2, rollout 1, token 3: id 999") == true)
    groups = try fixture.groups(model)
    groups[1].rollouts[0].logprobs[2] = 7
    let positive = #expect(throws: TrainerError.self) { _ = try trainer.step(groups) }
    #expect(
      positive?.description.hasPrefix("group 1, rollout 0: token 2: old log-prob is 7") == true)
    groups[1].rollouts[0].logprobs[2] = .nan
    let missing = #expect(throws: TrainerError.self) { _ = try trainer.step(groups) }
    #expect(
      missing?.description.hasPrefix("not finite: group 1, rollout 0, token 2: old log-prob")
        == true)
  }

  /// Counters beyond what a run can reach are refused when the state is loaded, not when they are added to.
  @Test(arguments: [UInt64.max, UInt64(Int.max), UInt64(Int.max) + 1, 9_007_199_254_740_993])
  func aStateWithImpossibleCountersIsRefused(counter: UInt64) throws {
    let model = try fixture.model()
    let path = TrainerFixture.temporaryDirectory()
    try trainer(model, lr: 1e-3).save(path)
    let archive = try StateArchive(path: path)
    for counters in [[counter, 1], [1, counter]] {
      let changed = TrainerFixture.temporaryDirectory()
      let writer = try StateArchiveWriter(path: changed)
      for name in ["weights", "first_moments", "second_moments"] {
        try archive.floats(name).withUnsafeBufferPointer { try writer.add(name, $0) }
      }
      try writer.add("counters", counters)
      for name in ["configuration", "options", "user_state"] {
        try writer.add(name, try archive.bytes(name))
      }
      try writer.commit()
      let error = #expect(throws: TrainerError.self) { _ = try Trainer.load(changed) }
      #expect(error?.description.contains("expected 0 to 9007199254740992") == true)
    }
  }
}
