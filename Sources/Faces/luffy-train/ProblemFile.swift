import Foundation
import LuffyTokenizer
import LuffyTrainer
import LuffyVerifier
import Synchronization

/// Problems of a JSON Lines file: {"problem", "answer", "solution"}, or "traces" of several teachers in its place.
///
/// Each pass over the file has an order of its own, drawn from the seed and the number of the pass.
struct ProblemFile: TrainingTask {
  let name: String
  private let problems: [TaskProblem]
  private let held: [TaskProblem]
  private let orders: EpochOrders
  let verifier: MathVerifier
  let note: String?

  /// Every n-th problem is held out. `form`: what of a response is rewarded; nil for a run from before there was a form,
  /// whose traces stay as the file has them.
  init(
    path: String, template: PromptTemplate, system: String?, seed: UInt64,
    answers form: AnswerForm?, holdOutEvery n: Int = 10
  ) throws {
    let announcement = form.map(AnswerAnnouncement.init)
    let verifier = MathVerifier(
      options: VerifierOptions(extraction: (form ?? .anywhere).extraction))
    self.verifier = verifier
    let name = TraceFile.name(path)
    self.name = name
    var announced = 0
    let all = try TraceFile(path: path).records.map { record in
      let texts = record.teacherTraces(name).map(\.text).filter { !$0.isEmpty }.map { text in
        guard let longer = announcement?.announcing(record.answer, in: text) else { return text }
        announced += 1
        return longer
      }
      return TaskProblem(
        prompt: template.render(system: system, user: record.problem), answer: record.answer,
        traces: texts.map { template.continuation(of: $0) })
    }
    note = announcement.flatMap { $0.note(announced, of: all.reduce(0) { $0 + $1.traces.count }) }
    problems = all.enumerated().filter { $0.offset % n != 0 }.map(\.element)
    held = all.enumerated().filter { $0.offset % n == 0 }.map(\.element)
    orders = EpochOrders(count: problems.count, seed: seed)
    if problems.isEmpty || held.isEmpty {
      throw JSONLinesError(path: path, line: all.count, reason: "too few problems to split")
    }
  }

  func training(_ index: Int) -> TaskProblem { problems[orders[index]] }
  func heldOut(_ count: Int) -> [TaskProblem] { Array(held.prefix(count)) }
  func warmup(_ index: Int) -> TaskProblem? { nil }
  var everyTrace: [String] { (problems + held).flatMap(\.traces) }
}

/// Which of n things comes i-th, over and over: a permutation for each pass.
final class EpochOrders: Sendable {
  private let count: Int
  private let seed: UInt64
  /// Of the pass that was asked for last.
  private let last = Mutex<(epoch: Int, order: [Int])>((-1, []))

  init(count: Int, seed: UInt64) {
    self.count = count
    self.seed = seed
  }

  subscript(index: Int) -> Int {
    let epoch = index / count
    return last.withLock { last in
      if last.epoch != epoch {
        var random = SplitMix(seed, epoch)
        last = (epoch, Array(0..<count).shuffled(using: &random))
      }
      return last.order[index % count]
    }
  }
}
