import LuffyJSON
import LuffyTestSupport
import Testing

import LuffyTokenizer

@Suite(.enabled(if: ReferenceData.isPresent))
struct ReferenceTests {
  @Test(arguments: ["smollm2", "qwen2.5"])
  func idsAndTextsEqualTheReference(name: String) throws {
    let tokenizer = try Tokenizer.load(path: ReferenceData.path("tokenizer/\(name).tokenizer.json"))
    for (index, line) in try ReferenceData.lines("tokenizer/\(name).jsonl").enumerated() {
      let text = try #require(line.root["text"]?.string)
      let ids = try #require(line.root["ids"]).elements.compactMap(\.int).map(Int32.init)
      try #require(try tokenizer.encode(text) == ids, "row \(index)")
      try #require(try tokenizer.decode(ids) == line.root["decoded"]?.string, "row \(index)")
    }
  }
}
