extension GGUFModel {
  /// Refuses files that are no language model, and models of another architecture, by name.
  ///
  /// A part of a split model without `general.architecture` passes.
  static func refuseOtherKinds(
    _ metadata: [String: GGUFValue], path: String
  ) throws(CheckpointError) {
    let name = metadata["general.architecture"]?.string
    switch metadata["general.type"]?.string {
    case "adapter":
      throw CheckpointError(
        .unsupported, file: path,
        "a GGUF adapter (LoRA), not a whole model: merge it into its base model with llama.cpp's "
          + "llama-export-lora and load the merged file")
    case "imatrix":
      throw CheckpointError(
        .unsupported, file: path, "an importance matrix of llama.cpp, not a model")
    case "mmproj":
      throw CheckpointError(.unsupported, file: path, projector)
    default: break
    }
    if name == "clip" { throw CheckpointError(.unsupported, file: path, projector) }
    if let name, Architecture(rawValue: name) == nil {
      throw CheckpointError(
        .unsupported, file: path,
        "general.architecture (model_type) is \"\(name.excerpt)\"; llama, qwen2 and qwen3 are read")
    }
  }

  private static let projector =
    "a projector of images or sound (mmproj), not a language model: load the model's own GGUF file"

  /// Refuses metadata that would change what the model computes.
  func refuseOptions() throws(CheckpointError) {
    for (key, neutral) in Self.options {
      guard let value = value(key) else { continue }
      let number = value.bool.map { $0 ? 1.0 : 0 } ?? value.number
      if let number, number == neutral { continue }
      let found = number.map { "\($0)" } ?? "no number"
      throw failure(.unsupported, "\(key) is \(found), which is not computed here")
    }
    if let window = try windowSize(), let positions = try optionalCount("context_length"),
      window < positions
    {
      throw failure(
        .unsupported, "attention.sliding_window is \(window); full attention is computed")
    }
    if let scale = try optionalScale(), let heads = try? headWidth(),
      abs(scale * Double(heads).squareRoot() - 1) > 1e-6
    {
      throw failure(.unsupported, "attention.scale is \(scale), expected 1/√\(heads)")
    }
  }

  /// Keys of other architectures' options, with the value that changes nothing.
  private static let options: [(key: String, neutral: Double)] = [
    ("expert_count", 0), ("logit_scale", 0), ("residual_scale", 0), ("embedding_scale", 0),
    ("attn_logit_softcapping", 0), ("final_logit_softcapping", 0), ("attention.clamp_kqv", 0),
    ("attention.max_alibi_bias", 0), ("attention.causal", 1), ("use_parallel_residual", 0),
  ]

  /// Zero means none.
  private func windowSize() throws(CheckpointError) -> Int? {
    value("attention.sliding_window")?.int == 0
      ? nil : try optionalCount("attention.sliding_window")
  }

  private func optionalScale() throws(CheckpointError) -> Double? {
    value("attention.scale")?.number == 0 ? nil : try optionalNumber("attention.scale")
  }
}
