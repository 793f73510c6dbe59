import LuffyJSON
import LuffyRecords
import LuffyVerifier

/// How answers are judged.
public enum AnswerKind: String, Sendable, CaseIterable {
  /// By letter where a problem lists options and its answer is one of their labels, else as mathematics.
  case auto
  case math
  case letter
}

/// A question with its reference answer, as a benchmark has it.
public struct BenchmarkProblem: Sendable, Hashable {
  public var id: String?
  public var problem: String
  public var answer: String

  public init(id: String? = nil, problem: String, answer: String) {
    self.id = id
    self.problem = problem
    self.answer = answer
  }

  /// The lines of a JSON Lines file: {"problem", "answer"}, "id" where there is one. The answer is a text or a number.
  public static func file(_ path: String) throws -> [BenchmarkProblem] {
    let problems = try DataLine.all(path).map { try BenchmarkProblem($0) }
    if problems.isEmpty { throw JSONLinesError(path: path, line: 1, reason: "no problems") }
    return problems
  }

  package init(_ line: DataLine) throws {
    problem = try line.text("problem")
    answer = try line.value("answer")
    id = try line.optionalValue("id")
  }

  /// The options that it is judged by; nil: mathematics.
  public func choices(_ kind: AnswerKind) -> ChoiceOptions? {
    if kind == .math { return nil }
    let label = answer.uppercased().filter { !$0.isWhitespace }
    if let listed = ChoiceOptions(question: problem), listed.labels.contains(label) {
      return listed
    }
    if kind == .auto { return nil }
    // Nothing is listed, but the caller says that answers are letters.
    let last = label.unicodeScalars.first.map { $0.value } ?? 0
    return ChoiceOptions(
      labels: (65...max(68, min(90, last))).compactMap { UnicodeScalar($0) }.map(String.init))
  }
}

/// How an evaluation judges responses.
public struct Judging: Sendable, Hashable {
  public var answers = AnswerKind.auto
  public var thinking = ThinkingRule.afterThink
  public var form = AnswerForm.anywhere

  public init() {}

  public func verifier(of problem: BenchmarkProblem) -> MathVerifier {
    let choices = problem.choices(answers)
    // Options that are numbers, 1) 2) 3), are answered by a number.
    let isNumber =
      choices != nil && !problem.answer.isEmpty && problem.answer.allSatisfy(\.isNumber)
    let grader: Grader = isNumber ? .integer : choices.map { .choice($0) } ?? .math
    return MathVerifier(
      options: VerifierOptions(
        grader: grader, section: ResponseSection(thinking: thinking), extraction: form.extraction))
  }
}

extension ThinkingRule {
  /// By the name that C and Python use.
  public init?(name: String) {
    switch name {
    case "ignore": self = .ignore
    case "after": self = .afterThink
    case "required": self = .afterThinkRequired
    default: return nil
    }
  }
}
