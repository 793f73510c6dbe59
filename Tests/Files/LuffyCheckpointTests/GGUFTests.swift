import Foundation
import LuffyCheckpoint
import LuffyJSON
import Testing

/// A GGUF file seen as a Hugging Face checkpoint.
@Suite struct GGUFTests {
  private func open(_ builder: GGUFBuilder) throws -> ModelCheckpoint {
    let directory = try TemporaryDirectory()
    return try ModelCheckpoint.open(path: try directory.file("m.gguf", builder.bytes))
  }

  @Test(arguments: [2, 3] as [UInt32]) func llama(version: UInt32) throws {
    var builder = GGUFBuilder.tiny(architecture: "llama")
    builder.version = version
    let checkpoint = try open(builder)
    let root = checkpoint.configuration.root
    #expect(root["model_type"]?.string == "llama")
    #expect(root["vocab_size"]?.int == 7)
    #expect(root["hidden_size"]?.int == 8)
    #expect(root["intermediate_size"]?.int == 12)
    #expect(root["num_key_value_heads"]?.int == 1)
    #expect(root["head_dim"]?.int == 4)
    #expect(root["rms_norm_eps"]?.double == 1e-6)
    #expect(root["rope_theta"]?.double == 500_000)
    #expect(root["max_position_embeddings"]?.int == 128)
    #expect(root["tie_word_embeddings"]?.bool == true)
    #expect(root["rope_scaling"] == nil)
    let ends = checkpoint.generationConfiguration?.root["eos_token_id"]?.elements.compactMap(\.int)
    #expect(ends == [5, 6])
    // Stored rows of a head of 4: 0 2 1 3 of the Hugging Face order.
    let q = try checkpoint.values("model.layers.0.self_attn.q_proj.weight", [8, 8])
    let start = try #require(builder.tensors.firstIndex { $0.name == "blk.0.attn_q.weight" }) * 1000
    let rows = stride(from: 0, to: 64, by: 8).map { (Int(q[$0]) - start) / 8 }
    #expect(rows == [0, 2, 1, 3, 4, 6, 5, 7])
    var part = [Float](repeating: 0, count: 24)
    try part.withUnsafeMutableBufferPointer {
      try checkpoint.read(
        "model.layers.0.self_attn.q_proj.weight", expectedShape: [8, 8], rows: 5..<8, into: $0)
    }
    #expect(part == Array(q[40...]))
  }

  @Test(arguments: ["qwen2", "qwen3"]) func qwenRowsStayAsTheyAre(architecture: String) throws {
    let builder = GGUFBuilder.tiny(architecture: architecture, untied: true)
    let checkpoint = try open(builder)
    let root = checkpoint.configuration.root
    #expect(root["model_type"]?.string == architecture)
    #expect(root["tie_word_embeddings"]?.bool == false)
    #expect(checkpoint.contains("lm_head.weight"))
    #expect(
      checkpoint.contains("model.layers.0.self_attn.q_proj.bias") == (architecture == "qwen2"))
    #expect(
      checkpoint.contains("model.layers.0.self_attn.k_norm.weight") == (architecture == "qwen3"))
    let q = try checkpoint.values("model.layers.0.self_attn.q_proj.weight", [8, 8])
    #expect(zip(q, q.dropFirst()).allSatisfy { $1 == $0 + 1 })
    let down = try checkpoint.values("model.layers.0.mlp.down_proj.weight", [8, 12])
    #expect(down.count == 96)
  }

  /// A tied matrix written twice in two quantised types is one matrix again, the finer one.
  @Test(arguments: [true, false]) func aHeadThatIsTheEmbeddingIsTied(isCopy: Bool) throws {
    var builder = GGUFBuilder.tiny(architecture: "qwen2", untied: true)
    let values = (0..<7 * 32).map { $0 * 5 % 15 - 7 }
    let others = isCopy ? values : values.map { ($0 * $0 * 3 + 4) % 15 - 7 }
    let one: [UInt8] = [0x00, 0x3C]  // the scale, as float16
    for row in 0..<7 {
      let nibbles = values[row * 32..<row * 32 + 32].map { UInt8($0 + 8) }
      let bytes = others[row * 32..<row * 32 + 32].map { UInt8(bitPattern: Int8($0)) }
      if row == 0 { (builder.tensors[0].data, builder.tensors[1].data) = ([], []) }
      builder.tensors[0].data += one + (0..<16).map { nibbles[$0] | nibbles[$0 + 16] << 4 }
      builder.tensors[1].data += one + bytes
    }
    for (index, type) in [(0, 2), (1, 8)] as [(Int, UInt32)] {  // q4_0, q8_0
      builder.tensors[index].dimensions = [32, 7]
      builder.tensors[index].type = type
    }
    let checkpoint = try open(builder)
    #expect(checkpoint.configuration.root["tie_word_embeddings"]?.bool == isCopy)
    #expect(checkpoint.contains("lm_head.weight") != isCopy)
    let embedding = try #require(
      checkpoint.tensors.first { $0.name == "model.embed_tokens.weight" })
    #expect(embedding.storedType == (isCopy ? .q8_0 : .q4_0))
    #expect(try checkpoint.values(embedding.name, [7, 32]) == values.map(Float.init))
  }

  /// A head a little away from the embedding is a weight of its own, in every pair of types.
  @Test func aHeadNearTheEmbeddingIsItsOwn() throws {
    var builder = GGUFBuilder.tiny(architecture: "qwen2", untied: true)
    let one: [UInt8] = [0x00, 0x3C]  // the scale, as float16
    let codes = (0..<7 * 32).map { UInt8(bitPattern: Int8($0 % 255 - 127)) }
    var rows = stride(from: 0, to: codes.count, by: 32).map { one + codes[$0..<$0 + 32] }
    for index in 0..<2 {
      builder.tensors[index].dimensions = [32, 7]
      builder.tensors[index].type = 8  // Q8_0
      builder.tensors[index].data = rows.flatMap { $0 }
      if index == 0 { rows[6][2] &+= 1 }  // one number of one row
    }
    #expect(try open(builder).contains("lm_head.weight"))
    builder.tensors[1].data = builder.tensors[0].data
    #expect(try !open(builder).contains("lm_head.weight"))
  }

  /// Each super-block type as a copy of itself in float32, and beside a matrix whose numbers are two steps away.
  @Test(arguments: [(.q4_K, 12), (.q5_K, 13), (.q6_K, 14)] as [(StoredType, UInt32)])
  func superBlocksAreComparedByTheirSteps(type: StoredType, code: UInt32) throws {
    var block = [UInt8](repeating: 0, count: type.block.bytes)
    for index in block.indices { block[index] = UInt8(truncatingIfNeeded: index * 37 + 11) }
    for offset in code == 14 ? [208] : [0, 2] { (block[offset], block[offset + 1]) = (0x00, 0x2C) }
    var values = [Float](repeating: 0, count: 256)
    block.withUnsafeBytes { source in
      values.withUnsafeMutableBufferPointer {
        type.decode(source.baseAddress!, count: 256, into: $0.baseAddress!)
      }
    }
    for (change, isCopy) in [(Float(0), true), (0.51, false)] {
      var builder = GGUFBuilder.tiny(architecture: "qwen2", untied: true)
      let grown = zip(values, values.dropFirst() + [0]).map { $0 + change * abs($0 - $1) + change }
      for (index, data) in [block, floatBytes(grown)].enumerated() {
        builder.tensors[index].dimensions = [256, 1]
        builder.tensors[index].type = index == 0 ? code : 0
        builder.tensors[index].data = data
      }
      #expect(try open(builder).contains("lm_head.weight") != isCopy)
    }
  }

  /// Every tensor must have its place, in layers beyond the first too.
  @Test(arguments: [
    "blk.0.ffn_gate_exps.weight", "blk.01.attn_q.weight", "blk.-1.attn_q.weight",
    "blk.0.attn_output.bias",
  ])
  func tensorsWithoutAPlaceAreNamed(name: String) throws {
    var builder = GGUFBuilder.tiny(architecture: "llama")
    builder.tensors.append(
      .init(name: name, dimensions: [8], type: 0, data: floatBytes([Float](repeating: 0, count: 8)))
    )
    let checkpoint = try open(builder)
    let expected = checkpoint.tensors.dropLast().map { (name: $0.name, shape: $0.shape) }
    let error = #expect(throws: CheckpointError.self) { try checkpoint.requireExactly(expected) }
    #expect(error?.kind == .unsupported)
    #expect(error?.message.contains(name) == true, "\(String(describing: error))")
    #expect(throws: Never.self) { try open(.tiny(architecture: "llama")).requireExactly(expected) }
  }

  /// Several threads read one checkpoint at once.
  @Test func readsFromManyThreads() throws {
    let checkpoint = try open(.tiny(architecture: "qwen3"))
    let expected = try checkpoint.tensors.map { try checkpoint.values($0.name, $0.shape) }
    let failures = FailureCounter()
    DispatchQueue.concurrentPerform(iterations: 400) { round in
      let index = round % expected.count
      let tensor = checkpoint.tensors[index]
      if (try? checkpoint.values(tensor.name, tensor.shape)) != expected[index] { failures.add() }
    }
    #expect(failures.value == 0)
  }

  @Test func tokenizerMetadata() throws {
    let tokenizer = try #require(try open(.tiny(architecture: "qwen3")).tokenizer)
    #expect(tokenizer.tokens == ["a", "b", "c", "ab", "<s>", "</s>", "<eot>"])
    #expect(tokenizer.tokenTypes == [1, 1, 1, 1, 3, 3, 3])
    #expect(tokenizer.merges == ["a b"])
    #expect(tokenizer.bosID == 4)
    #expect(tokenizer.eotID == 6)
    #expect(tokenizer.addBOS == true)
    #expect(tokenizer.preTokenizer == nil)
  }

  /// The factors of Llama 3.1 (8; heads of 128) and 3.2 (32; heads of 64), and of another model.
  @Test(arguments: [
    (8.0, 4.0, 8192.0, 128), (32.0, 4.0, 8192.0, 64), (16.0, 8.0, 4096.0, 128),
  ]) func llama3RopeFactorsBecomeConfiguration(
    factor: Double, high: Double, original: Double, width: Int
  ) throws {
    var builder = GGUFBuilder.tiny(architecture: "llama")
    builder.keys.append(("llama.attention.key_length", .u32(UInt32(width))))
    let factors = (0..<width / 2).map { index -> Float in
      let wave = 2 * Double.pi * pow(500_000, Double(2 * index) / Double(width))
      if wave < original / high { return 1 }
      if wave > original { return Float(factor) }
      let smooth = (original / wave - 1) / (high - 1)
      return Float(1 / ((1 - smooth) / factor + smooth))
    }
    builder.tensors.append(
      .init(
        name: "rope_freqs.weight", dimensions: [UInt64(width / 2)], type: 0,
        data: floatBytes(factors)))
    let scaling = try #require(try open(builder).configuration.root["rope_scaling"])
    #expect(scaling["rope_type"]?.string == "llama3")
    #expect(scaling["factor"]?.double == factor)
    #expect(scaling["low_freq_factor"]?.double == 1)
    #expect(abs((scaling["high_freq_factor"]?.double ?? 0) - high) < 1e-3)
    #expect(scaling["original_max_position_embeddings"]?.int == Int(original))
  }

  @Test func otherRopeFactorsAreRefused() throws {
    var builder = GGUFBuilder.tiny(architecture: "llama")
    builder.tensors.append(
      .init(name: "rope_freqs.weight", dimensions: [2], type: 0, data: floatBytes([3, 2])))
    let error = #expect(throws: CheckpointError.self) { try open(builder) }
    #expect(error?.kind == .unsupported)
    #expect(error?.tensor == "rope_freqs.weight")
  }
}

/// Counts across threads.
private final class FailureCounter: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0
  func add() { lock.withLock { count += 1 } }
  var value: Int { lock.withLock { count } }
}
