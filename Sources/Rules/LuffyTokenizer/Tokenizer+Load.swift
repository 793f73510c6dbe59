import LuffyJSON

extension Tokenizer {
  /// Loads a `tokenizer.json`, or the one in a directory.
  ///
  /// The files beside one that is named `tokenizer.json` count too: `tokenizer_config.json`, and where that has no
  /// `added_tokens_decoder`, `special_tokens_map.json` and `added_tokens.json`. They add tokens, and they name the
  /// tokens that begin and end a text, of which an explicit null means that there is none. Where no file has the key,
  /// `generation_config.json` names them, else a well-known name among the added tokens.
  ///
  /// - Throws: `.unreadable`, `.malformed`, `.unsupported`, `.badPattern`.
  public static func load(path: String) throws(TokenizerError) -> Tokenizer {
    var file = path
    while file.count > 1, file.hasSuffix("/") { file.removeLast() }
    if FileBytes.isDirectory(file) { file += "/\(TokenizerDocuments.main)" }
    guard let bytes = try FileBytes.readIfPresent(file) else {
      throw .unreadable(path: file, reason: "there is no such file")
    }
    if bytes.starts(with: Array("GGUF".utf8)) {
      throw .unsupported(piece: "a GGUF file (use load(modelPath:))", place: file)
    }
    let isNamed = file == TokenizerDocuments.main || file.hasSuffix("/\(TokenizerDocuments.main)")
    let directory = isNamed ? String(file.dropLast(TokenizerDocuments.main.count)) : ""
    let documents =
      isNamed
      ? try TokenizerDocuments(directory: directory)
      : TokenizerDocuments(files: [.init(name: TokenizerDocuments.main, bytes: bytes)])
    return try Tokenizer(bytes, documents, place: file, directory: directory)
  }

  /// Makes a tokenizer of the text of a `tokenizer.json`; `place` names it in errors.
  package convenience init(
    json: [UInt8], place: String = "tokenizer.json"
  ) throws(TokenizerError) {
    let documents = TokenizerDocuments(files: [.init(name: TokenizerDocuments.main, bytes: json)])
    try self.init(json, documents, place: place, directory: "")
  }

  private convenience init(
    _ json: [UInt8], _ documents: TokenizerDocuments, place: String, directory: String
  ) throws(TokenizerError) {
    let files = try SideFiles(directory: directory) { documents[$0] }
    let parts = try TokenizerFile(json, place: place).parts(files)
    let special = try SpecialTokens(parts, files)
    self.init(parts, bosID: special.bosID, eosID: special.eosID, documents: documents)
  }
}
