/// Where each parameter lies in the flat store, under its Hugging Face name.
package struct ParameterLayout: Sendable {
  package struct Entry: Sendable, Equatable {
    package let name: String
    /// Row-major: [out, in] for matrices.
    package let shape: [Int]
    /// In floats from the start of the store; a multiple of 16.
    package let offset: Int
    package let count: Int
    /// Matrices decay; norms and biases do not.
    package var isMatrix: Bool { shape.count == 2 }
  }

  /// Offsets of one layer.
  struct Layer {
    var inputNorm = 0, queryWeight = 0, keyWeight = 0, valueWeight = 0, outputWeight = 0
    var queryBias = 0, keyBias = 0, valueBias = 0
    var queryNorm = 0, keyNorm = 0
    var postNorm = 0, gateWeight = 0, upWeight = 0, downWeight = 0
  }

  package private(set) var entries: [Entry] = []
  private(set) var layers: [Layer] = []
  private(set) var embedding = 0
  private(set) var finalNorm = 0
  /// The embedding where it is tied.
  private(set) var head = 0
  /// Floats of the whole store, padding included.
  package private(set) var count = 0
  private var indices: [String: Int] = [:]

  /// Of no parameter yet.
  init() {}

  package init(_ c: ModelConfiguration) {
    embedding = add("model.embed_tokens.weight", [c.vocabularySize, c.width])
    for index in 0..<c.layers { layers.append(addLayer("model.layers.\(index).", c)) }
    finalNorm = add("model.norm.weight", [c.width])
    head = c.tiedEmbeddings ? embedding : add("lm_head.weight", [c.vocabularySize, c.width])
  }

  package subscript(name: String) -> Entry? { indices[name].map { entries[$0] } }

  private mutating func addLayer(_ prefix: String, _ c: ModelConfiguration) -> Layer {
    var layer = Layer()
    layer.inputNorm = add(prefix + "input_layernorm.weight", [c.width])
    let attention = prefix + "self_attn."
    layer.queryWeight = add(attention + "q_proj.weight", [c.queryWidth, c.width])
    layer.keyWeight = add(attention + "k_proj.weight", [c.keyValueWidth, c.width])
    layer.valueWeight = add(attention + "v_proj.weight", [c.keyValueWidth, c.width])
    if c.attentionBias {
      layer.queryBias = add(attention + "q_proj.bias", [c.queryWidth])
      layer.keyBias = add(attention + "k_proj.bias", [c.keyValueWidth])
      layer.valueBias = add(attention + "v_proj.bias", [c.keyValueWidth])
    }
    layer.outputWeight = add(attention + "o_proj.weight", [c.width, c.queryWidth])
    if c.normalizesQueryAndKey {
      layer.queryNorm = add(attention + "q_norm.weight", [c.headWidth])
      layer.keyNorm = add(attention + "k_norm.weight", [c.headWidth])
    }
    layer.postNorm = add(prefix + "post_attention_layernorm.weight", [c.width])
    layer.gateWeight = add(prefix + "mlp.gate_proj.weight", [c.hiddenWidth, c.width])
    layer.upWeight = add(prefix + "mlp.up_proj.weight", [c.hiddenWidth, c.width])
    layer.downWeight = add(prefix + "mlp.down_proj.weight", [c.width, c.hiddenWidth])
    return layer
  }

  mutating func add(_ name: String, _ shape: [Int]) -> Int {
    let size = shape.reduce(1, *)
    let entry = Entry(name: name, shape: shape, offset: count, count: size)
    indices[name] = entries.count
    entries.append(entry)
    count += (size + 15) / 16 * 16
    return entry.offset
  }
}
