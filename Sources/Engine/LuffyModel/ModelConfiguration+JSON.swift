public import LuffyJSON

extension ModelConfiguration {
  /// Reads the keys of a Hugging Face `config.json`, old (`rope_theta`, `rope_scaling`) and new (`rope_parameters`).
  ///
  /// - Parameter tiedByDefault: what a missing `tie_word_embeddings` means.
  public init(_ json: JSONNode, tiedByDefault: Bool = false) throws(ModelError) {
    let reader = ConfigurationReader(json: json)
    try reader.refuseWhatIsNotSupported()
    architecture = try reader.architecture()
    vocabularySize = try reader.integer("vocab_size")
    width = try reader.integer("hidden_size")
    layers = try reader.integer("num_hidden_layers")
    queryHeads = try reader.integer("num_attention_heads")
    keyValueHeads = try reader.integer("num_key_value_heads", default: queryHeads)
    if queryHeads < 1 { throw .configuration("num_attention_heads is \(queryHeads)") }
    headWidth = try reader.integer(
      "head_dim", default: architecture == .qwen3 ? 128 : width / queryHeads)
    hiddenWidth = try reader.integer("intermediate_size")
    normEpsilon = Float(try reader.number("rms_norm_eps", default: 1e-6))
    maximumPositions = try reader.integer("max_position_embeddings", default: 32768)
    tiedEmbeddings = try reader.boolean("tie_word_embeddings", default: tiedByDefault)
    attentionBias = try reader.boolean("attention_bias", default: architecture == .qwen2)
    if architecture == .qwen2 { attentionBias = true }
    initializerRange = try reader.number("initializer_range", default: 0.02)
    (ropeTheta, ropeScaling) = try reader.rope()
    bosID = try reader.tokenIDs("bos_token_id").first
    eosIDs = try reader.tokenIDs("eos_token_id")
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
      ]
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
    let (kind, values): (String, [(String, Double)]) =
      switch ropeScaling {
      case .none: ("default", [])
      case .linear(let factor): ("linear", [("factor", factor)])
      case .llama3(let factor, let low, let high, let original):
        (
          "llama3",
          [
            ("factor", factor), ("low_freq_factor", low), ("high_freq_factor", high),
            ("original_max_position_embeddings", original),
          ]
        )
      }
    writer.key("rope_type")
    writer.write(kind)
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

/// Typed reads of a configuration, with errors that name the key.
private struct ConfigurationReader {
  let json: JSONNode

  func architecture() throws(ModelError) -> ModelConfiguration.Architecture {
    let name = json["model_type"]?.string
    switch name ?? json["architectures"]?[0]?.string ?? "" {
    case "llama", "LlamaForCausalLM": return .llama
    case "qwen2", "Qwen2ForCausalLM": return .qwen2
    case "qwen3", "Qwen3ForCausalLM": return .qwen3
    case let other:
      throw .configuration("model_type is \"\(other)\", expected llama, qwen2 or qwen3")
    }
  }

  func refuseWhatIsNotSupported() throws(ModelError) {
    if json.kind != .object { throw .configuration("expected a JSON object") }
    if let act = json["hidden_act"]?.string, act != "silu" {
      throw .configuration("hidden_act is \"\(act)\", expected silu")
    }
    if json["mlp_bias"]?.bool == true { throw .configuration("mlp_bias is not supported") }
    if json["use_sliding_window"]?.bool == true {
      throw .configuration("use_sliding_window is not supported")
    }
    for node in [json, json["rope_parameters"], json["rope_scaling"]] {
      if let part = node?["partial_rotary_factor"]?.double, part != 1 {
        throw .configuration("partial_rotary_factor is \(part), expected 1")
      }
    }
    if json["attention_bias"]?.bool == true, try architecture() != .qwen2 {
      throw .configuration("attention_bias with an output bias is not supported")
    }
  }

  func integer(_ key: String, default fallback: Int? = nil) throws(ModelError) -> Int {
    guard let node = json[key] else {
      if let fallback { return fallback }
      throw .configuration("\(key) is missing")
    }
    guard let value = node.int else { throw .configuration("\(key) is not an integer") }
    return value
  }

  func number(_ key: String, default fallback: Double) throws(ModelError) -> Double {
    try Self.number(json, key) ?? fallback
  }

  func boolean(_ key: String, default fallback: Bool) throws(ModelError) -> Bool {
    guard let node = json[key] else { return fallback }
    guard let value = node.bool else { throw .configuration("\(key) is not true or false") }
    return value
  }

  func tokenIDs(_ key: String) throws(ModelError) -> [Int32] {
    guard let node = json[key] else { return [] }
    let nodes = node.kind == .array ? node.elements : [node]
    var ids: [Int32] = []
    for node in nodes {
      guard let value = node.int, let id = Int32(exactly: value) else {
        throw .configuration("\(key) is not a token id or a list of them")
      }
      ids.append(id)
    }
    return ids
  }

  func rope() throws(ModelError) -> (Double, ModelConfiguration.RopeScaling) {
    let scaling = json["rope_parameters"] ?? json["rope_scaling"]
    var theta = try number("rope_theta", default: 10000)
    guard let scaling else { return (theta, .none) }
    if let nested = try Self.number(scaling, "rope_theta") { theta = nested }
    switch scaling["rope_type"]?.string ?? scaling["type"]?.string ?? "default" {
    case "default": return (theta, .none)
    case "linear": return (theta, .linear(factor: try positive(scaling, "factor")))
    case "llama3":
      let low = try positive(scaling, "low_freq_factor")
      let high = try positive(scaling, "high_freq_factor")
      if low >= high { throw .configuration("low_freq_factor is not below high_freq_factor") }
      return (
        theta,
        .llama3(
          factor: try positive(scaling, "factor"), low: low, high: high,
          originalPositions: try positive(scaling, "original_max_position_embeddings"))
      )
    case let other: throw .configuration("rope_type \"\(other)\" is not supported")
    }
  }

  private func positive(_ node: JSONNode, _ key: String) throws(ModelError) -> Double {
    guard let value = try Self.number(node, key), value > 0, value.isFinite else {
      throw .configuration("rope scaling: \(key) is missing or not positive")
    }
    return value
  }

  private static func number(_ node: JSONNode, _ key: String) throws(ModelError) -> Double? {
    guard let value = node[key] else { return nil }
    guard let number = value.double else { throw .configuration("\(key) is not a number") }
    return number
  }
}
