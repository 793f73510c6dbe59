/// A linear layer of every block that may have an adapter, under its Hugging Face name.
public enum AdapterTarget: String, Sendable, CaseIterable {
  case query = "q_proj"
  case key = "k_proj"
  case value = "v_proj"
  case output = "o_proj"
  case gate = "gate_proj"
  case up = "up_proj"
  case down = "down_proj"
}

/// Low-rank adapters (LoRA, arXiv 2106.09685) on frozen weights: y = x Wᵀ + scale · (x Aᵀ) Bᵀ.
public struct AdapterOptions: Sendable, Equatable {
  /// Rows of A [rank, in] and columns of B [out, rank]; 1 to `maxRank`.
  public var rank: Int
  /// Positive. The scale is alpha / rank.
  public var alpha: Double
  /// The scale is alpha / √rank instead (arXiv 2312.03732).
  public var isRankStabilized: Bool
  /// At least one; all by default. Norms, biases, the embedding and the head stay frozen always.
  public var targets: Set<AdapterTarget>
  /// Of A, which is uniform in ±1/√in; B begins as zero, so that new adapters change nothing.
  public var seed: UInt64

  public static let maxRank = 1024

  public init(
    rank: Int = 16, alpha: Double = 32, isRankStabilized: Bool = false,
    targets: Set<AdapterTarget> = Set(AdapterTarget.allCases), seed: UInt64 = 0
  ) {
    self.rank = rank
    self.alpha = alpha
    self.isRankStabilized = isRankStabilized
    self.targets = targets
    self.seed = seed
  }

  /// What the adapter's output is multiplied by.
  public var scale: Float {
    Float(alpha / (isRankStabilized ? Double(rank).squareRoot() : Double(rank)))
  }

  package func validate() throws(ModelError) {
    guard (1...Self.maxRank).contains(rank) else {
      throw .argument("an adapter rank of \(rank): expected 1 to \(Self.maxRank)")
    }
    guard alpha.isFinite, alpha > 0, scale.isFinite, scale > 0 else {
      throw .argument("an adapter alpha of \(alpha): expected a positive float32 number")
    }
    if targets.isEmpty {
      let names = AdapterTarget.allCases.map(\.rawValue).joined(separator: ", ")
      throw .argument("no adapter targets: expected at least one of \(names)")
    }
  }
}
