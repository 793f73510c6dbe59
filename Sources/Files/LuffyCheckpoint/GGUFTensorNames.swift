/// GGUF tensor names ⇄ Hugging Face names, for the architectures that this library reads.
enum GGUFTensorNames {
  /// llama3 rope scaling as factors; configuration in Hugging Face's layout, not a weight.
  static let ropeFactors = "rope_freqs.weight"

  private static let global = [
    "token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head",
  ]

  private static let layer = [
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj", "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
  ]

  /// The Hugging Face name, nil for a tensor that these architectures do not have.
  static func huggingFace(_ name: String) -> String? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let kind = parts.last, kind == "weight" || kind == "bias" else { return nil }
    if parts.count == 2, let base = global[parts[0]], kind == "weight" { return "\(base).\(kind)" }
    guard parts.count == 4, parts[0] == "blk", let index = Int(parts[1]), index >= 0,
      "\(index)" == parts[1], let base = layer[parts[2]]
    else { return nil }
    return "model.layers.\(index).\(base).\(kind)"
  }
}
