import ArgumentParser
import LuffyModel
import LuffySampler
import LuffyTokenizer
import LuffyTrainer

/// Held-out accuracy of a saved model on the built-in task or on a file of problems.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Evaluate a saved model.")

  @Argument(help: "A Hugging Face directory or .gguf file.") var model: String
  @Option(help: "The tokenizer, where the model's path does not hold it.") var tokenizer: String?
  @Option(help: "JSON Lines of {problem, answer}; default: the built-in arithmetic.") var data:
    String?
  @Option(help: "Prompt template of a data file.") var template = "chatml"
  @Option(help: "System text of the template.") var system: String?
  @Option(help: "Samples a problem.") var samples = 1
  @Option(help: "Problems at most.") var problems = 256
  @Option(help: "Sampling temperature; 0 is greedy.") var temperature: Float = 0.6
  @Option(help: "Longest response in tokens.") var maxNewTokens = 48
  @Option(help: "Seed of the samples.") var seed: UInt64 = 0

  func run() throws {
    guard let template = PromptTemplate(name: template) else {
      throw ValidationError("--template is one of raw, chatml, llama3, luffy")
    }
    let model = try Model.load(path: model)
    let tokenizer = try Tokenizer.load(modelPath: self.tokenizer ?? self.model)
    let task: any TrainingTask =
      if let data {
        try ProblemFile(path: data, template: template, system: system, holdOutEvery: 1)
      } else { ChainedAddition(seed: 0) }
    let evaluation = try Evaluator(
      model: model, tokenizer: tokenizer, verifier: task.verifier,
      sampling: SamplingOptions(
        count: samples, maxNewTokens: maxNewTokens, temperature: temperature, seed: seed)
    ).evaluate(try task.heldOut(problems).map { try $0.tokenized(tokenizer) })
    print(
      "\(task.name): \(evaluation.problems.count) problems, avg@\(samples) "
        + "\((100 * evaluation.meanAccuracy).rounded(to: 1)) % "
        + "± \((100 * evaluation.halfInterval).rounded(to: 1))")
    if let pass = evaluation.pass(at: samples), samples > 1 {
      print("pass@\(samples) \((100 * pass).rounded(to: 1)) %")
    }
  }
}
