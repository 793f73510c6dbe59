import LuffyJSON
import LuffyModel

extension ConfigurationReader {
  /// The base of the rotary frequencies and how they are scaled.
  ///
  /// As in transformers, a `rope_scaling` that is not empty stands for the whole of `rope_parameters`, and `rope_type`
  /// for the older `type`; `rope_theta` beside them counts where they have none.
  func rope(
    maximumPositions: Int
  ) throws(ModelError) -> (Double, ModelConfiguration.RopeScaling) {
    var theta = try number("rope_theta", default: 10000)
    guard let (key, scaling) = try ropeParameters() else { return (theta, .none) }
    if let inner = try Self.number(scaling, "rope_theta") { theta = inner }
    switch try ropeType(key, scaling) {
    case "default": return (theta, .none)
    case "linear": return (theta, .linear(factor: try Self.positive(scaling, "factor")))
    case "llama3":
      let low = try Self.positive(scaling, "low_freq_factor")
      let high = try Self.positive(scaling, "high_freq_factor")
      if low >= high { throw .configuration("low_freq_factor is not below high_freq_factor") }
      return (
        theta,
        .llama3(
          factor: try Self.positive(scaling, "factor"), low: low, high: high,
          originalPositions: try originalPositions(scaling, maximumPositions))
      )
    case "yarn": return (theta, .yarn(try yarn(scaling, maximumPositions)))
    case let other:
      throw .unsupported(
        "\(key): rope_type is \"\(Self.excerpt(other))\"; default, linear, llama3 and yarn are computed"
      )
    }
  }

  /// The object that says how positions are rotated, with its key.
  private func ropeParameters() throws(ModelError) -> (String, JSONNode)? {
    for key in ["rope_scaling", "rope_parameters"] {
      guard let node = json[key] else { continue }
      guard node.kind == .object else { throw .configuration("\(key) is not an object") }
      if node.count == 0 { continue }
      if let nested = node.members.first(where: { $0.value.kind == .object }) {
        throw .unsupported(
          "\(key) is nested by layer type (\"\(Self.excerpt(nested.key))\"); one rotation is computed "
            + "for all layers")
      }
      return (key, node)
    }
    return nil
  }

  private func ropeType(_ key: String, _ scaling: JSONNode) throws(ModelError) -> String {
    guard let node = scaling["rope_type"] ?? scaling["type"] else {
      if scaling["factor"] == nil { return "default" }
      throw .configuration(
        "\(key) has a factor but no rope_type; linear, llama3 or yarn is expected")
    }
    guard let type = node.string else { throw .configuration("\(key): rope_type is not a text") }
    return type
  }

  /// Beside the parameters it counts first, then in them, then all positions that the model has.
  private func originalPositions(
    _ scaling: JSONNode, _ maximumPositions: Int
  ) throws(ModelError) -> Double {
    let key = "original_max_position_embeddings"
    if json[key] != nil { return try Self.positive(json, key) }
    if scaling[key] != nil { return try Self.positive(scaling, key) }
    return Double(maximumPositions)
  }

  private func yarn(
    _ scaling: JSONNode, _ maximumPositions: Int
  ) throws(ModelError) -> YarnScaling {
    let original = try originalPositions(scaling, maximumPositions)
    var factor = Double(maximumPositions) / original
    if !isNull(scaling, "factor") { factor = try Self.positive(scaling, "factor") }
    var truncates = !isNull(scaling, "truncate")
    if let node = scaling["truncate"] {
      guard let value = node.bool else { throw .configuration("truncate is not true or false") }
      truncates = value
    }
    return YarnScaling(
      factor: factor, originalPositions: original,
      attentionFactor: try attentionFactor(scaling, factor),
      rotations: (
        fast: try nonZero(scaling, "beta_fast") ?? YarnScaling.defaultFastRotations,
        slow: try nonZero(scaling, "beta_slow") ?? YarnScaling.defaultSlowRotations
      ), truncates: truncates)
  }

  /// The stated one, or the ratio that DeepSeek's two `mscale` keys give, or nil for the default.
  private func attentionFactor(
    _ scaling: JSONNode, _ factor: Double
  ) throws(ModelError) -> Double? {
    if let stated = try Self.number(scaling, "attention_factor") { return stated }
    guard let scale = try nonZero(scaling, "mscale"),
      let allDimensions = try nonZero(scaling, "mscale_all_dim")
    else { return nil }
    return YarnScaling.magnitude(factor, scale: scale)
      / YarnScaling.magnitude(factor, scale: allDimensions)
  }

  /// Zero means the default, as an absent key does.
  private func nonZero(_ node: JSONNode, _ key: String) throws(ModelError) -> Double? {
    try Self.number(node, key).flatMap { $0 == 0 ? nil : $0 }
  }

  /// The key is there, with null.
  private func isNull(_ node: JSONNode, _ key: String) -> Bool {
    node.members.contains { $0.key == key && $0.value.isNull }
  }
}
