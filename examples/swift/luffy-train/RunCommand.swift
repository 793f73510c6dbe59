import ArgumentParser
import Foundation
import LuffyModel
import LuffyObjective
import LuffyOptimizer
import LuffyRollout
import LuffySampler
import LuffyTokenizer
import LuffyTrainer

/// Warm-up, LUFFY, and the held-out accuracy before and after.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Train; the default.")

  @OptionGroup var options: RunOptions

  func run() throws {
    let directory = try RunDirectory(options.output)
    try directory.write(options: options.resolved)
    let setup = try TrainingSetup(options, directory: directory)
    let problems = try setup.task.heldOut(options.heldOut).map { try $0.tokenized(setup.tokenizer) }
    print("task \(setup.task.name), model of \(setup.model.parameterCount) parameters")
    try warmUp(setup, directory)
    let before = try evaluate(setup, problems)
    print("before: held-out pass@1 \(percent(before))")
    let trainer = try reinforce(setup, directory)
    let after = try evaluate(setup, problems)
    print("after:  held-out pass@1 \(percent(after)), before \(percent(before))")
    try printSamples(setup)
    try setup.model.save(directory: directory.model.path)
    try trainer.save(directory.state.path)
    print("wrote \(directory.url.path): metrics.jsonl, model/, state/")
  }

  private func percent(_ evaluation: Evaluation) -> String {
    "\((100 * evaluation.meanAccuracy).rounded(to: 1)) % ± \((100 * evaluation.halfInterval).rounded(to: 1))"
  }

  // MARK: Stages

  private func warmUp(_ setup: TrainingSetup, _ directory: RunDirectory) throws {
    guard setup.task.warmup(0) != nil else { return }
    let steps = options.warmupSteps < 0 ? 1200 : options.warmupSteps
    if steps == 0 { return }
    let trainer = try Trainer(
      setup.model,
      options: TrainerOptions(
        optimizer: AdamWOptions(
          learningRate: options.warmupLr, weightDecay: 0.01,
          schedule: LearningRateSchedule(
            .cosine, warmupSteps: min(20, steps / 2), totalSteps: steps + 1, minimumFactor: 0.05)),
        microBatchTokens: 8192))
    let progress = ProgressLine("warm-up", total: steps)
    for step in 0..<steps {
      let examples = try (0..<64).compactMap { setup.task.warmup(step * 64 + $0) }.map {
        let problem = try $0.tokenized(setup.tokenizer)
        return (prompt: problem.promptIDs, response: problem.traces[0])
      }
      let metrics = try trainer.supervisedStep(examples)
      try directory.append(metrics, stage: "warmup")
      progress.show(step + 1, "loss \(metrics.loss.rounded(to: 3))")
    }
  }

  private func reinforce(_ setup: TrainingSetup, _ directory: RunDirectory) throws -> Trainer {
    guard
      let objective = ObjectiveOptions.preset(options.objective, fixedLength: options.maxNewTokens)
    else { throw ValidationError("--objective \(options.objective)") }
    let trainer = try Trainer(
      setup.model, objective: objective,
      options: TrainerOptions(
        optimizer: AdamWOptions(learningRate: options.lr), microBatchTokens: 8192))
    let collector = RolloutCollector(
      model: setup.model, tokenizer: setup.tokenizer, verifier: setup.task.verifier,
      sampling: SamplingOptions(maxNewTokens: options.maxNewTokens, seed: options.seed),
      groupSize: options.group,
      tracesPerGroup: options.objective == "on_policy" ? 0 : options.traces,
      maximumTraceTokens: options.maxNewTokens)
    let progress = ProgressLine(options.objective, total: options.steps)
    for step in 0..<options.steps {
      let problems = try (0..<options.prompts).map {
        try setup.task.training(step * options.prompts + $0).tokenized(setup.tokenizer)
      }
      let metrics = try trainer.step(try collector.groups(for: problems, step: step))
      try directory.append(metrics, stage: options.objective)
      progress.show(step + 1, summary(metrics))
    }
    return trainer
  }

  private func summary(_ metrics: StepMetrics) -> String {
    let fields: [(String, Double?)] = [
      ("reward", metrics.batch.ownReward), ("entropy", metrics.objective[.entropy]),
      ("teacher p", metrics.objective[.offPolicyProbability]),
      ("length", metrics.batch.ownLength),
    ]
    return fields.compactMap { name, value in value.map { "\(name) \($0.rounded(to: 2))" } }
      .joined(separator: "  ")
  }

  // MARK: What it shows

  private func evaluate(_ setup: TrainingSetup, _ problems: [TrainingProblem]) throws -> Evaluation
  {
    try Evaluator(
      model: setup.model, tokenizer: setup.tokenizer, verifier: setup.task.verifier,
      sampling: SamplingOptions(maxNewTokens: options.maxNewTokens, seed: options.seed &+ 1)
    ).evaluate(problems)
  }

  private func printSamples(_ setup: TrainingSetup) throws {
    let problems = setup.task.heldOut(3)
    let rollouts = try Sampler(setup.model).generate(
      try problems.map { try setup.tokenizer.encode($0.prompt) },
      SamplingOptions(maxNewTokens: options.maxNewTokens, temperature: 0))
    for (problem, group) in zip(problems, rollouts) {
      let text = try setup.tokenizer.decode(group[0].ids, skipSpecialTokens: true)
      print("  \(problem.prompt) \(text)   (answer \(problem.answer))")
    }
  }
}
