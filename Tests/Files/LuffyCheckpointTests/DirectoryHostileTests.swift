import Foundation
import LuffyCheckpoint
import LuffyJSON
import Testing

/// Hugging Face directories that are not what they seem.
@Suite struct DirectoryHostileTests {
  private func open(_ files: [String: [UInt8]]) throws -> ModelCheckpoint {
    let directory = try TemporaryDirectory()
    for (name, bytes) in files { _ = try directory.file(name, bytes) }
    return try ModelCheckpoint.open(path: directory.path)
  }

  private func refusal(_ files: [String: [UInt8]]) -> CheckpointError? {
    #expect(throws: CheckpointError.self) { try open(files) }
  }

  private let weights = SafetensorsHostileTests.file("{\(SafetensorsHostileTests.tensor())}")
  private let settings = Array("{\"model_type\":\"llama\"}".utf8)

  @Test func missingFiles() {
    #expect(refusal(["model.safetensors": weights])?.kind == .missing)
    #expect(refusal(["config.json": settings])?.kind == .missing)
    let error = #expect(throws: CheckpointError.self) {
      try ModelCheckpoint.open(path: "/nonexistent/model")
    }
    #expect(error?.kind == .missing)
  }

  @Test func hostileConfiguration() {
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    for text in [deep, Array("[]".utf8), [], [0xff], [UInt8](repeating: 0x20, count: 2 << 20)] {
      let error = refusal(["config.json": text, "model.safetensors": weights])
      #expect(error?.kind == .corrupt)
      #expect(error?.file.hasSuffix("config.json") == true)
    }
  }

  /// Nested deeply but well: opens, and saving it again is refused instead of recursing to the end
  /// of the stack.
  @Test func deepConfigurationIsNotCopied() throws {
    let text =
      "{\"a\":" + String(repeating: "[", count: 100_000)
      + String(repeating: "]", count: 100_000) + "}"
    let checkpoint = try open(["config.json": Array(text.utf8), "model.safetensors": weights])
    let directory = try TemporaryDirectory()
    let writer = ModelDirectoryWriter(
      directory: directory.path, configuration: checkpoint.configuration,
      generationConfiguration: nil, tensors: [])
    #expect(throws: CheckpointError.self) { try writer.save { _, _ in } }
  }

  private func sharded(_ index: String) -> [String: [UInt8]] {
    [
      "config.json": settings, "model.safetensors.index.json": Array(index.utf8),
      "a.safetensors": weights,
    ]
  }

  @Test func shards() throws {
    let good = """
      {"metadata":{"total_size":16,"x":[1,{"y":null}]},"weight_map":{"x":"a.safetensors"}}
      """
    #expect(try open(sharded(good)).values("x", [2, 2]).count == 4)
    let twice = "{\"weight_map\":{\"x\":\"b.safetensors\",\"x\":\"a.safetensors\"}}"
    #expect(try open(sharded(twice)).values("x", [2, 2]).count == 4)
    for (map, kind) in [
      ("{\"x\":\"../a.safetensors\"}", .corrupt), ("{\"x\":\"/etc/passwd\"}", .corrupt),
      ("{\"x\":\"..\"}", .corrupt), ("{\"x\":\"\"}", .corrupt),
      ("{\"x\":\"a\\u0000.safetensors\"}", .corrupt), ("{\"x\":\"b.safetensors\"}", .missing),
      ("{\"x\":\"a.safetensors\",\"y\":\"a.safetensors\"}", .missing), ("{\"x\":1}", .corrupt),
      ("{\"y\":\"a.safetensors\"}", .corrupt), ("[]", .corrupt),
    ] as [(String, CheckpointError.Kind)] {
      let error = refusal(sharded("{\"weight_map\":\(map)}"))
      #expect(error?.kind == kind, "\(map): \(String(describing: error))")
    }
    let deep = "{\"metadata\":" + String(repeating: "[", count: 1_000_000)
    for text in ["{}", "{\"metadata\":[}", deep] {
      #expect(refusal(sharded(text))?.kind == .corrupt)
    }
  }

  @Test func thingsThatAreNoFiles() throws {
    let directory = try TemporaryDirectory()
    let pipe = directory.path + "/model.gguf"
    #expect(mkfifo(pipe, 0o600) == 0)
    let error = #expect(throws: CheckpointError.self) { try ModelCheckpoint.open(path: pipe) }
    #expect(error?.kind == .unsupported)
    #expect(throws: CheckpointError.self) { try ModelCheckpoint.open(path: "/dev/zero") }
  }
}
