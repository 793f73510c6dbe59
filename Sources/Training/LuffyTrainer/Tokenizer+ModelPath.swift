internal import LuffyCheckpoint
public import LuffyTokenizer

extension Tokenizer {
  /// The tokenizer that belongs to a model: of a Hugging Face directory or `tokenizer.json`, or of a `.gguf` file.
  public static func load(modelPath path: String) throws -> Tokenizer {
    guard path.hasSuffix(".gguf") else { return try load(path: path) }
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
