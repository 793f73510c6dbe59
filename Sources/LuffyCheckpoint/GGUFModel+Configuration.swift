import LuffyJSON

extension GGUFModel {
  /// The metadata as the text of a Hugging Face `config.json`.
  func configuration() throws(CheckpointError) -> String {
    let writer = JSONWriter(pretty: true)
    var failure: CheckpointError?
    writer.object {
      do throws(CheckpointError) { try writeConfiguration(writer) } catch { failure = error }
    }
    if let failure { throw failure }
    return writer.text
  }

  private func writeConfiguration(_ writer: JSONWriter) throws(CheckpointError) {
    let heads = try count("attention.head_count")
    let width = try count("embedding_length")
    let headWidth = try headWidth(width: width, heads: heads)
    func put(_ key: String, _ value: Int?) {
      guard let value else { return }
      writer.key(key)
      writer.write(value)
    }
    func put(_ key: String, _ value: Bool) {
      writer.key(key)
      writer.write(value)
    }
    writer.key("architectures")
    writer.array { writer.write(architecture.className) }
    writer.key("model_type")
    writer.write(architecture.rawValue)
    put("vocab_size", try vocabularySize())
    put("hidden_size", width)
    put("intermediate_size", try count("feed_forward_length"))
    put("num_hidden_layers", try count("block_count"))
    put("num_attention_heads", heads)
    put("num_key_value_heads", try keyValueHeads())
    put("head_dim", headWidth)
    put("max_position_embeddings", try count("context_length"))
    writer.key("hidden_act")
    writer.write("silu")
    guard let epsilon = try optionalNumber("attention.layer_norm_rms_epsilon") else {
      throw self.failure(.missing, "attention.layer_norm_rms_epsilon is absent")
    }
    writer.key("rms_norm_eps")
    writer.write(epsilon)
    let theta = try optionalNumber("rope.freq_base") ?? 10_000
    writer.key("rope_theta")
    writer.write(theta)
    try writeRopeScaling(writer, theta: theta, headWidth: headWidth)
    put("tie_word_embeddings", !has("lm_head.weight"))
    if architecture != .qwen2 {
      put("attention_bias", has("model.layers.0.self_attn.q_proj.bias"))
    }
    if architecture == .llama { put("mlp_bias", has("model.layers.0.mlp.gate_proj.bias")) }
    put("bos_token_id", tokenID("bos"))
    put("eos_token_id", tokenID("eos"))
  }

  /// `attention.key_length`, or the width divided by the heads.
  private func headWidth(width: Int, heads: Int) throws(CheckpointError) -> Int {
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

  /// `generation_config.json` with the ids that end a response; nil where the file names none.
  func generationConfiguration() -> String? {
    var ends: [Int] = []
    for id in [tokenID("eos"), tokenID("eot")] {
      if let id, !ends.contains(id) { ends.append(id) }
    }
    guard let first = ends.first else { return nil }
    let writer = JSONWriter(pretty: true)
    writer.object {
      if let bos = tokenID("bos") {
        writer.key("bos_token_id")
        writer.write(bos)
      }
      writer.key("eos_token_id")
      if ends.count == 1 {
        writer.write(first)
      } else {
        writer.array { ends.forEach(writer.write) }
      }
    }
    return writer.text
  }

  private func writeRopeScaling(
    _ writer: JSONWriter, theta: Double, headWidth: Int
  ) throws(CheckpointError) {
    func number(_ key: String, _ value: Double?) {
      guard let value else { return }
      writer.key(key)
      if let whole = Int(exactly: value), key.hasPrefix("original") {
        writer.write(whole)
      } else {
        writer.write(value)
      }
    }
    let type = value("rope.scaling.type")?.string ?? "none"
    if let ropeFactors {
      let scaling = Llama3Scaling(factors: ropeFactors, theta: theta, headWidth: headWidth)
      guard let scaling else {
        throw CheckpointError(
          .unsupported, file: gguf.path, tensor: GGUFTensorNames.ropeFactors,
          "the factors are not those of llama3 rope scaling")
      }
      writer.key("rope_scaling")
      writer.object {
        writer.key("rope_type")
        writer.write("llama3")
        number("factor", scaling.factor)
        number("low_freq_factor", scaling.lowFrequencyFactor)
        number("high_freq_factor", scaling.highFrequencyFactor)
        number("original_max_position_embeddings", scaling.originalContext)
      }
    } else if type != "none" {
      let factor = try optionalNumber("rope.scaling.factor")
      let original = try optionalNumber("rope.scaling.original_context_length")
      writer.key("rope_scaling")
      writer.object {
        writer.key("rope_type")
        writer.write(type)
        number("factor", factor)
        number("original_max_position_embeddings", original)
      }
    }
  }
}
