import LuffyJSON

extension GGUFModel {
  /// The metadata as the text of a Hugging Face `config.json`.
  func configuration() throws(CheckpointError) -> String {
    let writer = JSONWriter(pretty: true)
    try writer.checkedObject { () throws(CheckpointError) in
      writer.key("architectures")
      writer.array { writer.write(architecture.className) }
      writer.member("model_type", architecture.rawValue)
      try writeSizes(writer)
      writer.member("hidden_act", "silu")
      guard let epsilon = try optionalNumber("attention.layer_norm_rms_epsilon") else {
        throw failure(.missing, "attention.layer_norm_rms_epsilon is absent")
      }
      writer.member("rms_norm_eps", epsilon)
      try writeRope(writer)
      writer.member("tie_word_embeddings", !has("lm_head.weight"))
      if architecture != .qwen2 {
        writer.member("attention_bias", has("model.layers.0.self_attn.q_proj.bias"))
      }
      if architecture == .llama {
        writer.member("mlp_bias", has("model.layers.0.mlp.gate_proj.bias"))
      }
      for name in ["bos", "eos"] {
        if let id = tokenID(name) { writer.member("\(name)_token_id", id) }
      }
      if let id = tokenID("padding") { writer.member("pad_token_id", id) }
    }
    return writer.text
  }

  private func writeSizes(_ writer: JSONWriter) throws(CheckpointError) {
    writer.member("vocab_size", try vocabularySize())
    writer.member("hidden_size", try count("embedding_length"))
    writer.member("intermediate_size", try count("feed_forward_length"))
    writer.member("num_hidden_layers", try count("block_count"))
    writer.member("num_attention_heads", try count("attention.head_count"))
    writer.member("num_key_value_heads", try keyValueHeads())
    writer.member("head_dim", try headWidth())
    writer.member("max_position_embeddings", try count("context_length"))
  }

  /// `attention.key_length`, or the width divided by the heads.
  private func headWidth() throws(CheckpointError) -> Int {
    let heads = try count("attention.head_count")
    let width = try count("embedding_length")
    let head = try optionalCount("attention.key_length") ?? width / heads
    if let value = try optionalCount("attention.value_length"), value != head {
      throw failure(.unsupported, "attention.value_length \(value) is not the key's \(head)")
    }
    if let rotated = try optionalCount("rope.dimension_count"), rotated != head {
      throw failure(.unsupported, "rope.dimension_count \(rotated) of heads of \(head)")
    }
    guard head > 0, head % 2 == 0 else {
      throw failure(.corrupt, "attention.head_count \(heads) with width \(width)")
    }
    return head
  }

  /// The rows of the embedding: padding rows count, as they do in Hugging Face.
  private func vocabularySize() throws(CheckpointError) -> Int {
    guard let embedding = tensors.first(where: { $0.name == "model.embed_tokens.weight" }) else {
      throw CheckpointError(
        .missing, file: gguf.path, tensor: "token_embd.weight", "there is no embedding")
    }
    return embedding.stored.rowCount
  }

  private func tokenID(_ name: String) -> Int? {
    guard let id = gguf.metadata["tokenizer.ggml.\(name)_token_id"]?.int, id >= 0,
      id < Int(UInt32.max)
    else { return nil }
    return id
  }

  /// `generation_config.json` with the ids that end a response, as llama.cpp ends generation at them: the end of a text,
  /// of a turn and of a message. Nil where the file names none.
  func generationConfiguration() -> String? {
    var ends: [Int] = []
    for id in [tokenID("eos"), tokenID("eot"), tokenID("eom")] {
      if let id, !ends.contains(id) { ends.append(id) }
    }
    guard let first = ends.first else { return nil }
    let writer = JSONWriter(pretty: true)
    writer.object {
      if let bos = tokenID("bos") { writer.member("bos_token_id", bos) }
      writer.key("eos_token_id")
      if ends.count == 1 {
        writer.write(first)
      } else {
        writer.array { ends.forEach(writer.write) }
      }
    }
    return writer.text
  }

  /// `rope_theta`, and `rope_scaling` where the file scales.
  private func writeRope(_ writer: JSONWriter) throws(CheckpointError) {
    let theta = try optionalNumber("rope.freq_base") ?? 10_000
    writer.member("rope_theta", theta)
    if let ropeFactors {
      let scaling = Llama3Scaling(
        factors: ropeFactors, theta: theta, headWidth: try headWidth())
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
    } else if let type = value("rope.scaling.type")?.string, type != "none" {
      let factor = try optionalNumber("rope.scaling.factor")
      let original = try optionalCount("rope.scaling.original_context_length")
      writer.key("rope_scaling")
      writer.object {
        writer.member("rope_type", type)
        if let factor { writer.member("factor", factor) }
        if let original { writer.member("original_max_position_embeddings", original) }
      }
    }
  }
}
