import Foundation
import LuffyTokenizer
import LuffyTrainer
import LuffyVerifier

/// Problems of a JSON Lines file: {"problem", "answer", "solution"}, or "traces" of several teachers in its place.
struct ProblemFile: TrainingTask {
  let name: String
  private let problems: [TaskProblem]
  private let held: [TaskProblem]

  /// Every n-th problem is held out.
  init(path: String, template: PromptTemplate, system: String?, holdOutEvery n: Int = 10) throws {
    let name = TraceFile.name(path)
    self.name = name
    let all = try TraceFile(path: path).records.map { record in
      TaskProblem(
        prompt: template.render(system: system, user: record.problem), answer: record.answer.value,
        traces: record.teacherTraces(name).map(\.text).filter { !$0.isEmpty }
          .map { template.continuation(of: $0) })
    }
    problems = all.enumerated().filter { $0.offset % n != 0 }.map(\.element)
    held = all.enumerated().filter { $0.offset % n == 0 }.map(\.element)
    if problems.isEmpty || held.isEmpty {
      throw ProblemFileError(path: path, line: all.count, reason: "too few problems to split")
    }
  }

  var verifier: MathVerifier { MathVerifier() }

  func training(_ index: Int) -> TaskProblem { problems[index % problems.count] }
  func heldOut(_ count: Int) -> [TaskProblem] { Array(held.prefix(count)) }
  func warmup(_ index: Int) -> TaskProblem? { nil }
}

struct ProblemFileError: Error, CustomStringConvertible {
  let path: String
  let line: Int
  let reason: String
  var description: String { "\(path), line \(line): \(reason)" }
}
