import Foundation
import LuffyCheckpoint
import LuffyJSON
import LuffyTestSupport
import Testing

@Suite struct ModelDirectoryWriterTests {
  /// Saves a copy of a checkpoint.
  static func save(
    _ checkpoint: ModelCheckpoint, to directory: String, as type: StoredType,
    shardLimit: Int = 4 << 30
  ) throws {
    let writer = ModelDirectoryWriter(
      directory: directory, configuration: checkpoint.configuration,
      generationConfiguration: checkpoint.generationConfiguration,
      tensors: checkpoint.tensors.map {
        TensorDescription(name: $0.name, shape: $0.shape, storedType: type)
      }, shardLimit: shardLimit)
    let shapes = Dictionary(uniqueKeysWithValues: checkpoint.tensors.map { ($0.name, $0.shape) })
    try writer.save { name, write in
      let values = try checkpoint.values(name, try #require(shapes[name]))
      try values.withUnsafeBufferPointer {
        // In two pieces, as a caller with a small buffer would.
        let half = $0.count / 3
        try write(UnsafeBufferPointer(rebasing: $0[..<half]))
        try write(UnsafeBufferPointer(rebasing: $0[half...]))
      }
    }
  }

  @Test(
    .enabled(if: ReferenceData.isPresent),
    arguments: ["llama-untied", "qwen2-tied", "qwen3"], [1 << 40, 20_000, 1])
  func roundTripIsExact(name: String, shardLimit: Int) throws {
    let source = try ModelCheckpoint.open(path: ReferenceData.path("model/\(name)"))
    let directory = try TemporaryDirectory()
    // First another sharding, whose files must go.
    try Self.save(source, to: directory.path, as: .bf16, shardLimit: 50_000)
    _ = try directory.file("tokenizer.json", [])
    try Self.save(source, to: directory.path, as: .f32, shardLimit: shardLimit)
    let copy = try ModelCheckpoint.open(path: directory.path)
    #expect(
      Set(copy.tensors.map(\.name)) == Set(source.tensors.map(\.name)))
    for tensor in source.tensors {
      #expect(
        try copy.values(tensor.name, tensor.shape) == source.values(tensor.name, tensor.shape))
    }
    let names = try directory.names()
    #expect(names.contains("tokenizer.json"))
    #expect(!names.contains { $0.contains("incomplete") })
    #expect(names.contains("model.safetensors") == (shardLimit > 1_000_000))
    #expect(
      copy.configuration.root["num_hidden_layers"]?.int
        == source.configuration.root["num_hidden_layers"]?.int)
    #expect(copy.configuration.root["torch_dtype"]?.string == "float32")
  }

  @Test func writerKeepsTheOrderAndTheSizes() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/x.safetensors"
    func make() throws -> SafetensorsWriter {
      try SafetensorsWriter(
        path: path,
        tensors: [("none", [0, 2]), ("a", [2]), ("nothing", [0]), ("b", [])].map {
          TensorDescription(name: $0, shape: $1, storedType: .f32)
        })
    }
    func put(_ writer: SafetensorsWriter, _ name: String, _ values: [Float]) throws {
      try values.withUnsafeBufferPointer { try writer.write(name, $0) }
    }
    let writer = try make()
    #expect(throws: CheckpointError.self) { try put(writer, "b", [1]) }
    #expect(throws: CheckpointError.self) { try put(writer, "a", [1, 2, 3]) }
    try put(writer, "a", [1])
    #expect(throws: CheckpointError.self) { try writer.finish() }
    try put(writer, "a", [2])
    try put(writer, "nothing", [])
    try put(writer, "b", [3])
    #expect(throws: CheckpointError.self) { try put(writer, "b", [3]) }
    try writer.finish()
    let names = try SafetensorsFile(path: path).descriptions.map { $0.name }
    #expect(Set(names) == ["a", "b", "none", "nothing"])
    // One that is given up leaves the file and no trace.
    do { try put(try make(), "a", [7]) }
    #expect(try directory.names() == ["x.safetensors"])
    for tensor in [
      TensorDescription(name: "x", shape: [1], storedType: .f16),
      TensorDescription(name: "x", shape: [-1], storedType: .f32),
      TensorDescription(name: "x", shape: [1 << 40, 1 << 40], storedType: .bf16),
    ] {
      #expect(throws: CheckpointError.self) {
        try SafetensorsWriter(path: path, tensors: [tensor])
      }
    }
  }

  @Test func roundsToNearestEven() {
    #expect(roundToBFloat16(1) == 0x3f80)
    #expect(roundToBFloat16(Float(bitPattern: 0x3f80_8000)) == 0x3f80)
    #expect(roundToBFloat16(Float(bitPattern: 0x3f81_8000)) == 0x3f82)
    #expect(roundToBFloat16(Float(bitPattern: 0x3f80_8001)) == 0x3f81)
    #expect(roundToBFloat16(.infinity) == 0x7f80)
    #expect(roundToBFloat16(.greatestFiniteMagnitude) == 0x7f80)
    #expect(roundToBFloat16(Float(bitPattern: 0x7f80_0001)) == 0x7fc0)
    #expect(roundToBFloat16(Float(bitPattern: 0xffff_ffff)) == 0xffff)
    #expect(roundToBFloat16(-0.0) == 0x8000)
  }

  static let python = ProcessInfo.processInfo.environment["LUFFY_TRANSFORMERS_PYTHON"]

  /// transformers loads what was saved and finds the same weights. `LUFFY_TRANSFORMERS_PYTHON`
  /// names a Python that has torch and transformers.
  @Test(
    .enabled(if: ReferenceData.isPresent && python != nil),
    arguments: ["llama-untied", "qwen2-tied", "qwen3"], [1 << 40, 20_000])
  func transformersLoadsIt(name: String, shardLimit: Int) throws {
    let original = ReferenceData.path("model/\(name)")
    let source = try ModelCheckpoint.open(path: original)
    let directory = try TemporaryDirectory()
    try Self.save(source, to: directory.path + "/f32", as: .f32, shardLimit: shardLimit)
    try Self.save(source, to: directory.path + "/bf16", as: .bf16, shardLimit: shardLimit)
    let script = """
      import sys, torch
      from transformers import AutoModelForCausalLM
      a, b, c = (AutoModelForCausalLM.from_pretrained(p).eval() for p in sys.argv[1:])
      assert b.dtype == torch.float32 and c.dtype == torch.bfloat16, (b.dtype, c.dtype)
      a_weights, b_weights, c_weights = (m.state_dict() for m in (a, b, c))
      assert a_weights.keys() == b_weights.keys() == c_weights.keys()
      for name, x in a_weights.items():
          y, z = b_weights[name], c_weights[name]
          assert torch.equal(x, y), name
          assert torch.equal(x.to(torch.bfloat16), z), name
      ids = torch.arange(20)[None]
      assert torch.equal(a(ids).logits, b(ids).logits)
      assert a.config.to_diff_dict().keys() == b.config.to_diff_dict().keys()
      """
    try Self.run(script, [original, directory.path + "/f32", directory.path + "/bf16"])
  }

  /// A GGUF model saved as a directory: its configuration and names are transformers' own.
  @Test(.enabled(if: python != nil), arguments: ["llama", "qwen2", "qwen3"])
  func transformersLoadsWhatCameFromGGUF(architecture: String) throws {
    let directory = try TemporaryDirectory()
    let file = try directory.file(
      "m.gguf", GGUFBuilder.tiny(architecture: architecture, untied: true).bytes)
    let checkpoint = try ModelCheckpoint.open(path: file)
    try Self.save(checkpoint, to: directory.path + "/saved", as: .f32)
    let q = try checkpoint.values("model.layers.0.self_attn.q_proj.weight", [8, 8])
    let script = """
      import sys, torch
      from transformers import AutoModelForCausalLM
      m, info = AutoModelForCausalLM.from_pretrained(sys.argv[1], output_loading_info=True)
      assert not any(info.values()), info
      assert type(m).__name__.lower() == sys.argv[2] + "forcausallm"
      assert m.config.head_dim == 4 if sys.argv[2] != "qwen2" else True
      assert m.config.rope_parameters["rope_theta"] == 500000.0, m.config
      assert m.config.rms_norm_eps == 1e-6
      assert m.model.layers[0].self_attn.q_proj.weight.flatten().tolist() == eval(sys.argv[3])
      assert m.generation_config.eos_token_id == [5, 6]
      """
    try Self.run(script, [directory.path + "/saved", architecture, "\(q)"])
  }

  private static func run(_ script: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(python))
    process.arguments = ["-c", script] + arguments
    process.environment = ["HF_HUB_OFFLINE": "1", "PATH": "/usr/bin:/bin"]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
