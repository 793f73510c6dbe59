import LuffyEvaluation
import Glibc
import LuffyModel
import LuffyRollout
import LuffySampler
import LuffyTokenizer
import LuffyTrainer

/// Measures a model: what a comparison asks of every arm at every point, with the same random numbers.
package struct Probe {
  package let tokenizer: Tokenizer
  package let task: CompareTask
  package let settings: ComparisonSettings
  /// Positions of teacher tokens by tenths of the base's probability, the rarest tenth first.
  package let deciles: [[Int]]

  /// Held-out prompts that entropy and length are measured on.
  private static let entropyPrompts = 64

  package init(base: Model, tokenizer: Tokenizer, task: CompareTask, settings: ComparisonSettings)
    throws
  {
    self.tokenizer = tokenizer
    self.task = task
    self.settings = settings
    let probabilities = try Self.teacherProbabilities(base, task)
    // By rank; equal probabilities stay in the traces' order.
    let order = probabilities.indices.sorted {
      (probabilities[$0], $0) < (probabilities[$1], $1)
    }
    deciles = (0..<10).map { tenth in
      Array(order[order.count * tenth / 10..<order.count * (tenth + 1) / 10])
    }
  }

  /// Everything but what the arm itself counts.
  package func measure(_ model: Model) throws -> Measurement {
    let heldOut = try evaluate(model, task.heldOut, maxNewTokens: settings.maxNewTokens)
    let longer = try evaluate(model, task.longer, maxNewTokens: settings.longerMaxNewTokens)
    let (entropy, length) = try entropyAndLength(model)
    return Measurement(
      arm: "", seed: 0, point: 0, stage: "base", step: 0, trainedTokens: 0, sampledTokens: 0,
      heldOutPass1: heldOut.meanAccuracy, heldOutPass8: heldOut.pass(at: Self.samples) ?? 0,
      longerPass1: longer.meanAccuracy, longerPass8: longer.pass(at: Self.samples) ?? 0,
      entropy: entropy, length: length, teacherDeciles: try teacherDeciles(model))
  }

  package static let samples = 8

  private func evaluate(
    _ model: Model, _ problems: [TrainingProblem], maxNewTokens: Int
  ) throws -> Evaluation {
    try Evaluator(
      model: model, tokenizer: tokenizer, verifier: task.verifier,
      sampling: SamplingOptions(
        count: Self.samples, maxNewTokens: maxNewTokens, temperature: Float(settings.temperature),
        seed: 0x5EED)
    ).evaluate(problems)
  }

  /// Of one response a prompt at temperature 1: the policy that is trained.
  private func entropyAndLength(_ model: Model) throws -> (Double, Double) {
    let prompts = task.heldOut.prefix(Self.entropyPrompts).map(\.promptIDs)
    let rollouts = try Sampler(model).generate(
      prompts, SamplingOptions(maxNewTokens: settings.maxNewTokens, seed: 0xE27)
    ).map { $0[0] }
    let scores = try model.score(zip(prompts, rollouts).map { $0 + $1.ids })
    var sum = 0.0
    for (prompt, score) in zip(prompts, scores) {
      sum += score.entropies.dropFirst(prompt.count).reduce(0) { $0 + Double($1) }
    }
    let tokens = Double(rollouts.reduce(0) { $0 + $1.count })
    return (sum / max(1, tokens), tokens / Double(max(1, rollouts.count)))
  }

  private func teacherDeciles(_ model: Model) throws -> [Double] {
    let probabilities = try Self.teacherProbabilities(model, task)
    return deciles.map { members in
      members.reduce(0) { $0 + probabilities[$1] } / Double(max(1, members.count))
    }
  }

  /// π_θ of every token of the watched traces.
  private static func teacherProbabilities(_ model: Model, _ task: CompareTask) throws -> [Double] {
    let scores = try model.score(task.watched.map { $0.promptIDs + ($0.traces.first ?? []) })
    return zip(task.watched, scores).flatMap { problem, score in
      score.logProbs.dropFirst(problem.promptIDs.count).map { exp(Double($0)) }
    }
  }
}
