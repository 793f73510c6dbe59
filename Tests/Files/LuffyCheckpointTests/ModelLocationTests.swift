import Foundation
import LuffyCheckpoint
import LuffyJSON
import Testing

/// What a path names: models in several forms, and things that people take for models.
@Suite struct ModelLocationTests {
  private let settings = Array("{\"model_type\":\"llama\"}".utf8)
  private let weights = SafetensorsHostileTests.file("{\(SafetensorsHostileTests.tensor())}")

  /// The refusal of a directory with these files, or of one of them.
  private func refusal(
    _ files: [String: [UInt8]], of name: String = ""
  ) throws -> CheckpointError? {
    let directory = try TemporaryDirectory()
    for (name, bytes) in files { _ = try directory.file(name, bytes) }
    return #expect(throws: CheckpointError.self) {
      try ModelCheckpoint.open(path: directory.path + (name.isEmpty ? "" : "/\(name)"))
    }
  }

  @Test func otherFilesSayWhatTheyAre() throws {
    let pointer = Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n".utf8)
    let page = Array("\u{FEFF}\n<!doctype HTML><html></html>".utf8)
    let zip: [UInt8] = [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 60)
    let cases:
      [(files: [String: [UInt8]], path: String, kind: CheckpointError.Kind, words: String)] = [
        (["config.json": settings, "model.safetensors": pointer], "", .corrupt, "git-lfs"),
        (["config.json": settings, "model.safetensors": page], "", .corrupt, "HTML"),
        (["config.json": page], "", .corrupt, "HTML"),
        (
          ["config.json": settings, "model.safetensors.index.json": pointer], "", .corrupt,
          "git-lfs"
        ),
        (["m.gguf": pointer], "m.gguf", .corrupt, "git-lfs"),
        (["m.gguf": zip], "", .unsupported, "PyTorch"),
        (["m.safetensors": weights], "m.safetensors", .unsupported, "directory"),
        (["renamed": weights], "renamed", .unsupported, "directory"),
        (["config.json": settings], "config.json", .unsupported, "directory"),
        (
          ["config.json": settings, "pytorch_model.bin": zip], "", .unsupported, "pytorch_model.bin"
        ),
        (["adapter_config.json": settings], "", .unsupported, "PEFT"),
        (
          ["config.json": settings, "model.safetensors": weights, "adapter_config.json": settings],
          "", .unsupported, "PEFT"
        ),
        (["params.json": settings], "", .unsupported, "params.json"),
        ([:], "", .missing, "empty"),
        (["README.md": settings], "", .missing, "README.md"),
        (["model.safetensors": weights], "", .missing, "config.json"),
        (["config.json": settings, "a.safetensors": weights], "", .missing, "index"),
        (
          ["a.gguf": GGUFBuilder.tiny(architecture: "llama").bytes, "b.gguf": []], "", .unsupported,
          "a.gguf, b.gguf"
        ),
      ]
    for (files, path, kind, words) in cases {
      let error = try refusal(files, of: path)
      #expect(error?.kind == kind, "\(words): \(String(describing: error))")
      #expect(error?.description.contains(words) == true, "\(words): \(String(describing: error))")
    }
  }

  @Test func aConfigurationAloneIsDescribed() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("config.json", settings)
    for path in [path, directory.path] {
      let description = try ModelDescription.open(path: path)
      #expect(description.configuration.root["model_type"]?.string == "llama")
    }
  }

  /// Parts of a split model by any of their paths; a part more or less is refused.
  @Test func splitModels() throws {
    let directory = try TemporaryDirectory()
    let whole = GGUFBuilder.tiny(architecture: "qwen3", untied: true)
    for part in 0..<3 {
      var builder = whole
      let tensors = whole.tensors.enumerated().filter { $0.offset % 3 == part }.map(\.element)
      builder.tensors = tensors
      if part > 0 { builder.keys = [] }
      builder.keys += [
        ("split.no", .u32(UInt32(part))), ("split.count", .u32(3)),
        ("split.tensors.count", .i32(Int32(whole.tensors.count))),
      ]
      _ = try directory.file("m-0000\(part + 1)-of-00003.gguf", builder.bytes)
    }
    let paths = (1...3).map { "\(directory.path)/m-0000\($0)-of-00003.gguf" }
    for path in paths + [directory.path] {
      let checkpoint = try ModelCheckpoint.open(path: path)
      #expect(checkpoint.tensors.count == whole.tensors.count)
      #expect(checkpoint.contains("lm_head.weight"))
      #expect(checkpoint.tokenizer?.tokens.count == 7)
    }
    try FileManager.default.moveItem(atPath: paths[1], toPath: paths[1] + ".part")
    let missing = #expect(throws: CheckpointError.self) { try ModelCheckpoint.open(path: paths[0]) }
    #expect(missing?.kind == .missing && missing?.file == paths[1])
    try FileManager.default.copyItem(atPath: paths[2], toPath: paths[1])
    let mixed = #expect(throws: CheckpointError.self) { try ModelCheckpoint.open(path: paths[0]) }
    #expect(mixed?.kind == .corrupt && mixed?.file == paths[1])
  }

  /// Exactly a model's tensors, in types that are read, before anything is read.
  @Test func contentsAreCheckedFirst() throws {
    let directory = try TemporaryDirectory()
    _ = try directory.file("config.json", settings)
    let other = SafetensorsHostileTests.tensor(
      "f8", dtype: "F8_E4M3", shape: "[8]", offsets: "[16,24]")
    let header = "{\(SafetensorsHostileTests.tensor()),\(other)}"
    _ = try directory.file("model.safetensors", SafetensorsHostileTests.file(header, data: 24))
    let checkpoint = try ModelCheckpoint.open(path: directory.path)
    func refusal(_ expected: [(String, [Int])], _ allowed: Set<String> = []) -> CheckpointError? {
      #expect(throws: CheckpointError.self) {
        try checkpoint.requireExactly(expected.map { (name: $0.0, shape: $0.1) }, allowing: allowed)
      }
    }
    try checkpoint.requireExactly([(name: "x", shape: [2, 2])], allowing: ["f8"])
    #expect(refusal([("x", [2, 2])])?.kind == .unsupported)
    #expect(refusal([("x", [1 << 30, 1 << 30])], ["f8"])?.kind == .shape)
    #expect(refusal([("y", [2])], ["f8"])?.kind == .missing)
    let type = refusal([("x", [2, 2]), ("f8", [8])])
    #expect(type?.kind == .unsupported && type?.message.contains("F8_E4M3") == true)
  }
}
