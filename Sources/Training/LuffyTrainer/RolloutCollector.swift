import LuffyKernels
public import LuffyModel
public import LuffyRollout
public import LuffySampler
public import LuffyTokenizer
public import LuffyVerifier

/// Makes the groups of a step: the policy's rollouts beside the teacher's traces, all judged alike.
///
/// A group has `groupSize` members: as many traces as a problem has, up to `tracesPerGroup`, and rollouts for the
/// rest; a problem without traces gets rollouts only. Traces are graded, not assumed right (spec of LUFFY, §3.1).
public struct RolloutCollector {
  public var model: Model
  public var tokenizer: Tokenizer
  public var verifier: MathVerifier
  /// `count` is set by group.
  public var sampling: SamplingOptions
  public var groupSize: Int
  public var tracesPerGroup: Int
  /// Traces longer than this many tokens are cut, and so lose their answer.
  public var maximumTraceTokens: Int

  public init(
    model: Model, tokenizer: Tokenizer, verifier: MathVerifier = MathVerifier(options: .rewards),
    sampling: SamplingOptions, groupSize: Int = 8, tracesPerGroup: Int = 1,
    maximumTraceTokens: Int = 8192
  ) {
    self.model = model
    self.tokenizer = tokenizer
    self.verifier = verifier
    self.sampling = sampling
    self.groupSize = groupSize
    self.tracesPerGroup = tracesPerGroup
    self.maximumTraceTokens = maximumTraceTokens
  }

  /// Judged groups, in the problems' order. `step` keys the random numbers.
  public func groups(
    for problems: [TrainingProblem], step: Int, isCancelled: @escaping () -> Bool = { false }
  ) throws -> [RolloutGroup] {
    let traceCounts = problems.map { min(tracesPerGroup, $0.traces.count) }
    var groups = problems.map { RolloutGroup(promptIDs: $0.promptIDs, rollouts: [], traces: []) }
    for count in Set(traceCounts).sorted() where groupSize > count {
      let members = problems.indices.filter { traceCounts[$0] == count }
      var options = sampling
      options.count = groupSize - count
      options.step = UInt32(truncatingIfNeeded: step)
      let rollouts = try Sampler(model).generate(
        members.map { problems[$0].promptIDs }, options, isCancelled: isCancelled)
      for (index, rollouts) in zip(members, rollouts) { groups[index].rollouts = rollouts }
    }
    for (index, problem) in problems.enumerated() {
      groups[index].traces = problem.traces.prefix(traceCounts[index]).map {
        .trace(ids: Array($0.prefix(maximumTraceTokens)))
      }
    }
    return try judged(groups, problems)
  }

  /// 1 for every member whose text the verifier finds right, else 0.
  public func judged(
    _ groups: [RolloutGroup], _ problems: [TrainingProblem]
  ) throws -> [RolloutGroup] {
    var result = groups
    for (index, group) in groups.enumerated() {
      let question = try tokenizer.decode(problems[index].promptIDs, skipSpecialTokens: true)
      let rewards = try group.members.map { member in
        let text = try tokenizer.decode(member.ids, skipSpecialTokens: true)
        let verdict = verifier.verify(
          reference: problems[index].reference, response: text, problem: question)
        return verdict.isCorrect ? 1.0 : 0.0
      }
      try result[index].setRewards(rewards)
    }
    return result
  }
}
