import Foundation
import LuffyTokenizer
import LuffyVerifier

/// Problems of a JSON Lines file: {"problem", "answer", "solution"}; the solution is the teacher's trace.
struct ProblemFile: TrainingTask {
  let name: String
  private let problems: [TaskProblem]
  private let held: [TaskProblem]

  private struct Line: Decodable {
    var problem: String
    var answer: String
    var solution: String?
  }

  /// Every n-th problem is held out.
  init(path: String, template: PromptTemplate, system: String?, holdOutEvery n: Int = 10) throws {
    name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let all = try text.split(separator: "\n").enumerated().map { number, line in
      do {
        let line = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
        return TaskProblem(
          prompt: template.render(system: system, user: line.problem), answer: line.answer,
          trace: template.continuation(of: line.solution ?? ""))
      } catch { throw ProblemFileError(path: path, line: number + 1, reason: "\(error)") }
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
