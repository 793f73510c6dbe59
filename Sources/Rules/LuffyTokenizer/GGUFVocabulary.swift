/// What the `tokenizer.ggml.*` keys of a GGUF file say.
package struct GGUFVocabulary: Sendable {
  /// `model`: only `gpt2` is byte-level byte-pair encoding.
  package var model: String
  /// `pre`: which pre-tokenizer; nil where the file does not say
  package var pre: String?
  /// `tokens`: the spelling of each id
  package var tokens: [String]
  /// `token_type` of each id, or empty: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused,
  /// 6 byte
  package var tokenTypes: [Int32]
  /// `merges`: "left right", best first
  package var merges: [String]
  package var bosID: Int?
  package var eosID: Int?
  /// nil: what the pre-tokenizer's models do
  package var addBOS: Bool?
  package var addEOS: Bool
  package var unknownID: Int?
  package var paddingID: Int?
  /// `tokenizer.chat_template`
  package var chatTemplate: String?

  package init(
    model: String = "gpt2", pre: String?, tokens: [String], tokenTypes: [Int32] = [],
    merges: [String], bosID: Int? = nil, eosID: Int? = nil, addBOS: Bool? = nil,
    addEOS: Bool = false
  ) {
    self.model = model
    self.pre = pre
    self.tokens = tokens
    self.tokenTypes = tokenTypes
    self.merges = merges
    self.bosID = bosID
    self.eosID = eosID
    self.addBOS = addBOS
    self.addEOS = addEOS
  }

  /// A row that pads the vocabulary: it names no token.
  func isUnused(_ id: Int) -> Bool { tokenTypes.indices.contains(id) && tokenTypes[id] == 5 }
}
