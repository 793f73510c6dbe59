/// How token losses become one number. The sums run over the whole update, never over a
/// micro-batch, so that splitting the rows changes nothing.
public struct Aggregation: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// Σ ℓ / tokens: every token weighs the same.
    case tokenMean
    /// Σ_rows (Σ ℓ / tokens of the row) / rows: every row weighs the same.
    case sequenceMean
    /// Σ ℓ / (rows · L) (Dr. GRPO): no division by a row's own length. L is the longest allowed
    /// response; nil: the one that `Objective.prepare` is given, else the update's longest.
    case fixedLength(Int?)
    /// Σ ℓ / L: the reference code's sum, which grows with the number of rows.
    case fixedLengthSum(Int)
  }

  /// What the denominators count.
  public enum Scope: Sendable, Hashable {
    /// Every trained token and every row of the update: terms over parts add up to one mean.
    case update
    /// The term's own tokens, and the rows that hold one: a mean per source.
    case selected
  }

  public var kind: Kind
  public var scope: Scope

  public init(_ kind: Kind, over scope: Scope = .update) {
    self.kind = kind
    self.scope = scope
  }

  func validate(_ key: String) throws(ObjectiveError) {
    switch kind {
    case .tokenMean, .sequenceMean, .fixedLength(nil): break
    case .fixedLength(let length?), .fixedLengthSum(let length):
      try require(length >= 1, "fixed_length", "expected a length ≥ 1, got \(length) (\(key))")
    }
  }

  /// The factor of one token's loss. `longest` is L where the aggregation has none of its own.
  func scale(_ counts: PreparedUpdate.Counts, rowTokens: Int, longest: Int) -> Double {
    let (tokens, rows) = (counts.tokens, counts.rows)
    return switch kind {
    case .tokenMean: 1 / Double(max(1, tokens))
    case .sequenceMean: 1 / (Double(max(1, rows)) * Double(max(1, rowTokens)))
    case .fixedLength(let length): 1 / (Double(max(1, rows)) * Double(length ?? longest))
    case .fixedLengthSum(let length): 1 / Double(length)
    }
  }
}
