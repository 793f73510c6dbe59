import ArgumentParser
import Foundation
import LuffyKernels
import LuffyObjective
import LuffyTokenizer
import LuffyTrainer

/// Every option of a run; the run directory's `options.json` holds them as they were.
struct RunOptions: ParsableArguments {
  @Option(help: "Where metrics, the trained model and the state go.") var output = "runs/latest"
  @Option(help: "Seed of the model, the data and the rollouts.") var seed: UInt64 = 0
  @Option(help: "Threads; 0 is all cores. The result does not depend on it.") var threads = 0

  @Option(
    help: "A Hugging Face directory or .gguf file; default: a small model made from the seed.")
  var model: String?
  @Option(help: "The tokenizer, where the model's path does not hold it.") var tokenizer: String?
  @Option(help: "JSON Lines of {problem, answer, solution}; default: the built-in arithmetic.")
  var data: String?
  @Option(help: "Prompt template of a data file: raw, chatml, llama3, luffy.") var template =
    "chatml"
  @Option(help: "System text of the template.") var system: String?

  @Option(help: "luffy, on_policy, mixed_policy, rl_with_sft_loss, sft, reference.")
  var objective = "luffy"
  @Option(help: "Supervised steps before; -1: as the task wants.") var warmupSteps = -1
  @Option(help: "Reinforcement-learning steps.") var steps = 500
  @Option(help: "Prompts a step.") var prompts = 16
  @Option(help: "Rollouts and traces of a prompt.") var group = 8
  @Option(help: "Traces among them.") var traces = 1
  @Option(help: "Learning rate of reinforcement learning.") var lr = 3e-4
  @Option(help: "Learning rate of the warm-up.") var warmupLr = 2e-3
  @Option(help: "Longest response in tokens.") var maxNewTokens = 48
  @Option(help: "Held-out problems of the evaluation.") var heldOut = 256

  func validate() throws {
    if ObjectiveOptions.preset(objective) == nil {
      throw ValidationError(
        "--objective is one of \(ObjectiveOptions.presetNames.joined(separator: ", "))")
    }
    if PromptTemplate(name: template) == nil {
      throw ValidationError("--template is one of raw, chatml, llama3, luffy")
    }
    for (name, value) in [
      ("steps", steps), ("prompts", prompts), ("group", group), ("max-new-tokens", maxNewTokens),
      ("held-out", heldOut),
    ] where value < 1 { throw ValidationError("--\(name) is at least 1") }
    if traces < 0 || traces > group { throw ValidationError("--traces is 0 to --group") }
    if data != nil && model == nil { throw ValidationError("--data needs a --model") }
  }

  /// As stored in the run directory.
  var resolved: [String: Any] {
    [
      "output": output, "seed": seed, "threads": threads, "model": model ?? NSNull(),
      "tokenizer": tokenizer ?? NSNull(), "data": data ?? NSNull(), "template": template,
      "system": system ?? NSNull(), "objective": objective, "warmup_steps": warmupSteps,
      "steps": steps, "prompts": prompts, "group": group, "traces": traces, "lr": lr,
      "warmup_lr": warmupLr, "max_new_tokens": maxNewTokens, "held_out": heldOut,
    ]
  }
}
