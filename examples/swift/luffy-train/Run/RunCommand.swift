import ArgumentParser
import Foundation
import LuffyModel
import LuffyObjective
import LuffyRollout
import LuffySampler
import LuffyTokenizer
import LuffyTrainer

/// Stage after stage, and the held-out accuracy before and after.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Train; the default.")

  @OptionGroup var options: RunOptions

  func run() throws {
    var configuration = RunConfiguration()
    for flag in try options.given() { try configuration.override(flag.key, flag.value) }
    try configuration.validate()
    let directory = try RunDirectory(configuration.output)
    try directory.write(configuration)
    let setup = try TrainingSetup(configuration, modelDirectory: directory.model)
    let problems = try setup.heldOut(configuration.heldOut)
    print("task \(setup.task.name), model of \(setup.model.parameterCount) parameters")
    let evaluate = {
      try setup.evaluate(
        problems, maxNewTokens: configuration.stageDefaults.maxNewTokens,
        seed: configuration.seed &+ 1)
    }
    var before: Evaluation?
    var last: Trainer?
    for stage in try configuration.resolvedStages() {
      if stage.kind != .warmup && before == nil {
        before = try evaluate()
        before.map { print("before: held-out pass@1 \(percent($0))") }
      }
      let runner = try StageRunner(
        model: setup.model, tokenizer: setup.tokenizer, task: setup.task, stage: stage,
        seed: configuration.seed)
      try run(runner, directory)
      last = runner.trainer
    }
    let after = try evaluate()
    let comparison = before.map { ", before \(percent($0))" } ?? ""
    print("after:  held-out pass@1 \(percent(after))\(comparison)")
    try printSamples(setup, configuration.stageDefaults.maxNewTokens)
    try setup.model.save(directory: directory.model.path)
    try last?.save(directory.state.path)
    print("wrote \(directory.url.path): metrics.jsonl, model/, state/")
  }

  private func run(_ runner: StageRunner, _ directory: RunDirectory) throws {
    let label = runner.stage.kind == .warmup ? "warm-up" : runner.stage.label
    let progress = ProgressLine(label, total: runner.stage.steps)
    try runner.run { step in
      try directory.append(step.metrics, stage: runner.stage.label)
      progress.show(step.step, Self.summary(step))
    }
  }

  private func percent(_ evaluation: Evaluation) -> String {
    "\((100 * evaluation.meanAccuracy).rounded(to: 1)) % ± \((100 * evaluation.halfInterval).rounded(to: 1))"
  }

  static func summary(_ step: StageStep) -> String {
    let metrics = step.metrics
    if step.isSupervised { return "loss \(metrics.loss.rounded(to: 3))" }
    let fields: [(String, Double?)] = [
      ("reward", metrics.batch.ownReward), ("entropy", metrics.objective[.entropy]),
      ("teacher p", metrics.objective[.offPolicyProbability]),
      ("length", metrics.batch.ownLength),
    ]
    return fields.compactMap { name, value in value.map { "\(name) \($0.rounded(to: 2))" } }
      .joined(separator: "  ")
  }

  private func printSamples(_ setup: TrainingSetup, _ maxNewTokens: Int) throws {
    let problems = setup.task.heldOut(3)
    let rollouts = try Sampler(setup.model).generate(
      try problems.map { try setup.tokenizer.encode($0.prompt) },
      SamplingOptions(maxNewTokens: maxNewTokens, temperature: 0))
    for (problem, group) in zip(problems, rollouts) {
      let text = try setup.tokenizer.decode(group[0].ids, skipSpecialTokens: true)
      print("  \(problem.prompt) \(text)   (answer \(problem.answer))")
    }
  }
}
