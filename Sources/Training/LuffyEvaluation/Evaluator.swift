import LuffyModel
import LuffyRollout
import LuffySampler
import LuffyTokenizer
import LuffyTrainer
import LuffyVerifier

/// One question of an evaluation.
public struct EvaluationProblem: Sendable {
  public var id: String?
  /// Template applied.
  public var prompt: String
  public var promptIDs: [TokenID]
  /// What a response is judged against.
  public var reference: String
  /// The question itself: arithmetic copied from it is no answer. Nil: the prompt stands for it.
  public var problem: String?
  /// What judges it, where that is not the evaluator's: a choice has options of its own.
  public var verifier: MathVerifier?

  public init(
    id: String? = nil, prompt: String, promptIDs: [TokenID], reference: String,
    problem: String? = nil, verifier: MathVerifier? = nil
  ) {
    self.id = id
    self.prompt = prompt
    self.promptIDs = promptIDs
    self.reference = reference
    self.problem = problem
    self.verifier = verifier
  }
}

/// Samples answers to problems and judges them.
public struct Evaluator {
  public var model: Model
  public var tokenizer: Tokenizer
  public var verifier: MathVerifier
  /// `count` is the number of samples a problem.
  public var sampling: SamplingOptions
  /// So many problems are sampled and judged before the next ones; nil: all at once. Each part has its own `step` of
  /// the random numbers, so another size gives other samples.
  public var problemsAtOnce: Int?

  public init(
    model: Model, tokenizer: Tokenizer, verifier: MathVerifier = MathVerifier(),
    sampling: SamplingOptions, problemsAtOnce: Int? = nil
  ) {
    self.model = model
    self.tokenizer = tokenizer
    self.verifier = verifier
    self.sampling = sampling
    self.problemsAtOnce = problemsAtOnce
  }

  /// Judges `sampling.count` responses to each problem.
  public func evaluate(
    _ problems: [TrainingProblem], isCancelled: @escaping () -> Bool = { false }
  ) throws -> Evaluation {
    try evaluate(
      problems.map {
        EvaluationProblem(
          prompt: try tokenizer.decode($0.promptIDs, skipSpecialTokens: false),
          promptIDs: $0.promptIDs, reference: $0.reference)
      }, isCancelled: isCancelled)
  }

  /// Judges `sampling.count` responses to each problem.
  ///
  /// `onProblem` sees each problem as soon as it is judged; what it throws ends the evaluation.
  public func evaluate(
    _ problems: [EvaluationProblem], isCancelled: @escaping () -> Bool = { false },
    onProblem: (EvaluatedProblem) throws -> Void = { _ in }
  ) throws -> Evaluation {
    var judged: [EvaluatedProblem] = []
    var options = sampling
    while judged.count < problems.count {
      let size = min(max(1, problemsAtOnce ?? problems.count), problems.count - judged.count)
      let part = problems[judged.count..<(judged.count + size)]
      let rollouts = try Sampler(model).generate(
        part.map(\.promptIDs), options, isCancelled: isCancelled)
      for (problem, rollouts) in zip(part, rollouts) {
        judged.append(try judge(problem, index: judged.count, rollouts))
        if let last = judged.last { try onProblem(last) }
      }
      options.step &+= 1
    }
    return Evaluation(problems: judged)
  }

  private func judge(
    _ problem: EvaluationProblem, index: Int, _ rollouts: [Rollout]
  ) throws -> EvaluatedProblem {
    let verifier = problem.verifier ?? verifier
    let responses = try rollouts.map { rollout in
      let text = try tokenizer.decode(rollout.ids, skipSpecialTokens: true)
      let verdict = verifier.verify(
        reference: problem.reference, response: text, problem: problem.problem ?? problem.prompt)
      return EvaluatedResponse(
        text: text, extracted: verdict.extracted, status: verdict.status,
        finishReason: rollout.finishReason, tokens: rollout.count)
    }
    return EvaluatedProblem(
      index: index, id: problem.id, prompt: problem.prompt, reference: problem.reference,
      responses: responses, verifier: verifier)
  }
}
