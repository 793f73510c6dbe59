internal import LuffyCheckpoint
public import LuffyTokenizer

extension Tokenizer {
  /// The tokenizer that belongs to a model: of a Hugging Face directory or `tokenizer.json`, or of a GGUF file, which
  /// is known by its first bytes, whatever its name.
  public static func load(modelPath path: String) throws -> Tokenizer {
    guard GGUFFile.isOne(path: path) else { return try load(path: path) }
    let file = try GGUFFile(path: path)
    guard file.metadata["tokenizer.ggml.model"] != nil else {
      throw CheckpointError(.missing, file: path, "the file has no tokenizer")
    }
    return try Tokenizer(gguf: GGUFVocabulary(try GGUFTokenizerMetadata(file)))
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
