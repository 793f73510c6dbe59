/// Writes small GGUF files, right or wrong on purpose.
struct GGUFBuilder {
  enum Value {
    case u8(UInt8), u32(UInt32), i32(Int32), u64(UInt64), f32(Float), f64(Double), bool(Bool)
    case string(String)
    case strings([String])
    case ints([Int32])
    case raw(type: UInt32, [UInt8])
  }

  struct Tensor {
    var name: String
    /// Innermost first, as in the file.
    var dimensions: [UInt64]
    var type: UInt32
    var data: [UInt8]
    /// In place of the right one.
    var offset: UInt64?
  }

  var version: UInt32 = 3
  var keys: [(String, Value)] = []
  var tensors: [Tensor] = []
  /// In place of the true counts.
  var tensorCount: UInt64?
  var keyCount: UInt64?

  var bytes: [UInt8] {
    var out = Array("GGUF".utf8)
    out += little(version)
    out += little(tensorCount ?? UInt64(tensors.count))
    out += little(keyCount ?? UInt64(keys.count))
    for (key, value) in keys { out += string(key) + encode(value) }
    var offset: UInt64 = 0
    for tensor in tensors {
      out += string(tensor.name) + little(UInt32(tensor.dimensions.count))
      for dimension in tensor.dimensions { out += little(dimension) }
      out += little(tensor.type) + little(tensor.offset ?? offset)
      offset += (UInt64(tensor.data.count) + 31) / 32 * 32
    }
    if tensors.isEmpty { return out }
    pad(&out)
    for tensor in tensors {
      out += tensor.data
      pad(&out)
    }
    return out
  }

  private func pad(_ out: inout [UInt8]) {
    out += [UInt8](repeating: 0, count: (32 - out.count % 32) % 32)
  }

  private func encode(_ value: Value) -> [UInt8] {
    switch value {
    case .u8(let v): little(UInt32(0)) + [v]
    case .u32(let v): little(UInt32(4)) + little(v)
    case .i32(let v): little(UInt32(5)) + little(v)
    case .f32(let v): little(UInt32(6)) + little(v.bitPattern)
    case .bool(let v): little(UInt32(7)) + [v ? 1 : 0]
    case .string(let v): little(UInt32(8)) + string(v)
    case .u64(let v): little(UInt32(10)) + little(v)
    case .f64(let v): little(UInt32(12)) + little(v.bitPattern)
    case .strings(let v):
      little(UInt32(9)) + little(UInt32(8)) + little(UInt64(v.count)) + v.flatMap(string)
    case .ints(let v):
      little(UInt32(9)) + little(UInt32(5)) + little(UInt64(v.count)) + v.flatMap { little($0) }
    case .raw(let type, let bytes): little(type) + bytes
    }
  }

  private func string(_ text: String) -> [UInt8] {
    little(UInt64(text.utf8.count)) + Array(text.utf8)
  }
}

/// The bytes of an integer, least significant first.
func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
  (0..<MemoryLayout<T>.size).map { UInt8(truncatingIfNeeded: value >> T(8 * $0)) }
}

func floatBytes(_ values: [Float]) -> [UInt8] { values.flatMap { little($0.bitPattern) } }

extension GGUFBuilder {
  /// One layer, width 8, two heads of 4, one key-value head, seven tokens; each tensor counts up
  /// from its own start.
  static func tiny(architecture: String, untied: Bool = false) -> GGUFBuilder {
    var file = GGUFBuilder()
    func key(_ name: String) -> String { "\(architecture).\(name)" }
    file.keys = [
      ("general.architecture", .string(architecture)), (key("block_count"), .u32(1)),
      (key("context_length"), .u64(128)), (key("embedding_length"), .u32(8)),
      (key("feed_forward_length"), .i32(12)), (key("attention.head_count"), .u32(2)),
      (key("attention.head_count_kv"), .u8(1)), (key("rope.freq_base"), .f64(500_000)),
      (key("attention.layer_norm_rms_epsilon"), .f32(1e-6)),
      ("tokenizer.ggml.model", .string("gpt2")),
      ("tokenizer.ggml.tokens", .strings(["a", "b", "c", "ab", "<s>", "</s>", "<eot>"])),
      ("tokenizer.ggml.token_type", .ints([1, 1, 1, 1, 3, 3, 3])),
      ("tokenizer.ggml.merges", .strings(["a b"])), ("tokenizer.ggml.bos_token_id", .u32(4)),
      ("tokenizer.ggml.eos_token_id", .u32(5)), ("tokenizer.ggml.eot_token_id", .u32(6)),
      ("tokenizer.ggml.add_bos_token", .bool(true)),
    ]
    file.add("token_embd.weight", [8, 7])
    if untied { file.add("output.weight", [8, 7]) }
    file.add("output_norm.weight", [8])
    for (name, dimensions) in [
      ("attn_norm", [8]), ("attn_q", [8, 8]), ("attn_k", [8, 4]), ("attn_v", [8, 4]),
      ("attn_output", [8, 8]), ("ffn_norm", [8]), ("ffn_gate", [8, 12]), ("ffn_up", [8, 12]),
      ("ffn_down", [12, 8]),
    ] as [(String, [UInt64])] { file.add("blk.0.\(name).weight", dimensions) }
    if architecture == "qwen2" {
      for (name, size) in [("attn_q", 8), ("attn_k", 4), ("attn_v", 4)] as [(String, UInt64)] {
        file.add("blk.0.\(name).bias", [size])
      }
    }
    if architecture == "qwen3" {
      file.add("blk.0.attn_q_norm.weight", [4])
      file.add("blk.0.attn_k_norm.weight", [4])
    }
    return file
  }

  private mutating func add(_ name: String, _ dimensions: [UInt64]) {
    let count = Int(dimensions.reduce(1, *))
    let start = tensors.count * 1000
    tensors.append(
      Tensor(
        name: name, dimensions: dimensions, type: 0,
        data: floatBytes((0..<count).map { Float(start + $0) })))
  }
}
