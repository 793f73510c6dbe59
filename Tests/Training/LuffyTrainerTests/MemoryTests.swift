import LuffyModel
import LuffyObjective
import LuffyTensor
import LuffyTrainer
import LuffyTestSupport
import Testing

@Suite(.serialized) struct MemoryTests {
  private let fixture = TrainerFixture()

  /// Live bytes of the model's arena after a step: what it holds and the scratch it keeps.
  private func step(_ options: TrainerOptions) throws -> (live: Int, weights: [Float]) {
    let model = try fixture.model()
    let groups = try fixture.groups(model, promptLengths: [40, 40, 40, 40])
    let fresh = try fixture.model()
    let trainer = try Trainer(fresh, objective: .luffy(fixedLength: 24), options: options)
    _ = try trainer.step(groups)
    return (fresh.arena.live, TrainerFixture.weights(fresh))
  }

  private func options(limit: Int? = nil) -> TrainerOptions {
    TrainerOptions(microBatchTokens: 4096, memoryLimit: limit)
  }

  @Test func aLimitIsKeptOrRefusedWithTheBytesNeeded() throws {
    ThreadCount.hold()
    defer { ThreadCount.release() }
    let free = try step(options()).live
    // Between what everything at once takes and the leanest way.
    for limit in [free * 11 / 10, free * 8 / 10, free * 6 / 10] {
      #expect(try step(options(limit: limit)).live <= limit)
    }
    let refusal = #expect(throws: TrainerError.self) { try step(options(limit: 100_000)) }
    guard case .memory(let text) = refusal, let needed = Self.number(text) else {
      Issue.record("\(String(describing: refusal))")
      return
    }
    #expect(needed > 100_000 && text.hasSuffix("memory_limit is 100000"))
    // The leanest step: asked for just too little, it names what then suffices.
    let least = #expect(throws: TrainerError.self) { try step(options(limit: needed)) }
    guard case .memory(let more) = least, let enough = Self.number(more) else {
      Issue.record("\(String(describing: least))")
      return
    }
    let live = try step(options(limit: enough)).live
    #expect(live <= enough && live > enough * 8 / 10, "\(live) of \(enough)")
  }

  @Test func aLimitThatFitsAtOnceChangesNoBit() throws {
    ThreadCount.hold()
    defer { ThreadCount.release() }
    let free = try step(options())
    #expect(try step(options(limit: 2 * free.live)).weights == free.weights)
  }

  /// Cutting a group whose responses fit would only run its long prompt again.
  @Test func aSharedPromptDoesNotCountWhenItsGroupIsCut() throws {
    ThreadCount.hold()
    defer { ThreadCount.release() }
    let model = try fixture.model()
    let workload = StepWorkload(
      prompts: 1, rollouts: 8, traces: 0, promptTokens: 200, responseTokens: 8)
    func bytes(_ budget: Int, sharing: Bool = true) throws -> Int {
      try TrainingPlan(
        model.configuration, precision: .float32, workload: workload,
        options: TrainerOptions(microBatchTokens: budget, sharesPrompts: sharing)
      ).updateBytes
    }
    let whole = try bytes(100_000)
    #expect(try bytes(64) == whole)
    #expect(try bytes(63) < whole)
    #expect(try bytes(64, sharing: false) < bytes(100_000, sharing: false))
  }

  /// The first number of a text.
  private static func number(_ text: String) -> Int? {
    text.split { !$0.isNumber }.first.flatMap { Int($0) }
  }
}
