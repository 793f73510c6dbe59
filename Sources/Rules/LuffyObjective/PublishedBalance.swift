/// How much the terms of the published run weigh beside each other, a token of each.
///
/// The reference code adds, on each of R workers and over M micro-batches, Σ ℓ/L of the policy gradient and a token
/// mean of everything else (`docs/objective.md`, §3). Over N rows of T tokens on average one policy-gradient token then weighs
/// 1/(R·L), and one token of a mean with coefficient c weighs c·M/(tokens of the mean): M grows with the
/// tokens, so the quotient hardly depends on the length. It is what must stay where a batch or a length is another.
public enum PublishedBalance {
  /// Rows of an update, workers, longest response, and prompt and response tokens of a micro-batch.
  public static let rows = 512
  public static let workers = 8
  public static let fixedLength = 8192
  public static let microBatchTokens = 32768
  public static let entropyCoefficient = 0.001

  /// Micro-batches of each worker, for rows of these many tokens; not rounded up to whole ones.
  public static func microBatches(
    responseTokens: Double, promptTokens: Double, rows: Int = PublishedBalance.rows
  ) -> Double {
    Double(rows) / Double(workers) * (responseTokens + promptTokens) / Double(microBatchTokens)
  }

  /// The weight of a token's entropy in units of a policy-gradient token's: c·M·R·L/(N·T).
  public static func entropyWeight(
    responseTokens: Double, microBatches: Double, rows: Int = PublishedBalance.rows
  ) -> Double {
    entropyCoefficient * microBatches * Double(workers * fixedLength)
      / (Double(rows) * responseTokens)
  }

  /// What presets use: the published run has 2.8e-4 to 3.6e-4 at its mean lengths of 1800 to 3500 tokens.
  public static let relativeEntropy = 3e-4

  /// The likelihood of a trace token beside own tokens (RL with SFT loss), in the same units: 2.5 with responses and
  /// traces of 2048 tokens, 1.5 where traces are twice as long as responses, as in the published data.
  public static let relativeLikelihood = 2.0
}
