import Foundation
import LuffyTokenizer
import Testing

@Suite struct SideFileTests {
  /// A directory with a tokenizer of two end tokens, and these files beside it.
  private func load(_ files: [String: String]) throws -> Tokenizer {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("luffy-tokenizer-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let tiny = TinyFile(
      addedTokens: "[\(TinyFile.added(260, "<|im_end|>")),\(TinyFile.added(261, "<stop>"))]")
    var files = files
    files["tokenizer.json"] = tiny.text
    for (name, text) in files {
      try Data(text.utf8).write(to: directory.appendingPathComponent(name))
    }
    return try Tokenizer.load(path: directory.path + "/")
  }

  @Test func endTokenComesFromTheFirstFileThatNamesOne() throws {
    #expect(try load([:]).eosID == 260)
    #expect(try load(["generation_config.json": #"{"eos_token_id":[261,260]}"#]).eosID == 261)
    #expect(
      try load(["special_tokens_map.json": #"{"eos_token":{"content":"<stop>"}}"#]).eosID == 261)
    let both = try load([
      "tokenizer_config.json": #"{"eos_token":"<stop>","bos_token":null}"#,
      "generation_config.json": #"{"eos_token_id":260,"bos_token_id":0}"#,
    ])
    #expect(both.eosID == 261)
    #expect(both.bosID == 0)
  }

  @Test func sideFilesThatLieAreNamed() {
    for (name, text) in [
      ("tokenizer_config.json", #"{"eos_token":"<nowhere>"}"#), ("generation_config.json", "{"),
      ("generation_config.json", #"{"eos_token_id":9999}"#), ("special_tokens_map.json", "[]"),
      ("generation_config.json", #"{"eos_token_id":"x"}"#),
    ] {
      do {
        _ = try load([name: text])
        Issue.record("\(name): \(text)")
      } catch {
        #expect("\(error)".contains(name))
      }
    }
  }

  @Test func missingFilesAreNamed() {
    do throws(TokenizerError) {
      _ = try Tokenizer.load(path: "/nonexistent/place")
      Issue.record("loaded")
    } catch {
      #expect(error.description.contains("/nonexistent/place"))
    }
    #expect(throws: TokenizerError.self) { try Tokenizer.load(path: "/dev/null") }
    #expect(throws: TokenizerError.self) { try Tokenizer.load(path: "") }
  }
}
