import ArgumentParser
import Foundation
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

  private struct Line: Decodable {
    var id: Text?
    var problem: String
    var answer: Text
  }

  init(path: String, answers: AnswerKind) throws {
    name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    let text = try readText(path)
    problems = try text.split(separator: "\n").enumerated().map { number, line in
      do {
        let line = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
        return Problem(
          id: line.id?.value, text: line.problem, answer: line.answer.value,
          choices: Self.choices(line.problem, line.answer.value, answers))
      } catch {
        throw ProblemFileError(path: path, line: number + 1, reason: PlainError.text(of: error))
      }
    }
    if problems.isEmpty { throw ProblemFileError(path: path, line: 1, reason: "no problems") }
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

/// A JSON text, or a number as it is written in decimal.
struct Text: Decodable {
  let value: String

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      value = text
    } else if let number = try? container.decode(Int.self) {
      value = String(number)
    } else {
      value = String(try container.decode(Double.self))
    }
  }
}

/// A whole text file; the error says which one.
func readText(_ path: String) throws -> String {
  guard let data = FileManager.default.contents(atPath: path) else {
    throw ValidationError("\(path) cannot be read")
  }
  guard let text = String(data: data, encoding: .utf8) else {
    throw ValidationError("\(path) is not UTF-8 text")
  }
  return text
}
