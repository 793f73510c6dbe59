import LuffyJSON
import LuffyTestSupport
import LuffyTokenizer
import Testing

@Suite(.enabled(if: ReferenceData.isPresent))
struct ReferenceTests {
  static func tokenizer(_ name: String) throws -> Tokenizer {
    try Tokenizer.load(path: ReferenceData.path("tokenizer/\(name).tokenizer.json"))
  }

  /// (text, ids, decoded) of every reference row
  static func rows(_ name: String) throws -> [(text: String, ids: [Int32], decoded: String)] {
    try ReferenceData.lines("tokenizer/\(name).jsonl").map { line in
      let ids = try #require(line.root["ids"]).elements.compactMap { $0.int.map(Int32.init) }
      return (
        try #require(line.root["text"]?.string), ids, try #require(line.root["decoded"]?.string)
      )
    }
  }

  @Test(arguments: ["smollm2", "qwen2.5"])
  func idsAndTextsEqualTheReference(name: String) throws {
    let tokenizer = try Self.tokenizer(name)
    let rows = try Self.rows(name)
    #expect(rows.count >= 200)
    for (index, row) in rows.enumerated() {
      try #require(try tokenizer.encode(row.text) == row.ids, "row \(index)")
      try #require(try tokenizer.decode(row.ids) == row.decoded, "row \(index)")
    }
  }

  @Test(arguments: [("smollm2", 49152, 0), ("qwen2.5", 151665, 151643)])
  func namesAndSizes(name: String, size: Int, end: Int32) throws {
    let tokenizer = try Self.tokenizer(name)
    #expect(tokenizer.vocabularySize == size || name == "qwen2.5")
    #expect(tokenizer.eosID == end)
    #expect(tokenizer.id(for: "<|endoftext|>") == end)
    #expect(tokenizer.token(for: end) == "<|endoftext|>")
    #expect(tokenizer.isSpecial(end))
    #expect(tokenizer.token(for: Int32(tokenizer.vocabularySize)) == nil)
    #expect(try tokenizer.decode([end], skipSpecialTokens: true) == "")
  }

  /// Also where the file does not say which pre-tokenizer it needs: the vocabulary is known by its tokens.
  @Test(arguments: [
    ("smollm2", "smollm"), ("qwen2.5", "qwen2"), ("smollm2", "default"), ("qwen2.5", "default"),
    ("smollm2", nil), ("qwen2.5", nil),
  ])
  func ggufMetadataGivesTheSameIDs(name: String, pre: String?) throws {
    let json = try JSONDocument(
      parsing: ReferenceData.bytes("tokenizer/\(name).tokenizer.json")
    ).root
    let model = try #require(json["model"])
    let added = try #require(json["added_tokens"]).elements
    var tokens: [Int: (text: String, type: Int32)] = [:]
    for (text, id) in try #require(model["vocab"]).members {
      tokens[try #require(id.int)] = (text, 1)
    }
    for token in added {
      tokens[try #require(token["id"]?.int)] = (
        try #require(token["content"]?.string), token["special"]?.bool == true ? 3 : 4
      )
    }
    let ordered = (0..<tokens.count).compactMap { tokens[$0] }
    try #require(ordered.count == tokens.count)
    let merges = try #require(model["merges"]).elements.map { rule in
      "\(rule[0]?.string ?? "") \(rule[1]?.string ?? "")"
    }
    let tokenizer = try Tokenizer(
      gguf: GGUFVocabulary(
        pre: pre, tokens: ordered.map(\.text), tokenTypes: ordered.map(\.type), merges: merges,
        bosID: 1, eosID: 2, addBOS: true))
    for row in try Self.rows(name) {
      try #require(try tokenizer.encode(row.text) == row.ids)
    }
    #expect(try tokenizer.encode("", addSpecialTokens: true) == [1])
    #expect(tokenizer.eosID == 2)
  }

  @Test func anyBytesRoundTripWhereEveryByteHasAToken() throws {
    let tokenizer = try Self.tokenizer("qwen2.5")
    var generator = SeededGenerator(0x5EED)
    for length in [0, 1, 2, 3, 10, 100, 1000] {
      for _ in 0..<20 {
        let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
        // Only what is valid UTF-8 is normalized; ASCII and loose bytes come back as they are.
        let plain = bytes.map { $0 & 0x1F == 0 ? $0 & 0x7F : $0 | 0xF8 }
        let ids = try tokenizer.encode(bytes: plain)
        try #require(try tokenizer.decodeBytes(ids) == plain)
        try #require(try tokenizer.decode(ids) == String(decoding: plain, as: UTF8.self))
        _ = try tokenizer.decode(tokenizer.encode(bytes: bytes))
      }
    }
  }

  @Test func manyThreadsEncodeAtOnce() async throws {
    let tokenizer = try Self.tokenizer("smollm2")
    let rows = try Self.rows("smollm2")
    let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var wrong = 0
          for row in rows where try tokenizer.encode(row.text) != row.ids { wrong += 1 }
          return wrong
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(wrong == 0)
  }

  @Test func aLongWordAndLongRunsOfMarksTakeNoMinutes() throws {
    let tokenizer = try Self.tokenizer("qwen2.5")
    var state: UInt32 = 1
    let word = (0..<1_000_000).map { _ -> UInt8 in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(ascii: "a") + UInt8(state >> 28)
    }
    let elapsed = try ContinuousClock().measure {
      let ids = try tokenizer.encode(bytes: word)
      #expect(try tokenizer.decodeBytes(ids) == word)
      _ = try tokenizer.encode(String(repeating: " ", count: 1_000_000))
      _ = try tokenizer.encode("e" + String(repeating: "\u{345}\u{301}\u{334}", count: 50_000))
    }
    #expect(elapsed < .seconds(30))
  }
}
