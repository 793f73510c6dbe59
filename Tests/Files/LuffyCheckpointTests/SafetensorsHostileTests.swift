import Foundation
import LuffyCheckpoint
import LuffyJSON
import Testing

/// Safetensors files that lie. Each must give a typed error that names the place.
@Suite struct SafetensorsHostileTests {
  static func file(_ header: String, data: Int = 16, length: UInt64? = nil) -> [UInt8] {
    little(length ?? UInt64(header.utf8.count)) + Array(header.utf8)
      + [UInt8](repeating: 1, count: data)
  }

  static func tensor(
    _ name: String = "x", dtype: String = "F32", shape: String = "[2,2]", offsets: String = "[0,16]"
  ) -> String {
    "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
  }

  /// What is wrong, the file, and words of the message.
  static let liars: [(String, [UInt8], String)] = [
    ("empty", [], "ends before"),
    ("short", [1, 2, 3], "ends before"),
    ("header beyond the end", file("{}", length: 1000), "header of 1000 bytes"),
    ("header of 2^64 - 1", file("{}", length: .max), "at most 100000000"),
    ("header of 101 MB", file("{}", length: 101_000_000), "at most 100000000"),
    ("no header", file("", data: 0), "expected '{'"),
    ("not JSON", file("{x}"), "expected '\"'"),
    ("open string", file("{\"abc"), "without its end"),
    ("text after", file("{\(tensor())}x"), "expected the end"),
    ("array", file("[]"), "expected '{'"),
    ("deep", file("{\"x\":" + String(repeating: "[", count: 100_000)), "expected '{'"),
    ("deep shape", file("{\(tensor(shape: String(repeating: "[", count: 100_000)))}"), "integer"),
    ("duplicate tensor", file("{\(tensor()),\(tensor())}"), "comes twice"),
    (
      "duplicate by escape",
      file("{\(tensor()),\"\\u0078\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}"),
      "comes twice"
    ),
    (
      "duplicate key",
      file("{\"x\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}"),
      "comes twice"
    ),
    ("negative dimension", file("{\(tensor(shape: "[-2,2]"))}"), "not negative"),
    ("fraction", file("{\(tensor(shape: "[2.5,2]"))}"), "fraction"),
    ("exponent", file("{\(tensor(shape: "[4e0]"))}"), "fraction"),
    ("NaN", file("{\(tensor(shape: "[NaN,2]"))}"), "expected an integer"),
    ("text dimension", file("{\(tensor(shape: "[\"2\",2]"))}"), "expected an integer"),
    ("huge dimension", file("{\(tensor(shape: "[99999999999999999999]"))}"), "2^63"),
    ("product overflows", file("{\(tensor(shape: "[4294967296,4294967296,4]"))}"), "too large"),
    (
      "overflow hidden by zero", file("{\(tensor(shape: "[0,9223372036854775807,9]"))}"),
      "too large"
    ),
    ("shape too large", file("{\(tensor(shape: "[2,3]"))}"), "is 24 bytes"),
    ("zero dimension", file("{\(tensor(shape: "[0,2]"))}"), "is 0 bytes"),
    ("wrong type size", file("{\(tensor(dtype: "F64"))}"), "is 32 bytes"),
    ("unknown type", file("{\(tensor(dtype: "Q4_0"))}"), "unknown dtype"),
    ("end beyond data", file("{\(tensor(shape: "[4,2]", offsets: "[0,32]"))}"), "16 data bytes"),
    (
      "offsets of 2^62",
      file("{\(tensor(offsets: "[4611686018427387888,4611686018427387904]"))}"), "16 data bytes"
    ),
    ("reversed", file("{\(tensor(offsets: "[16,0]"))}"), "[begin, end]"),
    ("three offsets", file("{\(tensor(offsets: "[0,8,16]"))}"), "[begin, end]"),
    ("gap", file("{\(tensor(offsets: "[8,24]"))}", data: 24), "gap"),
    ("overlap", file("{\(tensor()),\(tensor("y", offsets: "[8,24]"))}", data: 24), "overlaps"),
    ("same bytes twice", file("{\(tensor()),\(tensor("y"))}"), "overlaps"),
    ("bytes left over", file("{\(tensor())}", data: 17), "belong to none"),
    ("missing key", file("{\"x\":{\"dtype\":\"F32\",\"shape\":[4]}}"), "must all be there"),
    ("extra key", file("{\"x\":{\"dtype\":\"F32\",\"size\":4}}"), "does not have"),
    ("control character", file("{\"a\nb\":{}}"), "control character"),
    ("half surrogate", file("{\"\\ud800\":{}}"), "surrogate"),
    ("bad escape", file("{\"\\x\":{}}"), "escape"),
    ("metadata that is no text", file("{\"__metadata__\":{\"format\":1}}"), "expected '\"'"),
  ]

  @Test(arguments: liars) func isRefused(name: String, bytes: [UInt8], words: String) throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("model.safetensors", bytes)
    let error = #expect(throws: CheckpointError.self) { try SafetensorsFile(path: path) }
    #expect(error?.kind == (name == "unknown type" ? .unsupported : .corrupt))
    #expect(error?.file == path)
    #expect(error?.byte != nil)
    #expect(error?.message.contains(words) == true, "\(String(describing: error))")
  }

  @Test func invalidUTF8IsRefused() throws {
    let directory = try TemporaryDirectory()
    let bytes = little(UInt64(9)) + [0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x7b, 0x7d, 0x7d]
    let path = try directory.file("a.safetensors", bytes)
    let error = #expect(throws: CheckpointError.self) { try SafetensorsFile(path: path) }
    #expect(error?.message.contains("UTF-8") == true)
  }

  @Test func theTensorAndTheByteAreNamed() throws {
    let directory = try TemporaryDirectory()
    let header =
      "{\(Self.tensor("first")),\(Self.tensor("second", shape: "[3]", offsets: "[16,32]"))}"
    let path = try directory.file("a.safetensors", Self.file(header, data: 32))
    let error = #expect(throws: CheckpointError.self) { try SafetensorsFile(path: path) }
    #expect(error?.tensor == "second")
    let byte = try #require(error?.byte)
    #expect(Array(header.utf8)[byte - 8] == UInt8(ascii: "{"))
  }

  /// Odd header lengths put the data at odd addresses; unreadable types open and are refused on
  /// reading.
  @Test func oddAlignmentAndOtherTypes() throws {
    let directory = try TemporaryDirectory()
    _ = try directory.file("config.json", Array("{}".utf8))
    var header =
      "{\(Self.tensor()),\(Self.tensor("i", dtype: "I64", shape: "[1]", offsets: "[16,24]"))}"
    if header.utf8.count % 4 == 0 { header += " " }
    var bytes = little(UInt64(header.utf8.count)) + Array(header.utf8)
    bytes += floatBytes([1, -2, 3.5, .infinity]) + little(Int64(7))
    _ = try directory.file("model.safetensors", bytes)
    let checkpoint = try ModelCheckpoint.open(path: directory.path)
    #expect(try checkpoint.values("x", [2, 2]) == [1, -2, 3.5, .infinity])
    let error = #expect(throws: CheckpointError.self) { try checkpoint.values("i", [1]) }
    #expect(error?.kind == .unsupported)
    let shape = #expect(throws: CheckpointError.self) { try checkpoint.values("x", [4]) }
    #expect(shape?.kind == .shape)
    let absent = #expect(throws: CheckpointError.self) { try checkpoint.values("z", [4]) }
    #expect(absent?.kind == .missing)
  }
}
