internal import LuffyCheckpoint
public import LuffyTokenizer

extension Tokenizer {
  /// Bytes of the text that `load` reads for a path; 0 where there is none. Of a GGUF file, a generous guess.
  package static func fileSize(modelPath path: String) -> Int {
    if let file = try? GGUFTokenizerMetadata.file(path: path) {
      return min(FileSystem.size(of: file), 4 << 20)
    }
    let file = FileSystem.isDirectory(path) ? FileSystem.join(path, "tokenizer.json") : path
    return FileSystem.size(of: file)
  }

  /// The tokenizer that belongs to a model: of a Hugging Face directory or `tokenizer.json`, or of a GGUF file, which
  /// is known by its first bytes, whatever its name (of a split model any part).
  public static func load(modelPath path: String) throws -> Tokenizer {
    try DirectoryReading.consistent(path) { path throws in
      guard let metadata = try GGUFTokenizerMetadata.find(path: path) else {
        return try load(path: path)
      }
      return try Tokenizer(gguf: GGUFVocabulary(metadata))
    }
  }
}

extension GGUFVocabulary {
  init(_ metadata: GGUFTokenizerMetadata) {
    self.init(
      model: metadata.model, pre: metadata.preTokenizer, tokens: metadata.tokens,
      tokenTypes: metadata.tokenTypes.map(Int32.init(clamping:)), merges: metadata.merges,
      bosID: metadata.bosID, eosID: metadata.eosID, addBOS: metadata.addBOS,
      addEOS: metadata.addEOS ?? false)
    unknownID = metadata.unknownID
    paddingID = metadata.paddingID
    chatTemplate = metadata.chatTemplate
  }
}
