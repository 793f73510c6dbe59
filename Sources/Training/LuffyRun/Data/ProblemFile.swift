import LuffyRecords
import LuffyTokenizer
import LuffyTrainer
import LuffyVerifier
import Synchronization

/// Problems of a JSON Lines file: {"problem", "answer", "solution"}, or "traces" of several teachers in its place.
///
/// Each pass over the file has an order of its own, drawn from the seed and the number of the pass.
package struct ProblemFile: TrainingTask {
  package let name: String
  private let problems: [TaskProblem]
  private let held: [TaskProblem]
  private let orders: EpochOrders
  package let verifier: MathVerifier
  package let note: String?

  /// How the lines of a file become problems.
  package struct Reading {
    package var template: PromptTemplate
    package var system: String?
    /// What of a response is rewarded; nil for a run from before there was a form, whose traces stay as the file has
    /// them.
    package var form: AnswerForm?

    package init(template: PromptTemplate, system: String?, form: AnswerForm?) {
      self.template = template
      self.system = system
      self.form = form
    }
  }

  /// Where no other file is held out, every n-th problem of the file is.
  private static let holdOutEvery = 10

  package init(path: String, heldOut: String?, reading: Reading, seed: UInt64) throws {
    verifier = MathVerifier(
      options: VerifierOptions(extraction: (reading.form ?? .anywhere).extraction))
    name = TraceFile.name(path)
    let (all, announced) = try Self.problems(path, reading)
    note = reading.form.flatMap {
      AnswerAnnouncement($0).note(announced, of: all.reduce(0) { $0 + $1.traces.count })
    }
    if let heldOut {
      (problems, held) = (all, try Self.problems(heldOut, reading).problems)
    } else {
      problems = all.enumerated().filter { $0.offset % Self.holdOutEvery != 0 }.map(\.element)
      held = all.enumerated().filter { $0.offset % Self.holdOutEvery == 0 }.map(\.element)
    }
    orders = EpochOrders(count: problems.count, seed: seed)
    if problems.isEmpty || held.isEmpty {
      let reason =
        heldOut == nil ? "too few problems to split" : "no problems in it or in \(heldOut ?? "")"
      throw JSONLinesError(path: path, line: all.count, reason: reason)
    }
  }

  /// The problems of a file, and how many of their traces got a line that announces the answer.
  private static func problems(
    _ path: String, _ reading: Reading
  ) throws -> (problems: [TaskProblem], announced: Int) {
    let announcement = reading.form.map(AnswerAnnouncement.init)
    let name = TraceFile.name(path)
    var announced = 0
    let problems = try TraceFile(path: path).records.map { record in
      let texts = record.teacherTraces(name).map(\.text).filter { !$0.isEmpty }.map { text in
        guard let longer = announcement?.announcing(record.answer, in: text) else { return text }
        announced += 1
        return longer
      }
      var problem = TaskProblem(
        prompt: reading.template.render(system: reading.system, user: record.problem),
        answer: record.answer, traces: texts.map { reading.template.continuation(of: $0) })
      problem.question = record.problem
      problem.columns = record.columns
      return problem
    }
    return (problems, announced)
  }

  package func training(_ index: Int) -> TaskProblem { problems[orders[index]] }
  package func heldOut(_ count: Int) -> [TaskProblem] { Array(held.prefix(count)) }
  package func warmup(_ index: Int) -> TaskProblem? { nil }
  package var everyTrace: [String] { (problems + held).flatMap(\.traces) }
}

/// Which of n things comes i-th, over and over: a permutation for each pass.
package final class EpochOrders: Sendable {
  private let count: Int
  private let seed: UInt64
  /// Of the pass that was asked for last.
  private let last = Mutex<(epoch: Int, order: [Int])>((-1, []))

  package init(count: Int, seed: UInt64) {
    self.count = count
    self.seed = seed
  }

  package subscript(index: Int) -> Int {
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
