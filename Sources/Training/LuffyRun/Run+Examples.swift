import LuffyRollout
import LuffySampler
import LuffyTokenizer

extension Run {
  /// A held-out problem with what the model writes to it now.
  public struct Example: Sendable {
    public let prompt: String
    public let response: String
    public let answer: String
  }

  /// What the model writes to the first held-out problems, without chance.
  public func examples(_ count: Int = 3) throws -> [Example] {
    let problems = setup.task.heldOut(count)
    let rollouts = try Sampler(model).generate(
      try problems.map { try tokenizer.encode($0.prompt) },
      SamplingOptions(maxNewTokens: configuration.stageDefaults.maxNewTokens, temperature: 0))
    return try zip(problems, rollouts).map { problem, group in
      Example(
        prompt: problem.prompt,
        response: try tokenizer.decode(group.first?.ids ?? [], skipSpecialTokens: true),
        answer: problem.answer)
    }
  }
}
