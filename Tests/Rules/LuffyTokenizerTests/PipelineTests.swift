import LuffyTokenizer
import Testing

@Suite struct PipelineTests {
  /// The texts of a text's tokens.
  private func pieces(_ file: TinyFile, _ text: String) throws -> [String] {
    let tokenizer = try file.load()
    return try tokenizer.encode(text).map { try tokenizer.decode([$0]) }
  }

  @Test func mergesByRankAndLeftmostFirst() throws {
    #expect(try pieces(TinyFile(), "hello") == ["hello"])
    #expect(try pieces(TinyFile(), "helllo") == ["hell", "l", "o"])
    let chain = TinyFile(merges: [("a", "b"), ("b", "c"), ("ab", "c")])
    #expect(try pieces(chain, "bcabc") == ["bc", "abc"])
    #expect(try pieces(TinyFile(merges: [("a", "a")]), "aaaaa") == ["aa", "aa", "a"])
  }

  @Test func heapAndScanAgree() throws {
    let file = TinyFile(
      merges: [("a", "b"), ("b", "a"), ("ab", "a"), ("ba", "ba"), ("ab", "ab"), ("aba", "b")],
      preTokenizer: TinyFile.split("[ab]+"))
    let tokenizer = try file.load()
    // A reference that knows nothing of heaps: merge the best pair, again and again.
    for length in [40, 48, 49, 64, 200] {
      var text = ""
      var state = UInt32(length)
      for _ in 0..<length {
        state = state &* 1_664_525 &+ 1_013_904_223
        text += state >> 31 == 0 ? "a" : "b"
      }
      var symbols = text.map(String.init)
      while let best = file.merges.first(where: { rule in
        zip(symbols, symbols.dropFirst()).contains { $0 == rule.0 && $1 == rule.1 }
      }) {
        let at = symbols.indices.dropLast().first {
          symbols[$0] == best.0 && symbols[$0 + 1] == best.1
        }!
        symbols.replaceSubrange(at...at + 1, with: [best.0 + best.1])
      }
      let expected = symbols.map { tokenizer.id(for: $0) }
      #expect(try tokenizer.encode(text) == expected)
    }
  }

  @Test func mergesMayBeStrings() throws {
    var file = TinyFile()
    file.mergesText = #"["h e","l l","he ll","hell o"]"#
    #expect(try file.load().encode("hello") == TinyFile().load().encode("hello"))
  }

  @Test func wholeTokensNeedTheRulesUnlessMergesAreIgnored() throws {
    var file = TinyFile(extraTokens: ["world"])
    #expect(try pieces(file, "world") == ["w", "o", "r", "l", "d"])
    file.modelOptions = #","ignore_merges":true"#
    #expect(try pieces(file, "world") == ["world"])
  }

  @Test(arguments: [
    ("Isolated", ["a", "-", "-", "b", "c", "-"]), ("Removed", ["a", "b", "c"]),
  ])
  func behaviorsThatKeepOrDrop(behavior: String, expected: [String]) throws {
    let file = TinyFile(preTokenizer: TinyFile.split("-", behavior: behavior))
    #expect(try pieces(file, "a--bc-") == expected)
  }

  @Test(arguments: [
    ("MergedWithPrevious", false, ["a-", "-", "b-"]),
    ("MergedWithNext", false, ["a", "-", "-b", "-"]),
    ("Contiguous", false, ["a", "--", "b", "-"]), ("Contiguous", true, ["a", "--", "b", "-"]),
    ("MergedWithPrevious", true, ["a", "-", "-b", "-"]),
  ])
  func behaviorsThatJoin(behavior: String, invert: Bool, expected: [String]) throws {
    var file = TinyFile(
      merges: [("a", "-"), ("b", "-"), ("-", "b"), ("-", "-")],
      preTokenizer: TinyFile.split("-", behavior: behavior, invert: invert))
    file.modelOptions = #","ignore_merges":true"#
    #expect(try pieces(file, "a--b-") == expected)
  }

  @Test func digitsStandAloneOrTogether() throws {
    let digits = { (individual: Bool) in
      """
      {"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":\(individual)},
      {"type":"ByteLevel","add_prefix_space":false,"use_regex":false}]}
      """
    }
    let merges = [("1", "2"), ("a", "1"), ("2", "b")]
    #expect(
      try pieces(TinyFile(merges: merges, preTokenizer: digits(true)), "a12b")
        == ["a", "1", "2", "b"])
    #expect(
      try pieces(TinyFile(merges: merges, preTokenizer: digits(false)), "a12b")
        == ["a", "12", "b"])
  }

  @Test func prefixSpaceComesOnce() throws {
    let file = TinyFile(preTokenizer: #"{"type":"ByteLevel"}"#)
    #expect(try pieces(file, "ab") == [" ", "a", "b"])
    #expect(try pieces(file, " ab") == [" ", "a", "b"])
    #expect(try pieces(file, "") == [])
  }

  @Test func addedTokensStripAndKeepWords() throws {
    let file = TinyFile(
      addedTokens: "["
        + [
          TinyFile.added(260, "<l>", #","lstrip":true"#),
          TinyFile.added(261, "<r>", #","rstrip":true"#),
          TinyFile.added(262, "ab", #","single_word":true"#), TinyFile.added(263, "<l><r>"),
        ].joined(separator: ",") + "]")
    let tokenizer = try file.load()
    #expect(try tokenizer.encode("x \t<l> y") == [0x78, 260, 0x20, 0x79])
    #expect(try tokenizer.encode("x <r> \u{3000}y") == [0x78, 0x20, 261, 0x79])
    #expect(
      try tokenizer.encode("ab abc (ab)é") == [
        262, 0x20, 0x61, 0x62, 0x63, 0x20, 0x28, 262, 0x29, 0xC3, 0xA9,
      ])
    #expect(try tokenizer.encode("<l><r>") == [263])
    #expect(try tokenizer.decode([260, 0x41], skipSpecialTokens: true) == "A")
  }

  @Test func normalizationComposesOnlyWhereTheFileSaysSo() throws {
    let text = "e\u{301}\u{1100}\u{1161}\u{11A8} a\u{328}\u{301}\u{345} \u{212B}"
    let plain = try TinyFile().load()
    #expect(try plain.decode(plain.encode(text)).unicodeScalars.elementsEqual(text.unicodeScalars))
    let composing = try TinyFile(normalizer: #"{"type":"NFC"}"#).load()
    let expected = "\u{E9}\u{AC01} \u{105}\u{301}\u{345} \u{C5}"
    let found = try composing.decode(composing.encode(text))
    #expect(found.unicodeScalars.elementsEqual(expected.unicodeScalars))
  }

  @Test func newerCodePointsAreCutAsLettersAndDigits() throws {
    // U+31350 (Unicode 15) is a letter, U+1E4F0 (15) a digit, U+180E no white space.
    let merges = [("a", TinyFile.spelling(0xF0)), ("1", TinyFile.spelling(0xF0))]
    let letters = TinyFile(merges: merges, preTokenizer: TinyFile.split(#"\p{L}+|\p{N}"#))
    #expect(try letters.load().encode("a\u{31350}").first == 256)
    #expect(try letters.load().encode("1\u{1E4F0}").first == 0x31)
    let space = TinyFile(preTokenizer: TinyFile.split(#"\s"#, behavior: "Removed"))
    #expect(try space.load().encode("\u{180E}\u{2003}") == [0xE1, 0xA0, 0x8E])
  }

  @Test func templatesAddTokensOnlyWhenAsked() throws {
    let tokenizer = try TinyFile(
      addedTokens: "[\(TinyFile.added(260, "<s>")),\(TinyFile.added(261, "</s>"))]",
      postProcessor: """
        {"type":"Sequence","processors":[{"type":"ByteLevel"},{"type":"TemplateProcessing",
        "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},
        {"SpecialToken":{"id":"</s>","type_id":0}}],"special_tokens":{"<s>":{"id":"<s>","ids":[260],
        "tokens":["<s>"]},"</s>":{"id":"</s>","ids":[261],"tokens":["</s>"]}}}]}
        """
    ).load()
    #expect(try tokenizer.encode("A") == [0x41])
    #expect(try tokenizer.encode("A", addSpecialTokens: true) == [260, 0x41, 261])
    #expect(tokenizer.bosID == 260)
    #expect(tokenizer.eosID == 261)
  }

  @Test func bytesThatAreNoTextComeBack() throws {
    let tokenizer = try TinyFile(normalizer: #"{"type":"NFC"}"#).load()
    let bytes: [UInt8] = [0x68, 0x65, 0xFF, 0xC3, 0x28, 0xF0, 0x9F, 0x98, 0xED, 0xA0, 0x80, 0x61]
    let ids = try tokenizer.encode(bytes: bytes)
    #expect(try tokenizer.decodeBytes(ids) == bytes)
    #expect(try tokenizer.decode(ids) == "he\u{FFFD}\u{FFFD}(\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}a")
  }
}
