public import LuffyJSON
public import LuffyModel

extension ModelConfiguration {
  /// Reads the keys of a Hugging Face `config.json`, old (`rope_theta`, `rope_scaling`) and new (`rope_parameters`).
  ///
  /// - Parameter tiedByDefault: what a missing `tie_word_embeddings` means.
  public init(_ json: JSONNode, tiedByDefault: Bool = false) throws(ModelError) {
    let reader = try ConfigurationReader(json)
    let architecture = try reader.architecture()
    try reader.refuseWhatIsNotSupported(architecture)
    let width = try reader.integer("hidden_size")
    let queryHeads = try reader.integer("num_attention_heads")
    if queryHeads < 1 { throw .configuration("num_attention_heads is \(queryHeads)") }
    let maximumPositions = try reader.integer(
      "max_position_embeddings", default: architecture == .llama ? 2048 : 32768)
    let (ropeTheta, ropeScaling) = try reader.rope(maximumPositions: maximumPositions)
    self.init(
      architecture: architecture, vocabularySize: try reader.integer("vocab_size"), width: width,
      layers: try reader.integer("num_hidden_layers"), queryHeads: queryHeads,
      keyValueHeads: try reader.integer("num_key_value_heads", default: queryHeads),
      headWidth: try reader.integer(
        "head_dim", default: architecture == .qwen3 ? 128 : width / queryHeads),
      hiddenWidth: try reader.integer("intermediate_size"),
      normEpsilon: Float(try reader.number("rms_norm_eps", default: 1e-6)), ropeTheta: ropeTheta,
      ropeScaling: ropeScaling, maximumPositions: maximumPositions,
      tiedEmbeddings: try reader.boolean("tie_word_embeddings", default: tiedByDefault),
      attentionBias: architecture == .qwen2,
      initializerRange: try reader.number("initializer_range", default: 0.02),
      bosID: try reader.tokenIDs("bos_token_id").first,
      eosIDs: try reader.tokenIDs("eos_token_id"))
    namesMaximumPositions = json["max_position_embeddings"] != nil
    paddingID = try reader.tokenIDs("pad_token_id").first
    try validate()
  }

  /// A `config.json` that `init` and transformers read back.
  public func huggingFaceJSON() -> String {
    let writer = JSONWriter(pretty: true)
    writer.object {
      writer.key("architectures")
      writer.array { writer.write(Self.classNames[architecture] ?? "") }
      writer.key("model_type")
      writer.write(architecture.rawValue)
      let integers: [(String, Int)] = [
        ("vocab_size", vocabularySize), ("hidden_size", width), ("num_hidden_layers", layers),
        ("num_attention_heads", queryHeads), ("num_key_value_heads", keyValueHeads),
        ("head_dim", headWidth), ("intermediate_size", hiddenWidth),
        ("max_position_embeddings", maximumPositions),
      ].filter { namesMaximumPositions || $0.0 != "max_position_embeddings" }
      for (key, value) in integers {
        writer.key(key)
        writer.write(value)
      }
      writer.key("hidden_act")
      writer.write("silu")
      writer.key("rms_norm_eps")
      writer.write(Double("\(normEpsilon)") ?? Double(normEpsilon))
      writer.key("initializer_range")
      writer.write(initializerRange)
      writer.key("tie_word_embeddings")
      writer.write(tiedEmbeddings)
      writer.key("attention_bias")
      writer.write(attentionBias && architecture != .qwen2)
      writer.key("mlp_bias")
      writer.write(false)
      writer.key("torch_dtype")
      writer.write("float32")
      writeRope(writer)
      writeTokenIDs(writer)
    }
    return writer.text
  }

  private static let classNames: [Architecture: String] = [
    .llama: "LlamaForCausalLM", .qwen2: "Qwen2ForCausalLM", .qwen3: "Qwen3ForCausalLM",
  ]

  /// Both the old keys and the new one, so that every version of transformers reads the same angles.
  private func writeRope(_ writer: JSONWriter) {
    writer.key("rope_theta")
    writer.write(ropeTheta)
    if ropeScaling != .none {
      writer.key("rope_scaling")
      writer.object { writeRopeScaling(writer) }
    }
    writer.key("rope_parameters")
    writer.object {
      writer.key("rope_theta")
      writer.write(ropeTheta)
      writeRopeScaling(writer)
    }
  }

  private func writeRopeScaling(_ writer: JSONWriter) {
    writer.key("rope_type")
    switch ropeScaling {
    case .none: writer.write("default")
    case .linear(let factor):
      writer.write("linear")
      Self.write([("factor", factor)], writer)
    case .llama3(let factor, let low, let high, let original):
      writer.write("llama3")
      Self.write(
        [
          ("factor", factor), ("low_freq_factor", low), ("high_freq_factor", high),
          ("original_max_position_embeddings", original),
        ], writer)
    case .yarn(let yarn): Self.write(yarn, writer)
    }
  }

  /// What differs from transformers' defaults only: other readers have other names for those keys.
  private static func write(_ yarn: YarnScaling, _ writer: JSONWriter) {
    let plain = YarnScaling(factor: yarn.factor, originalPositions: yarn.originalPositions)
    writer.write("yarn")
    write(
      [("factor", yarn.factor), ("original_max_position_embeddings", yarn.originalPositions)],
      writer)
    for (key, value, standard) in [
      ("attention_factor", yarn.attentionFactor, plain.attentionFactor),
      ("beta_fast", yarn.fastRotations, plain.fastRotations),
      ("beta_slow", yarn.slowRotations, plain.slowRotations),
    ] where value != standard { write([(key, value)], writer) }
    if !yarn.truncates {
      writer.key("truncate")
      writer.write(false)
    }
  }

  private static func write(_ values: [(String, Double)], _ writer: JSONWriter) {
    for (key, value) in values {
      writer.key(key)
      if key.hasPrefix("original"), let whole = Int(exactly: value) {
        writer.write(whole)
      } else {
        writer.write(value)
      }
    }
  }

  private func writeTokenIDs(_ writer: JSONWriter) {
    if let paddingID {
      writer.key("pad_token_id")
      writer.write(Int(paddingID))
    }
    writer.key("bos_token_id")
    if let bosID { writer.write(Int(bosID)) } else { writer.null() }
    writer.key("eos_token_id")
    switch eosIDs.count {
    case 0: writer.null()
    case 1: writer.write(Int(eosIDs[0]))
    default: writer.array { for id in eosIDs { writer.write(Int(id)) } }
    }
  }
}
