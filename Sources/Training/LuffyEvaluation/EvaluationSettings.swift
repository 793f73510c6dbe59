import LuffyJSON
import LuffyModel
import LuffyOptions
import LuffySampler
import LuffyTokenizer
import LuffyVerifier

/// The options of an evaluation: what is asked, how it is sampled, how it is judged.
public struct EvaluationSettings: Sendable {
  package var data: String?
  package var limit: Int?
  package var n: Int?
  package var maxNewTokens: Int?
  package var temperature = 0.6
  package var topP = 1.0
  package var seed: UInt64 = 0
  /// Nil: the model's own where it is known, else ChatML.
  package var template: String?
  package var system: String?
  package var answers = AnswerKind.auto.rawValue
  package var answerForm = AnswerForm.anywhere.rawValue
  package var thinking = "after"
  package var problemsAtOnce: Int?

  public init() {}

  /// Every key, in the order in which they are told.
  package static let keys: [ConfigurationKey<EvaluationSettings>] = [
    .init("data", \.data, "JSON Lines of {problem, answer}, with id where there is one"),
    .init("limit", \.limit, "The first so many problems; none: all", in: .sizes),
    .init(
      "n", \.n, "Samples of each problem; none: 32 for fewer than 100 problems, else 1", in: .sizes),
    .init(
      "max_new_tokens", \.maxNewTokens,
      "Longest response in tokens; none: 8192, or what the longest prompt leaves of the model's positions",
      in: .sizes),
    .init("temperature", \.temperature, "Sampling temperature; 0 is greedy"),
    .init("top_p", \.topP, "Only the most probable tokens that together have this probability"),
    .init("seed", \.seed, "Seed of the samples"),
    .init(
      "template", \.template,
      "Prompt template: model (its own), raw, chatml, llama3, luffy; none: model where that is known, else chatml"
    ),
    .init("system", \.system, "System text of the template"),
    .init(
      "answers", \.answers, "auto, math or letter: by letter where a problem lists options A) B) …"),
    .init(
      "answer_form", \.answerForm,
      "What counts as an answer: anchored (a box or \"answer is …\"), boxed, anywhere"),
    .init(
      "thinking", \.thinking, "ignore, after or required: what of a response with </think> is read"),
    .init(
      "problems_at_once", \.problemsAtOnce,
      "Problems that are sampled together, which is part of the seed; none: 256 responses",
      in: .sizes),
  ]

  /// The keys of a JSON object; what else it has is an error.
  package init(_ members: [ConfigurationValue.Member]) throws {
    for member in members { try Self.keys.set(member.key, member.value, of: &self) }
    _ = try judging
    _ = try template.map(Self.checked(template:))
  }

  package var judging: Judging {
    get throws {
      var judging = Judging()
      judging.answers = try Self.named(
        answers, "answers", AnswerKind.allCases.map(\.rawValue), AnswerKind.init)
      judging.form = try Self.named(
        answerForm, "answer_form", AnswerForm.allCases.map(\.rawValue), AnswerForm.init)
      judging.thinking = try Self.named(
        thinking, "thinking", ["ignore", "after", "required"], ThinkingRule.init(name:))
      return judging
    }
  }

  private static func checked(template name: String) throws -> String {
    let names = PromptTemplate.allNames
    return try named(name, "template", names) { names.contains($0) ? $0 : nil }
  }

  package func promptTemplate(_ tokenizer: Tokenizer) throws -> PromptTemplate {
    guard let template else { return .standard(of: tokenizer) }
    if let found = try PromptTemplate(name: template, tokenizer: tokenizer) { return found }
    throw ConfigurationError.unknown(
      template, "value", among: PromptTemplate.allNames, in: "template: ")
  }

  private static func named<Value>(
    _ name: String, _ key: String, _ known: [String], _ make: (String) -> Value?
  ) throws -> Value {
    if let value = make(name) { return value }
    throw ConfigurationError.unknown(name, "value", among: known, in: "\(key): ")
  }

  private func samples(of problems: Int) -> Int { n ?? (problems < 100 ? 32 : 1) }

  /// - Parameter all: problems of the file, of which `limit` may leave some out.
  package func sampling(
    _ problems: [EvaluationProblem], of all: Int, _ model: Model
  ) -> SamplingOptions {
    SamplingOptions(
      count: samples(of: all), maxNewTokens: maxNewTokens ?? longest(problems, model),
      temperature: Float(temperature), topP: Float(topP), seed: seed)
  }

  /// The default of `max_new_tokens`.
  private func longest(_ problems: [EvaluationProblem], _ model: Model) -> Int {
    guard let limit = model.configuration.longestSequence else { return 8192 }
    let prompt = problems.reduce(0) { max($0, $1.promptIDs.count) }
    return max(1, min(8192, limit - prompt))
  }

  package func prepared(
    _ problems: [BenchmarkProblem], _ tokenizer: Tokenizer
  ) throws -> [EvaluationProblem] {
    let (judging, template) = (try judging, try promptTemplate(tokenizer))
    return try problems.prefix(limit ?? problems.count).map { problem in
      let prompt = template.render(system: system, user: problem.problem)
      return EvaluationProblem(
        id: problem.id, prompt: prompt, promptIDs: try tokenizer.encode(prompt),
        reference: problem.answer, problem: problem.problem,
        verifier: judging.verifier(of: problem))
    }
  }

  package func atOnce(samples: Int) -> Int { problemsAtOnce ?? max(1, 256 / max(1, samples)) }
}
