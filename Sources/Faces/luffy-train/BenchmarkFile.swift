import ArgumentParser
import Foundation
import LuffyRecords
import LuffyRun
import LuffyTokenizer
import LuffyTrainer
import LuffyVerifier

/// How answers are judged.
enum AnswerKind: String, ExpressibleByArgument, CaseIterable {
  /// By letter where a problem lists options and its answer is one of their labels, else as mathematics.
  case auto
  case math
  case letter
}

extension AnswerForm: ExpressibleByArgument {}

extension ThinkingRule {
  /// By the name that C and Python use.
  init?(name: String) {
    switch name {
    case "ignore": self = .ignore
    case "after": self = .afterThink
    case "required": self = .afterThinkRequired
    default: return nil
    }
  }
}

/// Problems of a JSON Lines file: {"problem", "answer"}, "id" where there is one. The answer is a text or a number.
struct BenchmarkFile {
  let name: String
  let problems: [Problem]

  struct Problem {
    var id: String?
    var text: String
    var answer: String
    /// Nil: mathematics.
    var choices: ChoiceOptions?
  }

  init(path: String, answers: AnswerKind) throws {
    name = TraceFile.name(path)
    problems = try DataLine.all(path).map { line in
      let (problem, answer) = (try line.text("problem"), try line.value("answer"))
      return Problem(
        id: try line.optionalValue("id"), text: problem, answer: answer,
        choices: Self.choices(problem, answer, answers))
    }
    if problems.isEmpty { throw JSONLinesError(path: path, line: 1, reason: "no problems") }
  }

  private static func choices(
    _ problem: String, _ answer: String, _ kind: AnswerKind
  ) -> ChoiceOptions? {
    if kind == .math { return nil }
    let label = answer.trimmingCharacters(in: .whitespacesAndNewlines).uppercased()
    if let listed = ChoiceOptions(question: problem), listed.labels.contains(label) {
      return listed
    }
    if kind == .auto { return nil }
    // Nothing is listed, but the caller says that answers are letters.
    let last = label.unicodeScalars.first.map { $0.value } ?? 0
    return ChoiceOptions(
      labels: (65...max(68, min(90, last))).compactMap { UnicodeScalar($0) }.map(String.init))
  }

  /// How its answers are judged, for a table.
  func kind(_ count: Int) -> String {
    let letters = problems.prefix(count).count { $0.choices != nil }
    if letters == 0 { return "math" }
    return letters == min(count, problems.count) ? "letter" : "math, \(letters) letter"
  }

  func evaluated(
    _ count: Int, _ tokenizer: Tokenizer, _ template: PromptTemplate, system: String?,
    thinking: ThinkingRule, form: AnswerForm
  ) throws -> [EvaluationProblem] {
    try problems.prefix(count).map { problem in
      let prompt = template.render(system: system, user: problem.text)
      return EvaluationProblem(
        id: problem.id, prompt: prompt, promptIDs: try tokenizer.encode(prompt),
        reference: problem.answer, problem: problem.text,
        verifier: MathVerifier(
          options: VerifierOptions(
            grader: problem.choices.map { .choice($0) } ?? .math,
            section: ResponseSection(thinking: thinking), extraction: form.extraction)))
    }
  }
}
