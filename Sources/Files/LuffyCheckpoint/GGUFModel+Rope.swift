import Glibc
import LuffyJSON

extension GGUFModel {
  /// `rope_theta`, and `rope_scaling` where the file scales: the keys and defaults of llama.cpp.
  func writeRope(_ writer: JSONWriter) throws(CheckpointError) {
    let theta = try optionalNumber("rope.freq_base") ?? 10_000
    writer.member("rope_theta", theta)
    // Without a type, a factor scales linearly; files from before that key have another.
    let factor = try scalingFactor()
    let type = try ropeType()
    if let ropeFactors {
      guard type == "none" || factor == 1 else {
        throw failure(
          .unsupported, "rope.scaling.factor is \(factor) beside \(GGUFTensorNames.ropeFactors)")
      }
      return try writeLlama3(ropeFactors, theta: theta, writer)
    }
    switch type {
    case "none": return
    case "yarn" where factor > 1: try writeYarn(factor, writer)
    default:
      try refuseAttentionFactor()
      if factor == 1 { return }
      writer.key("rope_scaling")
      writer.object {
        writer.member("rope_type", "linear")
        writer.member("factor", factor)
      }
    }
  }

  private func scalingFactor() throws(CheckpointError) -> Double {
    if let factor = try ropeFactor("rope.scaling.factor") { return factor }
    return try ropeFactor("rope.scale_linear") ?? 1
  }

  /// "none", "linear" or "yarn".
  private func ropeType() throws(CheckpointError) -> String {
    guard let value = value("rope.scaling.type") else { return "linear" }
    guard let type = value.string, ["none", "linear", "yarn"].contains(type) else {
      throw failure(
        .unsupported,
        "rope.scaling.type is \"\(value.string?.excerpt ?? "no text")\"; none, linear and yarn are computed"
      )
    }
    return type
  }

  /// Zero means that the file does not scale.
  private func ropeFactor(_ key: String) throws(CheckpointError) -> Double? {
    value(key)?.number == 0 ? nil : try optionalNumber(key)
  }

  private func refuseAttentionFactor() throws(CheckpointError) {
    if let factor = try ropeFactor("rope.scaling.attn_factor"), factor != 1 {
      throw failure(
        .unsupported, "rope.scaling.attn_factor is \(factor), which is computed with yarn only")
    }
  }

  private func writeLlama3(
    _ factors: [Float], theta: Double, _ writer: JSONWriter
  ) throws(CheckpointError) {
    let scaling = Llama3Scaling(factors: factors, theta: theta, headWidth: try headWidth())
    guard let scaling else {
      throw CheckpointError(
        .unsupported, file: gguf.path, tensor: GGUFTensorNames.ropeFactors,
        "the factors are not those of llama3 rope scaling")
    }
    writer.key("rope_scaling")
    writer.object {
      writer.member("rope_type", "llama3")
      writer.member("factor", scaling.factor)
      writer.member("low_freq_factor", scaling.lowFrequencyFactor)
      writer.member("high_freq_factor", scaling.highFrequencyFactor)
      writer.member("original_max_position_embeddings", scaling.originalContext)
    }
  }

  private func writeYarn(_ factor: Double, _ writer: JSONWriter) throws(CheckpointError) {
    if let share = value("rope.scaling.yarn_ext_factor")?.number, share != 1, share >= 0 {
      throw failure(.unsupported, "rope.scaling.yarn_ext_factor is \(share), expected 1")
    }
    let context = try count("context_length")
    let original = try optionalCount("rope.scaling.original_context_length") ?? context
    let attention = try attentionFactor(factor)
    let fast = try ropeFactor("rope.scaling.yarn_beta_fast")
    let slow = try ropeFactor("rope.scaling.yarn_beta_slow")
    writer.key("rope_scaling")
    writer.object {
      writer.member("rope_type", "yarn")
      writer.member("factor", factor)
      writer.member("original_max_position_embeddings", original)
      if let attention { writer.member("attention_factor", attention) }
      if let fast { writer.member("beta_fast", fast) }
      if let slow { writer.member("beta_slow", slow) }
    }
  }

  /// What cosines and sines are multiplied by; nil for YaRN's own value.
  ///
  /// `yarn_attn_factor` is the whole factor, which converters copy from a configuration's `attention_factor`;
  /// `yarn_log_multiplier` is its `mscale_all_dim`; `attn_factor` multiplies what they give.
  private func attentionFactor(_ factor: Double) throws(CheckpointError) -> Double? {
    let whole = try ropeFactor("rope.scaling.yarn_attn_factor")
    let logarithm = try ropeFactor("rope.scaling.yarn_log_multiplier")
    let extra = try ropeFactor("rope.scaling.attn_factor")
    if whole == nil && logarithm == nil && (extra ?? 1) == 1 { return nil }
    func magnitude(_ scale: Double) -> Double { 0.1 * scale * log(factor) + 1 }
    let standard = magnitude(1) / (logarithm.map(magnitude) ?? 1)
    return (whole ?? standard) * (extra ?? 1)
  }
}
