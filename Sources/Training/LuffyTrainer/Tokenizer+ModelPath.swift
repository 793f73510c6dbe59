internal import LuffyCheckpoint
public import LuffyTokenizer

extension Tokenizer {
  /// The tokenizer that belongs to a model: of a Hugging Face directory or `tokenizer.json`, or of a GGUF file, which
  /// is known by its first bytes, whatever its name (of a split model any part).
  public static func load(modelPath path: String) throws -> Tokenizer {
    guard let metadata = try GGUFTokenizerMetadata.find(path: path) else {
      return try load(path: path)
    }
    return try Tokenizer(gguf: GGUFVocabulary(metadata))
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
