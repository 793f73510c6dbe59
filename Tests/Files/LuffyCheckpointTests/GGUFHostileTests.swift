import Foundation
import LuffyCheckpoint
import LuffyJSON
import Testing

/// GGUF files that lie. Each must give a typed error.
@Suite struct GGUFHostileTests {
  static func changed(_ change: (inout GGUFBuilder) -> Void) -> [UInt8] {
    var builder = GGUFBuilder.tiny(architecture: "llama")
    change(&builder)
    return builder.bytes
  }

  static func key(_ key: String, _ value: GGUFBuilder.Value) -> [UInt8] {
    changed { builder in
      builder.keys.removeAll { $0.0 == key }
      builder.keys.append((key, value))
    }
  }

  static func embedding(_ change: (inout GGUFBuilder.Tensor) -> Void) -> [UInt8] {
    changed { change(&$0.tensors[0]) }
  }

  static func array(type: UInt32, count: UInt64) -> GGUFBuilder.Value {
    .raw(type: 9, little(type) + little(count))
  }

  /// What is wrong, the file, and words of the message.
  static let liars: [(String, [UInt8], String)] = [
    ("empty", [], "ends in the middle"),
    ("magic", Array("GGML".utf8) + little(UInt64(3)), "nor a GGUF file"),
    ("version 1", changed { $0.version = 1 }, "version 1"),
    ("version 4", changed { $0.version = 4 }, "version 4"),
    ("big-endian", changed { $0.version = 3 << 24 }, "big-endian"),
    ("tensors 2^60", changed { $0.tensorCount = 1 << 60 }, "tensors"),
    ("keys 2^60", changed { $0.keyCount = 1 << 60 }, "metadata keys"),
    ("one tensor too many", changed { $0.tensorCount = UInt64($0.tensors.count + 1) }, ""),
    ("one key too many", changed { $0.keyCount = UInt64($0.keys.count + 1) }, ""),
    ("array of 2^60", key("x", array(type: 0, count: 1 << 60)), "array elements"),
    ("array of 2^61 u64", key("x", array(type: 10, count: 1 << 61)), "array elements"),
    ("array of 2^64 - 1 strings", key("x", array(type: 8, count: .max)), "array elements"),
    ("array of arrays", key("x", array(type: 9, count: 1)), "arrays of arrays"),
    ("array of unknown", key("x", array(type: 99, count: 1)), "unknown type"),
    ("unknown type", key("x", .raw(type: 13, [])), "unknown type"),
    (
      "string beyond the end", key("x", .raw(type: 8, little(UInt64(1) << 40))), "bytes of a string"
    ),
    ("string of 2^64 - 1", key("x", .raw(type: 8, little(UInt64.max))), "bytes of a string"),
    ("duplicate key", changed { $0.keys.append($0.keys[0]) }, "comes twice"),
    ("duplicate tensor", changed { $0.tensors.append($0.tensors[0]) }, "comes twice"),
    ("no dimensions", embedding { $0.dimensions = [] }, "0 dimensions"),
    ("five dimensions", embedding { $0.dimensions = [1, 1, 1, 1, 1] }, "5 dimensions"),
    ("zero dimension", embedding { $0.dimensions = [8, 0] }, "dimension of 0"),
    ("dimension of 2^64 - 1", embedding { $0.dimensions = [8, .max] }, "a dimension of"),
    ("overflow", embedding { $0.dimensions = [1 << 32, 1 << 32, 8] }, "too large"),
    ("too large for the file", embedding { $0.dimensions = [8, 1 << 40] }, "data bytes"),
    ("rows are no blocks", embedding { $0.type = 2 }, "whole blocks"),
    ("unknown element", embedding { $0.type = 77 }, "ggml type 77"),
    ("removed element", embedding { $0.type = 4 }, "ggml type 4"),
    ("odd offset", embedding { $0.offset = 4 }, "no multiple"),
    ("offset beyond the end", embedding { $0.offset = 1 << 40 }, "data bytes"),
    ("offset 2^64 - 32", embedding { $0.offset = 0 &- 32 }, "data bytes"),
    ("overlap", embedding { $0.offset = 256 }, "tensor before"),
    ("alignment 0", key("general.alignment", .u32(0)), "power of two"),
    ("alignment 24", key("general.alignment", .u32(24)), "power of two"),
    ("alignment 2^63", key("general.alignment", .u64(1 << 63)), "power of two"),
    ("alignment beyond", key("general.alignment", .u32(1 << 28)), ""),
    ("architecture", key("general.architecture", .string("gpt2")), "are read"),
    ("architecture that is a number", key("general.architecture", .u32(1)), "is absent"),
    ("heads 0", key("llama.attention.head_count", .u32(0)), "positive integer"),
    ("heads by layer", key("llama.attention.head_count", .ints([2])), "positive integer"),
    ("heads -1", key("llama.attention.head_count", .i32(-1)), "positive integer"),
    ("3 heads", key("llama.attention.head_count", .u32(3)), "heads"),
    ("2^32 heads", key("llama.attention.head_count", .u64(1 << 32)), "heads"),
    ("epsilon NaN", key("llama.attention.layer_norm_rms_epsilon", .f32(.nan)), "positive number"),
    ("theta infinite", key("llama.rope.freq_base", .f64(.infinity)), "positive number"),
    ("odd head", key("llama.attention.key_length", .u32(3)), "head_count"),
    ("value_length", key("llama.attention.value_length", .u32(6)), "value_length"),
    ("no embedding", changed { $0.tensors.remove(at: 0) }, "no embedding"),
    ("types", key("tokenizer.ggml.token_type", .ints([1])), "token types"),
    ("end id", key("tokenizer.ggml.eos_token_id", .u32(7)), "there are 7 tokens"),
    ("tokens that are numbers", key("tokenizer.ggml.tokens", .ints([1])), "tokenizer.ggml.tokens"),
  ]

  @Test(arguments: liars) func isRefused(name: String, bytes: [UInt8], words: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("model.gguf", bytes)
    let error = #expect(throws: CheckpointError.self) { try ModelCheckpoint.open(path: path) }
    #expect(error?.file == path)
    if !words.isEmpty {
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
  }

  @Test func theTensorAndTheByteAreNamed() throws {
    let directory = try TemporaryDirectory()
    let bytes = Self.changed { $0.tensors[3].offset = 1 << 40 }
    let path = try directory.file("model.gguf", bytes)
    let error = #expect(throws: CheckpointError.self) { try ModelCheckpoint.open(path: path) }
    #expect(error?.tensor == "blk.0.attn_q.weight")
    let byte = try #require(error?.byte)
    #expect(Array(bytes[byte + 8..<byte + 27]) == Array("blk.0.attn_q.weight".utf8))
  }

  /// A type that is known but not decoded opens as a file and is refused on reading.
  @Test func unreadableTypesAreRefusedOnReading() throws {
    let directory = try TemporaryDirectory()
    let bytes = Self.changed {
      $0.tensors[1].type = 28  // F64
      $0.tensors[1].data = [UInt8](repeating: 0, count: 64)
    }
    let checkpoint = try ModelCheckpoint.open(path: try directory.file("model.gguf", bytes))
    let error = #expect(throws: CheckpointError.self) {
      try checkpoint.values("model.norm.weight", [8])
    }
    #expect(error?.kind == .unsupported)
    #expect(error?.message.contains("F64") == true)
  }
}
