import LuffyJSON

/// Which tokens begin and end a text.
struct SpecialTokens {
  private(set) var bosID: Int32?
  private(set) var eosID: Int32?
  private let model: ByteLevelModel

  /// In this order; base models' names come before those of a chat's turn.
  private static let endNames = [
    "<|endoftext|>", "<|im_end|>", "</s>", "<|end_of_text|>", "<|eot_id|>", "<｜end▁of▁sentence｜>",
    "<eos>",
  ]
  private static let beginNames = ["<|begin_of_text|>", "<s>", "<｜begin▁of▁sentence｜>", "<bos>"]

  /// From the tokenizer's own file: the template's first token, and well-known names.
  init(_ parts: TokenizerParts) {
    model = parts.model
    let model = parts.model
    bosID =
      parts.prefixIDs.first
      ?? Self.beginNames.lazy.compactMap { model.spellings.id(of: $0) }.first
    eosID = Self.endNames.lazy.compactMap { model.spellings.id(of: $0) }.first
  }

  /// From the files beside it; `directory` ends with a slash or is empty.
  mutating func read(beside directory: String) throws(TokenizerError) {
    var bos: Int32?
    var eos: Int32?
    for name in ["tokenizer_config.json", "special_tokens_map.json", "generation_config.json"] {
      guard let bytes = try FileBytes.readIfPresent(directory + name) else { continue }
      let file = try TokenizerFile(bytes, place: directory + name)
      if bos == nil { bos = try token("bos", in: file) }
      if eos == nil { eos = try token("eos", in: file) }
    }
    bosID = bos ?? bosID
    eosID = eos ?? eosID
  }

  /// `<kind>_token`: a text, or an object with its content; `<kind>_token_id`: an id or several.
  private func token(_ kind: String, in file: TokenizerFile) throws(TokenizerError) -> Int32? {
    if let node = file.root["\(kind)_token"], let text = node.string ?? node["content"]?.string {
      guard let id = model.spellings.id(of: text) else {
        throw .malformed(
          place: "\(file.place) \(kind)_token", reason: "\(quoted(text)) is not in the vocabulary")
      }
      return id
    }
    guard let node = file.root["\(kind)_token_id"] else { return nil }
    let place = "\(file.place) \(kind)_token_id"
    let id = try VocabularyBuilder.check(
      node.kind == .array ? node[0]?.int : node.int, place: place)
    guard model.spellings.contains(id) else {
      throw .malformed(place: place, reason: "id \(id) names no token")
    }
    return id
  }
}
