import LuffyCheckpoint
import LuffyJSON
import LuffyTokenizer

/// The tokenizer of the built-in tasks: a token for each character, and a few that are whole words.
package enum CharacterVocabulary {
  package static let endOfText = "<|endoftext|>"
  private static let characters = Array("0123456789+-*=;() ").map(String.init)
  private static let words = ["\\boxed{", "}"]

  package static var size: Int { 1 + characters.count + words.count }

  package static func tokenizer() throws -> Tokenizer {
    try Tokenizer(json: Array(document.utf8))
  }

  /// Writes `tokenizer.json` into a directory and loads it from there, as it will be found later.
  package static func write(to directory: String) throws -> Tokenizer {
    try FileSystem.createDirectory(directory)
    let path = FileSystem.join(directory, "tokenizer.json")
    try FileSystem.replace(path, with: document)
    return try Tokenizer.load(path: path)
  }

  private static var document: String {
    let writer = JSONWriter(pretty: true)
    writer.object {
      writer.member("version", "1.0")
      writer.key("added_tokens")
      writer.array {
        token(endOfText, 0, special: true, writer)
        for (index, word) in words.enumerated() {
          token(word, 1 + characters.count + index, special: false, writer)
        }
      }
      writer.nullMember("normalizer")
      byteLevel("pre_tokenizer", addsSpace: false, writer)
      byteLevel("decoder", addsSpace: true, writer)
      writer.key("model")
      writer.object {
        writer.member("type", "BPE")
        writer.key("vocab")
        writer.object {
          for (index, character) in characters.enumerated() {
            writer.member(character == " " ? "Ġ" : character, index + 1)
          }
        }
        writer.key("merges")
        writer.array {}
      }
    }
    return writer.text
  }

  private static func byteLevel(_ name: String, addsSpace: Bool, _ writer: JSONWriter) {
    writer.key(name)
    writer.object {
      writer.member("type", "ByteLevel")
      writer.member("add_prefix_space", addsSpace)
      writer.member("trim_offsets", true)
      writer.member("use_regex", true)
    }
  }

  private static func token(_ text: String, _ id: Int, special: Bool, _ writer: JSONWriter) {
    writer.object {
      writer.member("id", id)
      writer.member("content", text)
      for name in ["single_word", "lstrip", "rstrip", "normalized"] { writer.member(name, false) }
      writer.member("special", special)
    }
  }
}
