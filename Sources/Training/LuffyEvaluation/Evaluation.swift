/// The result of an evaluation: every response to every problem.
public struct Evaluation: Sendable {
  public let problems: [EvaluatedProblem]

  public init(problems: [EvaluatedProblem]) { self.problems = problems }

  /// Mean share of right responses: pass@1, or avg@k with k responses a problem.
  public var meanAccuracy: Double { accuracy.mean }

  /// avg@k with its interval over problems.
  public var accuracy: Estimate { Estimate(problems.map(\.accuracy)) }

  /// Mean over problems of the unbiased pass@k. Nil where a problem has fewer than k responses.
  public func pass(at k: Int) -> Double? { passEstimate(at: k)?.mean }

  /// pass@k with its interval over problems.
  public func passEstimate(at k: Int) -> Estimate? {
    let values = problems.compactMap { $0.pass(at: k) }
    return values.isEmpty || values.count < problems.count ? nil : Estimate(values)
  }

  /// maj@k: the share of problems whose first k responses vote for a right answer, with its interval.
  ///
  /// Nil where a problem has fewer than k responses.
  public func majority(at k: Int) -> Estimate? {
    guard k >= 1, !problems.isEmpty, problems.allSatisfy({ $0.samples >= k }) else { return nil }
    return Estimate(problems.map { $0.vote(of: k)?.isCorrect == true ? 1 : 0 })
  }

  /// Half the width of `accuracy`'s interval.
  public var halfInterval: Double { (accuracy.high - accuracy.low) / 2 }

  /// Tokens of a response.
  public var meanLength: Double {
    problems.isEmpty
      ? 0 : problems.reduce(0) { $0 + $1.meanLength } / Double(problems.count)
  }

  /// The share of responses for which a condition holds.
  public func share(of condition: (EvaluatedResponse) -> Bool) -> Double {
    let total = problems.reduce(0) { $0 + $1.samples }
    let found = problems.reduce(0) { $0 + $1.responses.count(where: condition) }
    return Double(found) / Double(max(1, total))
  }
}
