import LuffyJSON

extension Tokenizer {
  /// Loads a `tokenizer.json`, or the one in a directory.
  ///
  /// `eosID` and `bosID` come, where the file is named `tokenizer.json`, from the files beside it —
  /// `tokenizer_config.json`, else `special_tokens_map.json`, else `generation_config.json` — and
  /// otherwise from well-known names of tokens in the vocabulary (`SpecialTokens`).
  ///
  /// - Throws: `.unreadable`, `.malformed`, `.unsupported`, `.badPattern`.
  public static func load(path: String) throws(TokenizerError) -> Tokenizer {
    var file = path
    while file.count > 1, file.hasSuffix("/") { file.removeLast() }
    if FileBytes.isDirectory(file) { file += "/tokenizer.json" }
    guard let bytes = try FileBytes.readIfPresent(file) else {
      throw .unreadable(path: file, reason: "there is no such file")
    }
    let parts = try TokenizerFile(bytes, place: file).parts()
    var special = SpecialTokens(parts)
    if file == "tokenizer.json" {
      try special.read(beside: "")
    } else if file.hasSuffix("/tokenizer.json") {
      try special.read(beside: String(file.dropLast("tokenizer.json".count)))
    }
    return Tokenizer(parts, bosID: special.bosID, eosID: special.eosID)
  }

  /// Makes a tokenizer of the text of a `tokenizer.json`; `place` names it in errors.
  package convenience init(
    json: [UInt8], place: String = "tokenizer.json"
  ) throws(TokenizerError) {
    let parts = try TokenizerFile(json, place: place).parts()
    let special = SpecialTokens(parts)
    self.init(parts, bosID: special.bosID, eosID: special.eosID)
  }
}
