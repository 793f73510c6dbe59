/// The shape of a decoder-only transformer: Qwen2/2.5, Llama 3 or Qwen3.
public struct ModelConfiguration: Equatable, Sendable {
  public enum Architecture: String, Sendable { case llama, qwen2, qwen3 }

  /// How rotary frequencies are stretched for longer contexts.
  public enum RopeScaling: Equatable, Sendable {
    case none
    /// Positions divided by a factor.
    case linear(factor: Double)
    /// Llama 3.1: low frequencies divided, high ones kept, a ramp between.
    case llama3(factor: Double, low: Double, high: Double, originalPositions: Double)
    /// Low frequencies divided, high ones kept, cosines and sines scaled.
    case yarn(YarnScaling)
  }

  public var architecture: Architecture
  /// V
  public var vocabularySize: Int
  /// D
  public var width: Int
  /// L
  public var layers: Int
  /// H
  public var queryHeads: Int
  /// K
  public var keyValueHeads: Int
  /// E
  public var headWidth: Int
  /// Of the gated feed-forward part.
  public var hiddenWidth: Int
  public var normEpsilon: Float
  public var ropeTheta: Double
  public var ropeScaling: RopeScaling
  public var maximumPositions: Int
  /// False where a file names no `max_position_embeddings`: there is no limit then.
  public var namesMaximumPositions = true
  /// Sequences of more than `maximumPositions` tokens are not refused.
  public var allowsLongSequences = false
  /// The output head is the embedding.
  public var tiedEmbeddings: Bool
  /// q, k and v have a bias.
  public var attentionBias: Bool
  /// Standard deviation of initial weights.
  public var initializerRange: Double
  public var bosID: Int32?
  /// Ids that end a text; `Model.stopIDs` has those of the other files too.
  public var eosIDs: [Int32]
  /// `pad_token_id`: kept for other programs, not used here.
  public var paddingID: Int32?

  public init(
    architecture: Architecture, vocabularySize: Int, width: Int, layers: Int, queryHeads: Int,
    keyValueHeads: Int, headWidth: Int, hiddenWidth: Int, normEpsilon: Float = 1e-6,
    ropeTheta: Double = 10000, ropeScaling: RopeScaling = .none, maximumPositions: Int = 32768,
    tiedEmbeddings: Bool = true, attentionBias: Bool = false, initializerRange: Double = 0.02,
    bosID: Int32? = nil, eosIDs: [Int32] = []
  ) {
    self.architecture = architecture
    self.vocabularySize = vocabularySize
    self.width = width
    self.layers = layers
    self.queryHeads = queryHeads
    self.keyValueHeads = keyValueHeads
    self.headWidth = headWidth
    self.hiddenWidth = hiddenWidth
    self.normEpsilon = normEpsilon
    self.ropeTheta = ropeTheta
    self.ropeScaling = ropeScaling
    self.maximumPositions = maximumPositions
    self.tiedEmbeddings = tiedEmbeddings
    self.attentionBias = attentionBias
    self.initializerRange = initializerRange
    self.bosID = bosID
    self.eosIDs = eosIDs
  }

  /// Tokens of a sequence at most; nil: no limit.
  ///
  /// YaRN serves `factor` times the positions that the model was trained with, also where `max_position_embeddings` still
  /// has the number before the stretch, as in the files of Qwen2.5.
  public var longestSequence: Int? {
    guard namesMaximumPositions && !allowsLongSequences else { return nil }
    guard case .yarn(let yarn) = ropeScaling else { return maximumPositions }
    let stretched = yarn.factor * yarn.originalPositions
    return max(maximumPositions, Int(min(stretched, Self.mostPositions)))
  }

  /// Bound of `max_position_embeddings`.
  private static let mostPositions = Double(1 << 30)

  /// q and k are normalised by head.
  public var normalizesQueryAndKey: Bool { architecture == .qwen3 }
  /// H E
  package var queryWidth: Int { queryHeads * headWidth }
  /// K E
  package var keyValueWidth: Int { keyValueHeads * headWidth }
  /// Query heads that share one key-value head.
  package var headsPerGroup: Int { queryHeads / keyValueHeads }

  /// Refuses what could not be computed.
  package func validate() throws(ModelError) {
    try Self.check(vocabularySize, "vocab_size", 1...(1 << 24))
    try Self.check(width, "hidden_size", 1...(1 << 17))
    try Self.check(layers, "num_hidden_layers", 1...4096)
    try Self.check(queryHeads, "num_attention_heads", 1...4096)
    try Self.check(keyValueHeads, "num_key_value_heads", 1...4096)
    try Self.check(headWidth, "head_dim", 2...1024)
    try Self.check(hiddenWidth, "intermediate_size", 1...(1 << 20))
    try Self.check(maximumPositions, "max_position_embeddings", 1...Int(Self.mostPositions))
    if headWidth % 2 != 0 {
      throw .configuration("head_dim is \(headWidth), expected an even number")
    }
    if queryHeads % keyValueHeads != 0 {
      throw .configuration(
        "num_attention_heads (\(queryHeads)) is not a multiple of num_key_value_heads "
          + "(\(keyValueHeads))")
    }
    if !(normEpsilon > 0 && normEpsilon < 1) {
      throw .configuration("rms_norm_eps is \(normEpsilon), expected a number in (0, 1)")
    }
    try validateRope()
    if !(initializerRange >= 0 && initializerRange < 100) {
      throw .configuration("initializer_range is \(initializerRange), expected 0 to 100")
    }
    for id in eosIDs + (bosID.map { [$0] } ?? []) where id < 0 || Int(id) >= vocabularySize {
      throw .configuration("a special token id is \(id), the vocabulary has \(vocabularySize)")
    }
  }

  /// Angles must stay where their sines can be taken: below 2^30 positions at no more than one radian each.
  private func validateRope() throws(ModelError) {
    if !(1...1e30).contains(ropeTheta) {
      throw .configuration("rope_theta is \(ropeTheta), expected 1 to 1e30")
    }
    switch ropeScaling {
    case .none: break
    case .linear(let factor): try Self.check(factor, "rope scaling: factor", 1...1e6)
    case .llama3(let factor, let low, let high, let original):
      try Self.check(factor, "rope scaling: factor", 1...1e6)
      let positive = low > 0 && original > 0
      if !(positive && low < high && high.isFinite && original.isFinite) {
        throw .configuration(
          "rope scaling: low_freq_factor \(low), high_freq_factor \(high) and "
            + "original_max_position_embeddings \(original) must be positive, low below high")
      }
    case .yarn(let yarn):
      try Self.check(yarn.factor, "rope scaling: factor", 1...1e6)
      try Self.check(yarn.attentionFactor, "rope scaling: attention_factor", 1e-6...1e6)
      try Self.check(
        yarn.originalPositions, "rope scaling: original_max_position_embeddings", 1...1e12)
      try Self.check(yarn.slowRotations, "rope scaling: beta_slow", 1e-6...1e6)
      try Self.check(yarn.fastRotations, "rope scaling: beta_fast", yarn.slowRotations...1e6)
      if ropeTheta <= 1 {
        throw .configuration("rope_theta is \(ropeTheta), expected more than 1 with YaRN")
      }
    }
  }

  private static func check<Value: Comparable>(
    _ value: Value, _ key: String, _ range: ClosedRange<Value>
  ) throws(ModelError) {
    if !range.contains(value) {
      throw .configuration(
        "\(key) is \(value), expected \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
