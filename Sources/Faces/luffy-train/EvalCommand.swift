import ArgumentParser
import Foundation
import LuffyKernels
import LuffyEvaluation
import LuffyModel
import LuffyOptions
import LuffyRecords
import LuffyRun
import LuffySampler
import LuffyTokenizer
import LuffyTrainer
import LuffyVerifier

/// Accuracy of a saved model on files of problems, or held out of the built-in task.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Evaluate a saved model: avg@k, pass@k, maj@k with intervals.",
    discussion: "Ctrl-C ends it with the table of the problems that are judged.")

  @Argument(help: "A Hugging Face directory or .gguf file.") var model: String
  @Option(help: "The tokenizer, where the model's path does not hold it.") var tokenizer: String?
  @Option(
    parsing: .upToNextOption,
    help: "JSON Lines of {problem, answer}, several files; default: the built-in arithmetic.")
  var data: [String] = []
  @Option(help: "The first so many problems of a file; default: all (256 built-in).") var problems:
    Int?
  @Option(help: "Samples of each problem; default: 32 for fewer than 100 problems, else 1.")
  var samples: Int?
  @Flag(help: "Run sequences of more tokens than max_position_embeddings; refused otherwise.")
  var allowLongSequences = false
  @Option(help: "Threads; 0: all cores.") var threads = 0
  @Option(help: "Writes each problem's responses and verdicts here, one JSON line for each.")
  var output: String?
  @OptionGroup var options: EvaluationOptions

  func validate() throws {
    _ = try settings()
    try WholeNumber.check([
      ("samples", samples, .sizes), ("problems", problems, .sizes), ("threads", threads, 0...1024),
    ])
  }

  private func settings() throws -> EvaluationSettings {
    var settings = try options.settings()
    settings.n = samples
    settings.limit = problems
    return settings
  }

  func run() throws {
    if threads > 0 { Threads.set(threads) }
    let settings = try settings()
    let sets = try data.map { (name: TraceFile.name($0), problems: try BenchmarkProblem.file($0)) }
    let model = try Model.load(path: model, allowsLongSequences: allowLongSequences)
    let tokenizer = try Tokenizer.load(modelPath: self.tokenizer ?? self.model)
    try model.use(tokenizer)
    let outputs = try output.map { try RecordFile($0, keeping: 0) }
    var table = EvaluationTable()
    StopSignal.install()
    defer { print(table.text) }
    if sets.isEmpty {
      let (name, problems) = try builtIn(tokenizer)
      var sampling = settings.sampling(problems, of: problems.count, model)
      sampling.count = samples ?? 1
      sampling.maxNewTokens = settings.maxNewTokens ?? 48
      try evaluate(
        Part(name: name, kind: "integer", problems: problems), settings,
        Evaluator(model: model, tokenizer: tokenizer, sampling: sampling), outputs, &table)
    }
    for set in sets {
      let problems = try settings.prepared(set.problems, tokenizer)
      let sampling = settings.sampling(problems, of: set.problems.count, model)
      try evaluate(
        Part(name: set.name, kind: try kind(set.problems, settings), problems: problems), settings,
        Evaluator(model: model, tokenizer: tokenizer, sampling: sampling), outputs, &table)
    }
    if let output { report("wrote \(output)") }
  }

  private func builtIn(_ tokenizer: Tokenizer) throws -> (String, [EvaluationProblem]) {
    let task = ChainedAddition(seed: 0)
    let held = try task.heldOut(problems ?? 256).map { problem in
      EvaluationProblem(
        prompt: problem.prompt, promptIDs: try tokenizer.encode(problem.prompt),
        reference: problem.answer, verifier: task.verifier)
    }
    return (task.name, held)
  }

  /// How a set's answers are judged, for the table.
  private func kind(
    _ problems: [BenchmarkProblem], _ settings: EvaluationSettings
  ) throws -> String {
    let (shown, answers) = (problems.prefix(settings.limit ?? .max), try settings.judging.answers)
    let letters = shown.count { $0.choices(answers) != nil }
    if letters == 0 { return "math" }
    return letters == shown.count ? "letter" : "math, \(letters) letter"
  }

  /// One line of the table.
  private struct Part {
    var name: String
    var kind: String
    var problems: [EvaluationProblem]
  }

  /// Adds a line to the table, also where a signal ends the evaluation before its last problem.
  private func evaluate(
    _ part: Part, _ settings: EvaluationSettings, _ evaluator: Evaluator, _ outputs: RecordFile?,
    _ table: inout EvaluationTable
  ) throws {
    let samples = evaluator.sampling.count
    var evaluator = evaluator
    evaluator.problemsAtOnce = settings.atOnce(samples: samples)
    let progress = ProgressLine(part.name, total: part.problems.count)
    var right = 0.0
    var judged: [EvaluatedProblem] = []
    let show = { (problem: EvaluatedProblem) in
      try outputs?.append(problem.json([("data", part.name)]))
      judged.append(problem)
      right += problem.accuracy
      let done = problem.index + 1
      progress.show(done, "avg@\(samples) \((100 * right / Double(done)).rounded(to: 1)) %")
    }
    do {
      let evaluation = try evaluator.evaluate(
        part.problems, isCancelled: { StopSignal.isReceived }, onProblem: show)
      table.add(part.name, part.kind, samples, evaluation)
    } catch ModelError.cancelled where StopSignal.isReceived {
      if !judged.isEmpty { table.add(part.name, part.kind, samples, Evaluation(problems: judged)) }
      report("\nstopped after \(judged.count) of \(part.problems.count) problems of \(part.name)")
      throw ExitCode(StopSignal.exitCode)
    }
  }
}

/// The keys of an evaluation that say how it samples and judges; `EvaluationSettings.keys` says what they mean.
struct EvaluationOptions: ParsableArguments {
  @Option(help: .evaluation("answers")) var answers: String?
  @Option(help: .evaluation("answer_form")) var answerForm: String?
  @Option(help: .evaluation("template")) var template: String?
  @Option(help: .evaluation("system")) var system: String?
  @Option(help: .evaluation("thinking")) var thinking: String?
  @Option(help: .evaluation("temperature")) var temperature: Double?
  @Option(help: .evaluation("top_p")) var topP: Double?
  @Option(help: .evaluation("max_new_tokens")) var maxNewTokens: Int?
  @Option(help: .evaluation("seed")) var seed: UInt64?

  func settings() throws -> EvaluationSettings {
    do { return try EvaluationSettings(givenFlags) } catch let error as ConfigurationError {
      throw ValidationError(error.asFlag.description)
    }
  }
}

extension ArgumentHelp {
  fileprivate static func evaluation(_ name: String) -> ArgumentHelp {
    .key(name, EvaluationSettings.keys, EvaluationSettings())
  }
}
