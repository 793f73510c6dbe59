public import LuffyModel
import LuffyRollout
public import LuffySampler
public import LuffyTokenizer
public import LuffyVerifier

/// How many of a problem's samples were right.
public struct EvaluatedProblem: Sendable {
  public let index: Int
  public let samples: Int
  public let right: Int
  /// The first sample.
  public let response: String
  public let meanLength: Double
}

/// The result of an evaluation.
public struct Evaluation: Sendable {
  public let problems: [EvaluatedProblem]

  /// Mean share of right samples: pass@1, or avg@k with k samples a problem.
  public var meanAccuracy: Double {
    problems.isEmpty
      ? 0
      : problems.reduce(0) { $0 + Double($1.right) / Double(max(1, $1.samples)) }
        / Double(problems.count)
  }

  /// The unbiased estimate of pass@k (Chen et al. 2021): 1 - C(n - c, k) / C(n, k), averaged.
  ///
  /// Nil where a problem has fewer than k samples.
  public func pass(at k: Int) -> Double? {
    guard k >= 1, !problems.isEmpty, problems.allSatisfy({ $0.samples >= k }) else { return nil }
    let total = problems.reduce(0.0) { sum, problem in
      let wrong = problem.samples - problem.right
      if wrong < k { return sum + 1 }
      var miss = 1.0
      for i in 0..<k { miss *= Double(wrong - i) / Double(problem.samples - i) }
      return sum + 1 - miss
    }
    return total / Double(problems.count)
  }

  /// Half the width of the 95 % interval of `meanAccuracy` over problems (normal approximation).
  public var halfInterval: Double {
    guard problems.count > 1 else { return 0 }
    let mean = meanAccuracy
    let variance =
      problems.reduce(0.0) { sum, problem in
        let share = Double(problem.right) / Double(max(1, problem.samples))
        return sum + (share - mean) * (share - mean)
      } / Double(problems.count - 1)
    return 1.96 * (variance / Double(problems.count)).squareRoot()
  }

  public var meanLength: Double {
    problems.isEmpty
      ? 0 : problems.reduce(0) { $0 + $1.meanLength } / Double(problems.count)
  }
}

/// Samples answers to problems and judges them.
public struct Evaluator {
  public var model: Model
  public var tokenizer: Tokenizer
  public var verifier: MathVerifier
  /// `count` is the number of samples a problem.
  public var sampling: SamplingOptions

  public init(
    model: Model, tokenizer: Tokenizer, verifier: MathVerifier = MathVerifier(),
    sampling: SamplingOptions
  ) {
    self.model = model
    self.tokenizer = tokenizer
    self.verifier = verifier
    self.sampling = sampling
  }

  public func evaluate(
    _ problems: [TrainingProblem], isCancelled: @escaping () -> Bool = { false }
  ) throws -> Evaluation {
    let rollouts = try Sampler(model).generate(
      problems.map(\.promptIDs), sampling, isCancelled: isCancelled)
    let results = try zip(problems.indices, rollouts).map { index, rollouts in
      let texts = try rollouts.map { try tokenizer.decode($0.ids, skipSpecialTokens: true) }
      let right = texts.filter {
        verifier.verify(reference: problems[index].reference, response: $0).isCorrect
      }.count
      return EvaluatedProblem(
        index: index, samples: texts.count, right: right, response: texts.first ?? "",
        meanLength: Double(rollouts.reduce(0) { $0 + $1.count }) / Double(max(1, rollouts.count)))
    }
    return Evaluation(problems: results)
  }
}
