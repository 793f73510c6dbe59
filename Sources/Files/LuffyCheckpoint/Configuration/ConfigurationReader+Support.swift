import LuffyJSON
import LuffyModel

extension ConfigurationReader {
  /// The architecture by `model_type`, or by the class name where that is absent.
  func architecture() throws(ModelError) -> ModelConfiguration.Architecture {
    let name = json["model_type"]?.string ?? json["architectures"]?[0]?.string
    switch name {
    case "llama", "LlamaForCausalLM": return .llama
    case "qwen2", "Qwen2ForCausalLM": return .qwen2
    case "qwen3", "Qwen3ForCausalLM": return .qwen3
    case let other?:
      throw .unsupported(
        "model_type is \"\(Self.excerpt(other))\"; llama, qwen2 and qwen3 are read")
    case nil: throw .configuration("model_type is missing, expected llama, qwen2 or qwen3")
    }
  }

  /// Refuses every option that changes what a model computes and that this library does not have.
  func refuseWhatIsNotSupported(
    _ architecture: ModelConfiguration.Architecture
  ) throws(ModelError) {
    try refuseQuantization()
    if let node = json["hidden_act"] {
      guard let act = node.string else { throw .configuration("hidden_act is not a text") }
      if act != "silu" && act != "swish" {
        throw .unsupported("hidden_act is \"\(Self.excerpt(act))\"; silu is computed")
      }
    }
    if try boolean("mlp_bias", default: false) {
      throw .unsupported("mlp_bias is true; feed-forward layers have no biases here")
    }
    // In Qwen2 the key means nothing: q, k and v always have biases.
    if architecture != .qwen2, try boolean("attention_bias", default: false) {
      throw .unsupported(
        "attention_bias is true in a \(architecture.rawValue) model, which puts a bias on the output too; "
          + "only qwen2's biases of q, k and v are computed")
    }
    for node in [json, json["rope_parameters"], json["rope_scaling"]] {
      if let node, let part = try Self.number(node, "partial_rotary_factor"), part != 1 {
        throw .unsupported("partial_rotary_factor is \(part); whole heads are rotated here")
      }
    }
    try refuseSlidingWindow()
  }

  /// Weights that are stored in integers or in 8 bits, by whatever writer.
  private func refuseQuantization() throws(ModelError) {
    for key in ["quantization_config", "compression_config", "quantization"] {
      guard let node = json[key], node.kind != .object || node.count > 0 else { continue }
      let method = node["quant_method"]?.string ?? node["quant_type"]?.string
      let named = method.map { " (\(Self.excerpt($0)))" } ?? ""
      throw .unsupported(
        "\(key)\(named): the weights are quantized. Load the model's unquantized files or a GGUF file "
          + "of it, or dequantize it with transformers (model.dequantize(), then save_pretrained)")
    }
  }

  /// Refuses a model of which some layer attends to a window only.
  private func refuseSlidingWindow() throws(ModelError) {
    let layers = try integer("num_hidden_layers")
    let isUsed =
      try json["use_sliding_window"] == nil ? nil : boolean("use_sliding_window", default: false)
    if let types = json["layer_types"] {
      try refuseSlidingWindow(types, layers, isUsed: isUsed ?? true)
    } else if isUsed == true {
      let isUnbounded = json.members.contains { $0.key == "sliding_window" && $0.value.isNull }
      let first = try integer("max_window_layers", default: 28)
      if !isUnbounded && first < layers {
        throw .unsupported(
          "use_sliding_window is true and max_window_layers is \(first) of \(layers) layers; "
            + "full attention is computed. Where the window is not wanted, set use_sliding_window to false"
        )
      }
    }
  }

  private func refuseSlidingWindow(
    _ types: JSONNode, _ layers: Int, isUsed: Bool
  ) throws(ModelError) {
    guard types.kind == .array, types.count >= layers else {
      throw .configuration(
        "layer_types is not a list of \(layers) names, one for each of num_hidden_layers")
    }
    for (index, type) in types.elements.prefix(max(layers, 0)).enumerated() {
      switch type.string {
      case "full_attention": continue
      case "sliding_attention" where !isUsed: continue
      case let name?:
        throw .unsupported(
          "layer_types: layer \(index) is \"\(Self.excerpt(name))\"; full attention is computed "
            + "in every layer")
      case nil: throw .configuration("layer_types: layer \(index) is not a name")
      }
    }
  }
}
