import Glibc
import LuffyModel
import LuffyObjective
import LuffyRollout
import LuffyTokenizer
import LuffyTrainer

/// Scores the tokens of one group of a step as the trainer's objective will see them.
package struct SampleScorer {
  package let trainer: Trainer
  package let tokenizer: Tokenizer

  /// The rows of a group; call it before the step, with all groups that the step takes.
  package func rows(
    of group: Int, in groups: [RolloutGroup], problems: [TrainingProblem], stage: String, step: Int
  ) throws -> [SampledRow] {
    guard groups.indices.contains(group), problems.indices.contains(group) else { return [] }
    let inputs = groups.enumerated().flatMap { index, group in
      group.members.map { ObjectiveRow($0, group: index, reward: $0.reward ?? 0) }
    }
    let prepared = try trainer.objective.prepare(inputs, step: trainer.step)
    // Surrogates without a filter need no counting; `evaluate` says so where one does.
    let first = groups[..<group].reduce(0) { $0 + $1.count }
    let chosen = groups[group]
    let temperatures = try GroupTemperatures(chosen, default: trainer.options.temperature)
    let scores = try chosen.members.flatMap { member in
      try trainer.model.score(
        [chosen.promptIDs + member.ids], temperature: try temperatures.temperature(of: member))
    }
    let prompt = try tokenizer.decode(chosen.promptIDs, skipSpecialTokens: false)
    return try chosen.members.enumerated().map { member, rollout in
      let score = scores[member]
      let skip = chosen.promptIDs.count
      let tokens = TokenScores(
        widening: Array(score.logProbs.dropFirst(skip)),
        entropies: Array(score.entropies.dropFirst(skip)))
      var row = SampledRow(
        stage: stage, step: step, group: group, source: Self.name(rollout.source), prompt: prompt,
        reference: problems[group].reference, reward: rollout.reward ?? 0,
        advantage: prepared.advantages[first + member],
        tokens: try rollout.ids.map { try tokenizer.decode([$0], skipSpecialTokens: false) },
        logprobs: tokens.logprobs.map(Self.short))
      if let surrogate = surrogate(of: rollout.source), !prepared.needsCounting {
        let result = try prepared.evaluate(row: first + member, scores: tokens)
        row.weights = result.ratios.map(Self.short)
        row.shapedWeights = result.shapedRatios.map(Self.short)
        row.gradientWeights = zip(result.ratios, tokens.logprobs).map { ratio, logprob in
          Self.short(
            surrogate.shaping.apply(logprob: logprob, denominator: logprob - log(ratio)).slope)
        }
      }
      return row
    }
  }

  /// The last surrogate term over a source's tokens: the one whose ratios an evaluation reports.
  private func surrogate(of source: Source) -> Surrogate? {
    let selection: TokenSelection =
      switch source {
      case .onPolicy: .onPolicy
      case .offPolicy: .offPolicy
      case .replay: .replay
      }
    for term in trainer.objective.terms.reversed() where term.tokens.contains(selection) {
      if case .surrogate(let surrogate) = term.loss { return surrogate }
    }
    return nil
  }

  /// Six digits after the point; 0 for what JSON cannot spell.
  private static func short(_ value: Double) -> Double {
    value.isFinite ? (value * 1e6).rounded() / 1e6 : 0
  }

  private static func name(_ source: Source) -> String {
    switch source {
    case .onPolicy: "on_policy"
    case .offPolicy: "off_policy"
    case .replay: "replay"
    }
  }
}
