import LuffyTokenizer
import Testing

@Suite struct SideFileTests {
  /// A directory with a tokenizer of two end tokens, and these files beside it.
  private func load(_ files: [String: String]) throws -> Tokenizer {
    let directory = try TokenizerDirectory()
    let tiny = TinyFile(
      addedTokens: "[\(TinyFile.added(260, "<|im_end|>")),\(TinyFile.added(261, "<stop>"))]")
    var files = files
    files["tokenizer.json"] = tiny.text
    for (name, text) in files { try directory.write(name, text) }
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
    #expect(both.bosID == nil, "an explicit null is none")
    let late = try load(["generation_config.json": #"{"bos_token_id":0,"eos_token_id":null}"#])
    #expect(late.bosID == 0 && late.eosID == 260)
  }

  /// Qwen3's vocabulary has `<s>` as an ordinary piece.
  @Test func wellKnownNamesAreSearchedAmongAddedTokens() throws {
    var tiny = TinyFile(extraTokens: ["<s>", "</s>", "<bos>"])
    #expect(try tiny.load().bosID == nil)
    #expect(try tiny.load().eosID == nil)
    tiny.addedTokens = "[\(TinyFile.added(260, "<s>")),\(TinyFile.added(261, "</s>"))]"
    #expect(try tiny.load().bosID == 260)
    #expect(try tiny.load().eosID == 261)
  }

  @Test func aTokenThatTheVocabularyHasNoRoomForIsRefused() {
    // transformers would number it by the size of the vocabulary, 2, which is taken: a collision.
    let tiny = TinyFile(merges: [], vocabularyText: #"{"a":0,"b":2}"#)
    #expect(throws: TokenizerError.self) {
      let directory = try TokenizerDirectory()
      try directory.write("tokenizer.json", tiny.text)
      try directory.write("tokenizer_config.json", #"{"eos_token":"<eos>"}"#)
      return try Tokenizer.load(path: directory.path)
    }
  }

  @Test func aGGUFFileIsKnownByItsFirstBytes() throws {
    let directory = try TokenizerDirectory()
    try directory.write("tokenizer.json", "GGUF\u{3}")
    let refusal = #expect(throws: TokenizerError.self) {
      try Tokenizer.load(path: directory.path)
    }
    #expect(refusal?.description.contains("load(modelPath:)") == true)
  }

  @Test func anIdWithoutATokenIsReplacedAndCounted() throws {
    let tokenizer = try TinyFile().load()
    let decoded = try tokenizer.decodeChecked([0x61, 9999, 0x62, 5000])
    #expect(decoded.text == "a\u{FFFD}b\u{FFFD}" && decoded.unknownIDs == 2)
    #expect(try tokenizer.decode([9999], skipSpecialTokens: true) == "\u{FFFD}")
    #expect(try tokenizer.decodeChecked([0x61]).unknownIDs == 0)
    #expect(throws: TokenizerError.self) { try tokenizer.decode([-1]) }
  }

  @Test func sideFilesThatLieAreNamed() {
    for (name, text) in [
      ("tokenizer_config.json", #"{"eos_token":7}"#), ("generation_config.json", "{"),
      ("tokenizer_config.json", #"{"added_tokens_decoder":{"x":{"content":"<x>"}}}"#),
      ("added_tokens.json", #"{"<x>":"1"}"#),
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
