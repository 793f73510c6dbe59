import ArgumentParser
import Foundation
import LuffyCheckpoint
import LuffyEvaluation
import LuffyOptions
import LuffyRun
import LuffyTokenizer
import LuffyTrainer
import LuffyVerifier

/// Makes training data of files of worked solutions.
struct PrepareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract: "Keep the traces that are right and short enough; say what was dropped.",
    discussion: """
      A line is {problem, answer, solution} or {problem, answer, traces: [text or {text, teacher}]}, with id and \
      teacher where there are any; a file's name is the teacher otherwise. Lines of one problem, in one file or \
      several, become one line with several traces.
      """)

  @Argument(help: "JSON Lines of problems with solutions.") var data: [String]
  @Option(help: "Model directory, tokenizer.json or .gguf whose tokens are counted.") var tokenizer:
    String
  @Option(help: "Where the kept problems go, as JSON Lines.") var output: String
  @Option(
    help:
      "Prompt template: model (its own), raw, chatml, llama3, luffy; default: model where that is known, else chatml."
  )
  var template: String?
  @Option(help: "System text of the template.") var system: String?
  @Option(help: "ignore, after or required: what of a trace with </think> is read.") var thinking =
    "after"
  @Option(
    help:
      "How a trace gives its answer, as run rewards it: anchored (a box or \"answer is …\"), boxed, anywhere."
  )
  var answerForm = AnswerForm.anchored
  @Option(help: "Tokens of a trace at most.") var maxTraceTokens = 8192
  @Option(help: "Tokens of a prompt at most.") var maxPromptTokens = 1024
  @Option(help: "Traces of a problem at most; default: all.") var traces: Int?

  func validate() throws {
    try WholeNumber.check([
      ("max-trace-tokens", maxTraceTokens, .counts),
      ("max-prompt-tokens", maxPromptTokens, .counts),
      ("traces", traces, .counts),
    ])
  }

  func run() throws {
    let tokenizer = try Tokenizer.load(modelPath: tokenizer)
    let names = PromptTemplate.allNames
    guard
      let template = try template.map({ try PromptTemplate(name: $0, tokenizer: tokenizer) })
        ?? .standard(of: tokenizer)
    else {
      throw ValidationError("--template is one of \(names.joined(separator: ", "))")
    }
    guard let thinking = ThinkingRule(name: thinking) else {
      throw ValidationError("--thinking is one of ignore, after, required")
    }
    var preparation = TracePreparation(
      tokenizer: tokenizer,
      verifier: MathVerifier(
        options: VerifierOptions(
          section: .init(thinking: thinking), extraction: answerForm.extraction)),
      template: template, system: system, maximumTraceTokens: maxTraceTokens,
      maximumPromptTokens: maxPromptTokens, tracesPerProblem: traces)
    for path in data { try preparation.add(file: path) }
    try FileSystem.replace(output, with: preparation.lines)
    print(PreparationReport(preparation).text)
    print("wrote \(output)")
  }
}

extension AnswerForm: ExpressibleByArgument {}
