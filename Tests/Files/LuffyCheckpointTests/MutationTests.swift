import Foundation
import LuffyCheckpoint
import LuffyJSON
import Testing

/// Valid small files with flipped bits, overwritten words and every truncation: an error or a
/// success, never a trap.
@Suite struct MutationTests {
  /// Opens and reads everything that opens; true where all of it succeeded.
  private func survives(_ path: String) -> Bool {
    do throws(CheckpointError) {
      let checkpoint = try ModelCheckpoint.open(path: path)
      for tensor in checkpoint.tensors {
        let count = tensor.shape.reduce(1, *)
        #expect(count <= 1 << 16)  // no more elements than the file has bytes for
        let output = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
        defer { output.deallocate() }
        try checkpoint.read(tensor.name, expectedShape: tensor.shape, into: output)
      }
      return true
    } catch {
      #expect(!error.description.isEmpty)
      return false
    }
  }

  /// Calls `body` with each variant of `bytes`; flips stay within the first `header` bytes.
  private func variants(_ bytes: [UInt8], header: Int, _ body: ([UInt8]) throws -> Void) rethrows {
    for length in 0..<bytes.count { try body(Array(bytes[..<length])) }
    for place in 0..<header {
      for bit in 0..<8 {
        var variant = bytes
        variant[place] ^= 1 << bit
        try body(variant)
      }
    }
    let extremes: [UInt64] = [0, 1, .max, 1 << 63, 1 << 60, (1 << 63) - 1, (1 << 32) - 1, 1 << 31]
    for place in 0..<(header - 8) {
      for value in extremes {
        var variant = bytes
        variant.replaceSubrange(place..<place + 8, with: little(value))
        try body(variant)
      }
    }
  }

  @Test func gguf() throws {
    let directory = try TemporaryDirectory()
    let builder = GGUFBuilder.tiny(architecture: "llama", untied: true)
    let bytes = builder.bytes
    var bare = builder
    bare.tensors = []
    bare.tensorCount = UInt64(builder.tensors.count)
    #expect(survives(try directory.file("good.gguf", bytes)))
    var tried = 0
    var succeeded = 0
    let header = bare.bytes.count + builder.tensors.count * 60
    try variants(bytes, header: min(header, bytes.count)) { variant in
      tried += 1
      if survives(try directory.file("model.gguf", variant)) { succeeded += 1 }
    }
    #expect(tried > 10_000)
    #expect(succeeded > 0 && succeeded < tried)
  }

  @Test func safetensors() throws {
    let directory = try TemporaryDirectory()
    _ = try directory.file("config.json", Array("{\"model_type\":\"llama\"}".utf8))
    let path = directory.path + "/model.safetensors"
    let writer = try SafetensorsWriter(
      path: path,
      tensors: [
        TensorDescription(name: "model.embed_tokens.weight", shape: [3, 4], storedType: .f32),
        TensorDescription(name: "model.norm.weight", shape: [4], storedType: .bf16),
      ])
    let values = (0..<12).map { Float($0) }
    try values.withUnsafeBufferPointer {
      try writer.write("model.embed_tokens.weight", $0)
      try writer.write("model.norm.weight", UnsafeBufferPointer(rebasing: $0[..<4]))
    }
    try writer.finish()
    #expect(survives(directory.path))
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var succeeded = 0
    try variants(bytes, header: bytes.count - 56) { variant in
      _ = try directory.file("model.safetensors", variant)
      if survives(directory.path) { succeeded += 1 }
    }
    #expect(succeeded > 0)
  }

  @Test func stateArchive() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/state"
    let writer = try StateArchiveWriter(path: path)
    try writer.add("x", (0..<40).map { Double($0) })
    try writer.commit()
    for name in ["manifest.json", "manifest.xxh64", "arrays.bin"] {
      let good = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
      variants(good, header: good.count) { variant in
        guard variant != good else { return }
        _ = try? directory.file("state/\(name)", variant)
        #expect(throws: CheckpointError.self) { try StateArchive(path: path) }
      }
      _ = try directory.file("state/\(name)", good)
    }
    #expect(try StateArchive(path: path).doubles("x").last == 39)
  }
}
