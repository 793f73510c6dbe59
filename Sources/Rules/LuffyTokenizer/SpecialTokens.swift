/// Which tokens begin and end a text: what the files name, else a well-known name among the added tokens.
struct SpecialTokens {
  let bosID: Int32?
  let eosID: Int32?

  /// In this order; base models' names come before those of a chat's turn.
  private static let endNames = [
    "<|endoftext|>", "<|im_end|>", "</s>", "<|end_of_text|>", "<|eot_id|>", "<｜end▁of▁sentence｜>",
    "<eos>",
  ]
  private static let beginNames = ["<|begin_of_text|>", "<s>", "<｜begin▁of▁sentence｜>", "<bos>"]

  /// `files`: those beside `tokenizer.json`; nil where it is alone.
  init(_ parts: TokenizerParts, _ files: SideFiles?) throws(TokenizerError) {
    func known(_ names: [String]) -> Int32? {
      names.lazy.compactMap { name in
        parts.addedTokens.first { $0.content == Array(name.utf8) }?.id
      }.first
    }
    (bosID, eosID) = (
      try Self.id("bos", parts, files, otherwise: parts.prefixIDs.first ?? known(Self.beginNames)),
      try Self.id("eos", parts, files, otherwise: known(Self.endNames))
    )
  }

  private static func id(
    _ name: String, _ parts: TokenizerParts, _ files: SideFiles?, otherwise fallback: Int32?
  ) throws(TokenizerError) -> Int32? {
    guard let files else { return fallback }
    switch try files.role(name) {
    case .token(let token):
      return parts.addedTokens.first { $0.content == token.content }?.id
    case .none: return nil
    case .absent:
      guard let (id, place) = try files.generationID(name) else { return fallback }
      guard parts.model.spellings.contains(id) else {
        throw .malformed(place: place, reason: "id \(id) names no token")
      }
      return id
    }
  }
}
