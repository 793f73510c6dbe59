import LuffyModel
import LuffyObjective
import LuffyRollout
import LuffySampler
import LuffyTensor
import LuffyTestSupport
import LuffyTrainer
import Testing

/// A plan is arithmetic: right for small workloads, and an answer or an error for any other.
@Suite(.serialized) struct PlanTests {
  private let fixture = TrainerFixture()

  /// Groups of traces that have exactly a workload's lengths.
  private func groups(_ workload: StepWorkload) -> [RolloutGroup] {
    func ids(_ count: Int, from first: Int) -> [Int32] {
      (0..<count).map { Int32(1 + ($0 + first) % 60) }
    }
    return (0..<workload.prompts).map { group in
      let traces = (0..<workload.traces).map { trace in
        Rollout.trace(ids: ids(workload.responseTokens, from: trace), reward: Double(trace % 2))
      }
      return RolloutGroup(
        promptIDs: ids(workload.promptTokens, from: group), rollouts: [], traces: traces)
    }
  }

  /// What is planned is what a step takes, however its micro-batches fall.
  @Test(arguments: [1, 7, 40, 64, 96, 100_000], [true, false])
  func bytesAreThoseOfAStep(budget: Int, sharing: Bool) throws {
    ThreadCount.hold()
    defer { ThreadCount.release() }
    for (prompts, traces, prompt, response) in [
      (3, 5, 9, 8), (5, 1, 33, 1), (1, 4, 64, 20), (2, 3, 1, 31),
    ] {
      let workload = StepWorkload(
        prompts: prompts, rollouts: 0, traces: traces, promptTokens: prompt,
        responseTokens: response)
      let options = TrainerOptions(microBatchTokens: budget, sharesPrompts: sharing)
      let model = try fixture.model()
      let planned = try TrainingPlan(
        model.configuration, precision: .float32, workload: workload, options: options)
      // A group of one has no signal; a step that is left out takes less.
      var objective = ObjectiveOptions.luffy(fixedLength: 24)
      objective.skipsWithoutSignal = false
      let trainer = try Trainer(model, objective: objective, options: options)
      _ = try trainer.step(groups(workload))
      let live = model.arena.live
      let what = "\(workload): \(live) of \(planned.updateBytes)"
      #expect(live <= planned.updateBytes && live > planned.updateBytes * 8 / 10, "\(what)")
    }
  }

  private let largest = ModelConfiguration(
    architecture: .llama, vocabularySize: 1 << 24, width: 1 << 17, layers: 4096, queryHeads: 4096,
    keyValueHeads: 4096, headWidth: 1024, hiddenWidth: 1 << 20, attentionBias: false, eosIDs: [0])

  @Test func anyNumbersAreAnsweredOrRefused() throws {
    let many = [0, 1, 2, 31, 4096, 1 << 20, 1 << 24, 1 << 24 + 1, 1 << 40, Int.max]
    // Planning the largest takes as long as naming its 37,000 parameters.
    for (configuration, numbers) in [(fixture.configuration, many), (largest, [1, 1 << 24])] {
      for first in numbers {
        for second in numbers {
          for change in 0..<6 {
            var workload = StepWorkload(prompts: 1, rollouts: 1, traces: 0, responseTokens: 1)
            var sampling = SamplingOptions(maximumBatch: Int(UInt32.max), keyValueMemory: Int.max)
            var options = TrainerOptions()
            switch change {
            case 0: (workload.prompts, workload.promptTokens) = (first, second)
            case 1: (workload.rollouts, workload.promptTokens) = (first, second)
            case 2: (workload.responseTokens, workload.promptTokens) = (first, second)
            case 3: (workload.traces, options.microBatchTokens) = (first, max(1, second))
            case 4: (workload.prompts, sampling.keyValueMemory) = (first, max(1, second))
            default:
              (options.microBatchTokens, options.memoryLimit) = (max(1, first), max(1, second))
            }
            do {
              let plan = try TrainingPlan(
                configuration, precision: .float32, workload: workload, options: options,
                sampling: sampling)
              #expect(plan.peakBytes >= plan.weightBytes && plan.stepSeconds >= 0)
            } catch is TrainerError {} catch is ModelError {}
          }
        }
      }
    }
  }

  @Test func refusalsGiveTheBytesThatSuffice() throws {
    let workload = StepWorkload(prompts: 2, rollouts: 3, traces: 1)
    func plan(_ limit: Int?, _ keyValues: Int?) throws -> TrainingPlan {
      try TrainingPlan(
        fixture.configuration, precision: .float32, workload: workload,
        options: TrainerOptions(memoryLimit: limit),
        sampling: SamplingOptions(keyValueMemory: keyValues))
    }
    func needed(_ error: TrainerError?) -> Int? {
      error?.description.split { !$0.isNumber }.first.flatMap { Int($0) }
    }
    let small = #expect(throws: TrainerError.self) { _ = try plan(nil, 1000) }
    let keyValues = try #require(needed(small))
    #expect(try plan(nil, keyValues).slots == 1)
    var limit = 100_000
    for _ in 0..<4 {
      do { _ = try plan(limit, nil) } catch let error as TrainerError {
        let more = try #require(needed(error))
        #expect(more > limit, "\(error)")
        limit = more
        continue
      }
      break
    }
    #expect(try plan(limit, nil).slots >= 1)
  }
}
