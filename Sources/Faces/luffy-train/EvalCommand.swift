import ArgumentParser
import Foundation
import LuffyKernels
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
  @Option(help: "auto, math or letter: by letter where a problem lists options A) B) …")
  var answers = AnswerKind.auto
  @Option(help: "What counts as an answer: anchored (a box or \"answer is …\"), boxed, anywhere.")
  var answerForm = AnswerForm.anywhere
  @Option(help: "Prompt template of a data file: raw, chatml, llama3, luffy.") var template =
    "chatml"
  @Option(help: "System text of the template.") var system: String?
  @Option(help: "ignore, after or required: what of a response with </think> is read.")
  var thinking = "after"
  @Option(help: "Samples a problem; default: 32 for files of fewer than 100 problems, else 1.")
  var samples: Int?
  @Option(help: "The first so many problems of a file; default: all (256 built-in).") var problems:
    Int?
  @Option(help: "Sampling temperature; 0 is greedy.") var temperature: Float = 0.6
  @Option(help: "Only the most probable tokens that together have this probability.") var topP:
    Float = 1
  @Option(
    help:
      "Longest response in tokens; default: 8192, or what the longest prompt leaves of the model's positions; 48 for the built-in task."
  )
  var maxNewTokens: Int?
  @Flag(help: "Run sequences of more tokens than max_position_embeddings; refused otherwise.")
  var allowLongSequences = false
  @Option(help: "Seed of the samples.") var seed: UInt64 = 0
  @Option(help: "Threads; 0: all cores.") var threads = 0
  @Option(help: "Writes each problem's responses and verdicts here, a JSON line a problem.")
  var output: String?

  func validate() throws {
    if PromptTemplate(name: template) == nil {
      throw ValidationError("--template is one of raw, chatml, llama3, luffy")
    }
    if ThinkingRule(name: thinking) == nil {
      throw ValidationError("--thinking is one of ignore, after, required")
    }
    try WholeNumber.check([
      ("samples", samples, .sizes), ("problems", problems, .sizes),
      ("max-new-tokens", maxNewTokens, .sizes), ("threads", threads, 0...1024),
    ])
  }

  func run() throws {
    if threads > 0 { Threads.set(threads) }
    let sets = try data.map { try BenchmarkFile(path: $0, answers: answers) }
    let model = try Model.load(path: model, allowsLongSequences: allowLongSequences)
    let tokenizer = try Tokenizer.load(modelPath: self.tokenizer ?? self.model)
    try model.use(tokenizer)
    let outputs = try output.map {
      try RecordFile($0, keeping: 0)
    }
    var table = EvaluationTable()
    StopSignal.install()
    defer { print(table.text) }
    if sets.isEmpty {
      let task = ChainedAddition(seed: 0)
      let problems = try task.heldOut(problems ?? 256).map { problem in
        EvaluationProblem(
          prompt: problem.prompt, promptIDs: try tokenizer.encode(problem.prompt),
          reference: problem.answer, verifier: task.verifier)
      }
      try evaluate(task.name, "integer", problems, model, tokenizer, outputs, &table)
    }
    for set in sets {
      guard let template = PromptTemplate(name: template),
        let thinking = ThinkingRule(name: thinking)
      else { continue }  // validate() has refused it
      let count = min(problems ?? set.problems.count, set.problems.count)
      let problems = try set.evaluated(
        count, tokenizer, template, system: system, thinking: thinking, form: answerForm)
      try evaluate(
        set.name, set.kind(count), problems, model, tokenizer, outputs, &table,
        samples: samples ?? (set.problems.count < 100 ? 32 : 1))
    }
    if let output { report("wrote \(output)") }
  }

  /// Adds a line to the table, also where a signal ends the evaluation before its last problem.
  private func evaluate(
    _ name: String, _ kind: String, _ problems: [EvaluationProblem], _ model: Model,
    _ tokenizer: Tokenizer, _ outputs: RecordFile?, _ table: inout EvaluationTable,
    samples count: Int? = nil
  ) throws {
    let samples = count ?? samples ?? 1
    let evaluator = Evaluator(
      model: model, tokenizer: tokenizer,
      sampling: SamplingOptions(
        count: samples, maxNewTokens: maxNewTokens ?? longest(problems, model),
        temperature: temperature, topP: topP, seed: seed),
      problemsAtOnce: max(1, 256 / max(1, samples)))
    let progress = ProgressLine(name, total: problems.count)
    var right = 0.0
    var judged: [EvaluatedProblem] = []
    let show = { (problem: EvaluatedProblem) in
      try outputs?.append(problem.json([("data", name)]))
      judged.append(problem)
      right += problem.accuracy
      let done = problem.index + 1
      progress.show(done, "avg@\(samples) \((100 * right / Double(done)).rounded(to: 1)) %")
    }
    do {
      let evaluation = try evaluator.evaluate(
        problems, isCancelled: { StopSignal.isReceived }, onProblem: show)
      table.add(name, kind, samples, evaluation)
    } catch ModelError.cancelled where StopSignal.isReceived {
      if !judged.isEmpty { table.add(name, kind, samples, Evaluation(problems: judged)) }
      report("\nstopped after \(judged.count) of \(problems.count) problems of \(name)")
      throw ExitCode(StopSignal.exitCode)
    }
  }

  /// The default of `maxNewTokens`.
  private func longest(_ problems: [EvaluationProblem], _ model: Model) -> Int {
    if data.isEmpty { return 48 }
    guard let limit = model.configuration.longestSequence else { return 8192 }
    let prompt = problems.reduce(0) { max($0, $1.promptIDs.count) }
    return max(1, min(8192, limit - prompt))
  }
}
