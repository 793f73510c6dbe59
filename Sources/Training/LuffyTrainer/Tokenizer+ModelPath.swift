internal import LuffyCheckpoint
public import LuffyTokenizer

extension Tokenizer {
  /// Bytes of the text that `load` reads for a path; 0 where there is none. Of a `.gguf` file, a generous guess.
  package static func fileSize(modelPath path: String) -> Int {
    if path.hasSuffix(".gguf") { return min(FileSystem.size(of: path), 4 << 20) }
    let file = FileSystem.isDirectory(path) ? FileSystem.join(path, "tokenizer.json") : path
    return FileSystem.size(of: file)
  }

  /// The tokenizer that belongs to a model: of a Hugging Face directory or `tokenizer.json`, or of a `.gguf` file.
  public static func load(modelPath path: String) throws -> Tokenizer {
    guard path.hasSuffix(".gguf") else {
      return try DirectoryReading.consistent(path) { (path) throws(TokenizerError) in
        try load(path: path)
      }
    }
    guard let metadata = try ModelCheckpoint.open(path: path).tokenizer else {
      throw CheckpointError(.missing, file: path, "the file has no tokenizer")
    }
    return try Tokenizer(
      gguf: GGUFVocabulary(
        model: metadata.model, pre: metadata.preTokenizer ?? "default", tokens: metadata.tokens,
        tokenTypes: metadata.tokenTypes.map(Int32.init(clamping:)), merges: metadata.merges,
        bosID: metadata.bosID, eosID: metadata.eosID, addBOS: metadata.addBOS ?? false,
        addEOS: metadata.addEOS ?? false))
  }
}
