import LuffyTokenizer
import Testing

@Suite struct GGUFTests {
  private static let bytes = (0..<256).map(TinyFile.spelling)

  private static func vocabulary(pre: String = "gpt-2") -> GGUFVocabulary {
    GGUFVocabulary(
      pre: pre, tokens: bytes + ["he", "<end>", "<user>", "[PAD0]"],
      tokenTypes: Array(repeating: 1, count: 257) + [3, 4, 5], merges: ["h e"], bosID: 257,
      eosID: 257, addBOS: true, addEOS: true)
  }

  @Test func controlTokensAreSpecialAndUserTokensAreNot() throws {
    let tokenizer = try Tokenizer(gguf: Self.vocabulary())
    #expect(try tokenizer.encode("he<end><user>[") == [256, 257, 258, 0x5B])
    #expect(try tokenizer.decode([256, 257, 258], skipSpecialTokens: true) == "he<user>")
    #expect(try tokenizer.encode("he", addSpecialTokens: true) == [257, 256, 257])
    #expect(tokenizer.vocabularySize == 259, "a padding row names no token")
    #expect(try tokenizer.decodeChecked([259]).unknownIDs == 1)
    #expect(tokenizer.bosID == 257)
  }

  @Test(arguments: [
    ("gpt-2", 1), ("smollm", 4), ("qwen2", 4), ("llama-bpe", 2),
  ])
  func preTokenizersCutDigits(pre: String, pieces: Int) throws {
    var vocabulary = Self.vocabulary(pre: pre)
    // Every run of digits that is one piece becomes one token.
    vocabulary.tokens += ["12", "34", "123", "1234"]
    vocabulary.tokenTypes += [1, 1, 1, 1]
    vocabulary.merges += ["1 2", "12 3", "3 4", "12 34", "123 4"]
    vocabulary.merges.removeAll { $0 == "12 34" && pre == "llama-bpe" }
    #expect(try Tokenizer(gguf: vocabulary).encode("1234").count == pieces)
  }

  @Test func qwen2Composes() throws {
    let tokenizer = try Tokenizer(gguf: Self.vocabulary(pre: "qwen2"))
    #expect(try tokenizer.encode("e\u{301}") == [0xC3, 0xA9])
  }

  @Test func metadataThatLies() {
    func refused(_ change: (inout GGUFVocabulary) -> Void) -> Bool {
      var vocabulary = Self.vocabulary()
      change(&vocabulary)
      do throws(TokenizerError) {
        _ = try Tokenizer(gguf: vocabulary)
        return false
      } catch {
        return error.description.contains("tokenizer.ggml")
      }
    }
    #expect(refused { $0.model = "llama" })
    #expect(refused { $0.pre = "mystery" })
    #expect(refused { $0.pre = "default" })
    #expect(refused { $0.pre = nil })
    #expect(refused { $0.pre = "" })
    #expect(refused { $0.tokenTypes.removeLast() })
    #expect(refused { $0.merges.append("he zz") })
    #expect(refused { $0.merges.append("he") })
    #expect(refused { $0.merges.append("h e ") })
    #expect(refused { $0.tokens[3] = $0.tokens[4] })
    #expect(refused { $0.eosID = 260 })
    #expect(refused { $0.bosID = -1 })
    #expect(refused { $0.eosID = Int.max })
    #expect(
      refused {
        $0.tokens = []
        $0.tokenTypes = []
        $0.merges = []
      })
  }

  @Test func llama3BeginsTextsUnlessTheFileSaysOtherwise() throws {
    for (pre, given, begins) in [
      ("llama-bpe", nil, true), ("llama3", nil, true), ("llama-bpe", false, false),
      ("qwen2", nil, false), ("gpt-2", nil, false), ("gpt-2", true, true),
    ] as [(String, Bool?, Bool)] {
      var vocabulary = Self.vocabulary(pre: pre)
      (vocabulary.addBOS, vocabulary.addEOS) = (given, false)
      let ids = try Tokenizer(gguf: vocabulary).encode("he", addSpecialTokens: true)
      #expect(ids == (begins ? [257, 256] : [256]), "\(pre) \(String(describing: given))")
    }
  }

  /// The files that a saved model directory gets.
  @Test(arguments: ["gpt-2", "smollm", "qwen2", "llama-bpe"])
  func huggingFaceFilesAreTheSameTokenizer(pre: String) throws {
    var vocabulary = Self.vocabulary(pre: pre)
    vocabulary.chatTemplate = "{{ messages }}"
    let tokenizer = try Tokenizer(gguf: vocabulary)
    let directory = try TokenizerDirectory()
    for file in tokenizer.documents.files() {
      try directory.write(file.name, String(decoding: file.bytes, as: UTF8.self))
    }
    let again = try Tokenizer.load(path: directory.path)
    for text in ["he 123<end> he<user>[PAD0]", "e\u{301}", "it's\n\n  hehe"] {
      #expect(try again.encode(text) == tokenizer.encode(text))
      #expect(
        try again.encode(text, addSpecialTokens: true)
          == tokenizer.encode(text, addSpecialTokens: true))
    }
    #expect(again.eosID == 257 && again.bosID == 257 && again.vocabularySize == 259)
    #expect(!again.isSpecial(258) && again.isSpecial(257))
    #expect(again.inventory.ids == tokenizer.inventory.ids)
  }
}
