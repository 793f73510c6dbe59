import Foundation
import LuffyJSON
import LuffyTokenizer
import Testing

/// Files beside a `tokenizer.json`, against what transformers makes of them (`Tests/Goldens/side_files.py`).
@Suite struct SideFileGoldenTests {
  private static func cases() throws -> [JSONNode] {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Goldens/side_files.json")
    return try JSONDocument(parsing: [UInt8](Data(contentsOf: url))).root.elements
  }

  private static func ids(_ node: JSONNode?) -> [Int32] {
    node?.elements.compactMap { $0.int.map(Int32.init) } ?? []
  }

  @Test func everyCaseIsThatOfTransformers() throws {
    let cases = try Self.cases()
    #expect(cases.count >= 20)
    for golden in cases {
      let name = try #require(golden["name"]?.string)
      let directory = try TokenizerDirectory()
      for (file, node) in try #require(golden["files"]).members {
        let writer = JSONWriter()
        try #require(writer.write(copying: node))
        try directory.write(file, writer.text)
      }
      let tokenizer = try Tokenizer.load(path: directory.path)
      let text = try #require(golden["text"]?.string)
      let ids = try tokenizer.encode(text)
      #expect(ids == Self.ids(golden["ids"]), "\(name)")
      #expect(
        try tokenizer.encode(text, addSpecialTokens: true)
          == Self.ids(golden["with_special_tokens"]), "\(name)")
      #expect(
        try tokenizer.decode(ids, skipSpecialTokens: true) == golden["decoded"]?.string, "\(name)")
      #expect(Int(tokenizer.eosID ?? -1) == golden["eos"]?.int, "\(name)")
      #expect(Int(tokenizer.bosID ?? -1) == golden["bos"]?.int, "\(name)")
    }
  }
}

/// A directory for a tokenizer's files, which goes with the test.
final class TokenizerDirectory {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "luffy-tokenizer-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }
}
