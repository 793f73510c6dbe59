import Foundation
import LuffyCheckpoint
import LuffyTokenizer

/// The tokenizer of the built-in tasks: a token a character, and a few that are whole words.
enum CharacterVocabulary {
  static let endOfText = "<|endoftext|>"
  private static let characters = Array("0123456789+-*=;() ").map(String.init)
  private static let words = ["\\boxed{", "}"]

  static var size: Int { 1 + characters.count + words.count }

  /// Writes `tokenizer.json` into a directory and loads it from there, as it will be found later.
  static func write(to directory: URL) throws -> Tokenizer {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let url = directory.appendingPathComponent("tokenizer.json")
    let text = try JSONSerialization.data(
      withJSONObject: document, options: [.prettyPrinted, .sortedKeys])
    try FileSystem.replace(url.path, with: String(decoding: text, as: UTF8.self))
    return try Tokenizer.load(path: url.path)
  }

  private static var document: [String: Any] {
    var vocabulary: [String: Int] = [:]
    for (index, character) in characters.enumerated() {
      vocabulary[character == " " ? "Ġ" : character] = index + 1
    }
    let added: [[String: Any]] =
      [token(endOfText, 0, special: true)]
      + words.enumerated().map { token($1, 1 + characters.count + $0, special: false) }
    return [
      "version": "1.0", "added_tokens": added, "normalizer": NSNull(),
      "pre_tokenizer": [
        "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true,
      ],
      "decoder": [
        "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true,
      ],
      "model": ["type": "BPE", "vocab": vocabulary, "merges": [String]()],
    ]
  }

  private static func token(_ text: String, _ id: Int, special: Bool) -> [String: Any] {
    [
      "id": id, "content": text, "special": special, "single_word": false, "lstrip": false,
      "rstrip": false, "normalized": false,
    ]
  }
}
