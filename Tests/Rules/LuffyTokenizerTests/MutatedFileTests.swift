import LuffyTokenizer
import Testing

/// Files with random damage: loaded or refused, never a trap.
@Suite struct MutatedFileTests {
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {  // xorshift*
      state ^= state >> 12
      state ^= state << 25
      state ^= state >> 27
      return state &* 0x2545_F491_4F6C_DD1D
    }
  }

  private static let fragments = [
    "-1", "null", "[]", "{}", "\"\"", "4194303", "1e9", "true", "\\p{L}", "(", "[", "+", "*",
    "{1,2}+",
    "\"Sequence\"", "\"Split\"", "\"Digits\"", "\"NFC\"", "\u{301}", "\\u0000", "a", " ",
  ]

  @Test(arguments: 1...8)
  func loadedOrRefused(seed: Int) {
    let base = TinyFile(
      addedTokens: "[\(TinyFile.added(260, "<s>", #","lstrip":true,"rstrip":true"#))]",
      normalizer: #"{"type":"NFC"}"#,
      preTokenizer: TinyFile.split(#"(?i:'s)|\p{N}{1,3}|[^\s\p{L}]+|\w+"#, behavior: "Contiguous"))
    var text = Array(base.text.utf8)
    // Most of the text is vocabulary; half of the damage goes elsewhere.
    let pipeline = base.text.utf8.count - (TinyFile().text.utf8.count)
    var generator = Generator(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
    var loaded = 0
    for _ in 0..<300 {
      let original = text
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let end = Bool.random(using: &generator) ? text.count : max(pipeline, 1) + 400
        let at = Int.random(in: 0..<min(end, text.count), using: &generator)
        let until = min(text.count, at + Int.random(in: 0...4, using: &generator))
        let fragment = Self.fragments.randomElement(using: &generator) ?? ""
        text.replaceSubrange(at..<until, with: Array(fragment.utf8))
      }
      do throws(TokenizerError) {
        let tokenizer = try Tokenizer(json: text)
        loaded += 1
        let ids = try tokenizer.encode(
          "<s> hello 12345 wo\u{301}rld's \u{31350}", addSpecialTokens: true)
        _ = try tokenizer.decode(ids)
      } catch {
        #expect(!error.description.isEmpty)
      }
      text = original
    }
    #expect(loaded > 0)
  }
}
