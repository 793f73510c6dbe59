import LuffyTokenizer
import Testing

/// Files that lie: each is refused with an error that says where.
@Suite struct HostileFileTests {
  private func error(_ file: TinyFile) -> TokenizerError? {
    do throws(TokenizerError) {
      _ = try file.load()
      return nil
    } catch {
      return error
    }
  }

  private func error(json: String) -> TokenizerError? {
    do throws(TokenizerError) {
      _ = try Tokenizer(json: Array(json.utf8))
      return nil
    } catch {
      return error
    }
  }

  private func isMalformed(_ error: TokenizerError?, at place: String) -> Bool {
    guard case .malformed(let found, let reason) = error else { return false }
    return found.contains(place) && !reason.isEmpty
  }

  private func isUnsupported(_ error: TokenizerError?, _ piece: String) -> Bool {
    guard case .unsupported(let found, _) = error else { return false }
    return found.contains(piece)
  }

  @Test func truncatedAnywhere() {
    let text = Array(TinyFile().text.utf8)
    for length in stride(from: 0, to: text.count, by: 37) {
      let part = String(decoding: text[..<length], as: UTF8.self)
      #expect(isMalformed(error(json: part), at: "tokenizer.json"))
    }
  }

  @Test func notAnObject() {
    for text in ["", "[]", "null", "3", #""x""#, "{}", #"{"model":[]}"#, "\u{FEFF}{}"] {
      #expect(error(json: text) != nil, "\(text)")
    }
    #expect(error(json: String(repeating: "[", count: 100_000)) != nil)
    let nested = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    #expect(error(json: nested) != nil)
    #expect(isMalformed(error(TinyFile(addedTokens: nested)), at: "added_tokens"))
    #expect(isMalformed(error(TinyFile(mergesText: nested)), at: "merges[0]"))
  }

  @Test func deepSequences() {
    let open = #"{"type":"Sequence","pretokenizers":["#
    let text =
      String(repeating: open, count: 50_000) + TinyFile.byteLevel
      + String(repeating: "]}", count: 50_000)
    #expect(isUnsupported(error(TinyFile(preTokenizer: text)), "Sequence"))
  }

  @Test(arguments: ["-1", "4194304", "99999999999", "1e300", "0.5", #""3""#, "null", "[]"])
  func idsThatAreNone(id: String) {
    #expect(isMalformed(error(TinyFile(vocabularyText: #"{"!":\#(id)}"#)), at: "vocab"))
    let added = #"[{"id":\#(id),"content":"<x>"}]"#
    #expect(isMalformed(error(TinyFile(addedTokens: added)), at: "added_tokens[0]"))
  }

  @Test func idsTwice() {
    #expect(isMalformed(error(TinyFile(vocabularyText: #"{"a":0,"b":0}"#)), at: "model"))
    let clash = "[\(TinyFile.added(3, "<x>"))]"
    #expect(isMalformed(error(TinyFile(addedTokens: clash)), at: "added_tokens[0]"))
    let moved = "[\(TinyFile.added(300, "hello"))]"
    #expect(isMalformed(error(TinyFile(addedTokens: moved)), at: "added_tokens[0]"))
  }

  @Test func emptyVocabulary() {
    let file = TinyFile(mergesText: "[]", vocabularyText: "{}")
    #expect(isMalformed(error(file), at: "model"))
    let words = TinyFile(mergesText: "[]", vocabularyText: #"{"▁the":0}"#)
    #expect(isMalformed(error(words), at: "model"))
  }

  @Test(arguments: [
    #"["a b c"]"#, #"["ab"]"#, #"[""]"#, "[3]", #"[["a"]]"#, #"[["a","b","c"]]"#, #"[["a",1]]"#,
    #"["zz y"]"#, #"["a b"]"#, #"[["h","zz"]]"#,
  ])
  func mergesThatNameNothing(merges: String) {
    #expect(isMalformed(error(TinyFile(mergesText: merges)), at: "merges[0]"))
  }

  @Test func addedTokensOutOfBounds() {
    let long = String(repeating: "x", count: 5000)
    for content in ["", long] {
      let added = "[\(TinyFile.added(260, content))]"
      #expect(isMalformed(error(TinyFile(addedTokens: added)), at: "added_tokens[0]"))
    }
    let noFlag = #"[{"id":260,"content":"<x>","lstrip":"yes"}]"#
    #expect(isMalformed(error(TinyFile(addedTokens: noFlag)), at: "lstrip"))
  }

  @Test(arguments: ["(", "[a", "a{2}{3", "*a", #"\p{Nothing}"#, "(?<n>a)(?<n>b)", #"\"#, "(?'x"])
  func patternsThatDoNotCompile(pattern: String) {
    switch error(TinyFile(preTokenizer: TinyFile.split(pattern))) {
    case .badPattern(let text, _, let reason): #expect(text == pattern && !reason.isEmpty)
    case .unsupported(let piece, _): #expect(piece.contains("pattern"))
    case nil where pattern == "a{2}{3": break  // a brace that is no interval stands for itself
    case let other: Issue.record("\(pattern): \(String(describing: other))")
    }
  }

  @Test(arguments: [
    "[a&&b]", "[a[bc]]", "[[:alpha:]]", #"\R"#, #"\X"#, "a(?i)b", "a{2}?", "(?P<n>a)", "(*COMMIT)a",
    #"(?i:x[\p{Lu}])"#, #"(?i)a(b)[\p{M}]"#,
  ])
  func patternsThatMeanSomethingElse(pattern: String) {
    #expect(isUnsupported(error(TinyFile(preTokenizer: TinyFile.split(pattern))), "pattern"))
  }

  @Test(arguments: [#"(a+)+$"#, #"(?:a|aa)+$"#, #"(.*)*x"#, #"(a|b|ab)*c"#])
  func catastrophicPatternsEnd(pattern: String) throws {
    let tokenizer = try TinyFile(preTokenizer: TinyFile.split(pattern)).load()
    let text = String(repeating: "ab", count: 20) + String(repeating: "a", count: 60) + "!"
    do throws(TokenizerError) {
      _ = try tokenizer.encode(text)
    } catch {
      guard case .matchingFailed(let found, _, let reason) = error else { throw error }
      #expect(found == pattern && reason.contains("limit"))
    }
  }

  @Test func aCatastrophicPatternIsAnError() throws {
    let tokenizer = try TinyFile(preTokenizer: TinyFile.split(#"(?:a|a)+[bc]"#)).load()
    #expect(throws: TokenizerError.self) {
      try tokenizer.encode(String(repeating: "a", count: 80))
    }
  }

  @Test(arguments: [
    (#","byte_fallback":true"#, "byte_fallback"), (#","dropout":0.1"#, "dropout"),
    (#","end_of_word_suffix":"</w>""#, "end_of_word_suffix"),
    (#","continuing_subword_prefix":"@@""#, "continuing_subword_prefix"),
  ])
  func modelOptionsOfOtherTokenizers(options: String, piece: String) {
    #expect(isUnsupported(error(TinyFile(modelOptions: options)), piece))
  }

  @Test func piecesThatAreNotHere() {
    #expect(isUnsupported(error(TinyFile(normalizer: #"{"type":"NFKC"}"#)), "NFKC"))
    #expect(isUnsupported(error(TinyFile(preTokenizer: #"{"type":"Metaspace"}"#)), "Metaspace"))
    #expect(isUnsupported(error(TinyFile(preTokenizer: "null")), "ByteLevel"))
    #expect(isUnsupported(error(TinyFile(decoder: #"{"type":"WordPiece"}"#)), "WordPiece"))
    #expect(isUnsupported(error(TinyFile(decoder: "null")), "decoder"))
    #expect(isUnsupported(error(TinyFile(postProcessor: #"{"type":"BertProcessing"}"#)), "Bert"))
    let behavior = TinyFile.split("a", behavior: "Sideways")
    #expect(isUnsupported(error(TinyFile(preTokenizer: behavior)), "Sideways"))
    let unigram = TinyFile().text.replacing(#""type":"BPE""#, with: #""type":"Unigram""#)
    #expect(isUnsupported(error(json: unigram), "Unigram"))
  }

  @Test func idsOutsideTheVocabularyAreNotDecoded() throws {
    let tokenizer = try TinyFile().load()
    for id in [-1, Int32.min] {
      let expected = TokenizerError.unknownID(
        id: id, index: 1, vocabularySize: tokenizer.vocabularySize)
      #expect(throws: expected) { try tokenizer.decode([0, id]) }
      #expect(tokenizer.token(for: id) == nil)
    }
    for id in [Int32(tokenizer.vocabularySize), Int32.max] {
      #expect(try tokenizer.decodeChecked([0, id]).unknownIDs == 1)
      #expect(tokenizer.token(for: id) == nil)
    }
  }
}
