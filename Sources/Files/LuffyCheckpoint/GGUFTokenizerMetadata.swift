/// What a GGUF file says about its tokenizer, as it says it.
package struct GGUFTokenizerMetadata: Sendable {
  /// `tokenizer.ggml.model`: "gpt2" is byte-level BPE.
  package let model: String
  /// `tokenizer.ggml.pre`: the name of the pre-tokenizer.
  package let preTokenizer: String?
  /// The text of each id; in a byte-level vocabulary spelled in its printable alphabet.
  package let tokens: [String]
  /// 1 normal, 2 unknown, 3 control, 4 user defined, 5 unused, 6 byte; empty where absent.
  package let tokenTypes: [Int]
  /// "left right", most important first.
  package let merges: [String]
  package let bosID: Int?
  package let eosID: Int?
  /// Ends a turn.
  package let eotID: Int?
  /// Ends a message, as a call of a tool.
  package let eomID: Int?
  package let unknownID: Int?
  package let paddingID: Int?
  package let addBOS: Bool?
  package let addEOS: Bool?
  package let addSpacePrefix: Bool?
  package let chatTemplate: String?

  /// Throws `.missing` without tokens, `.corrupt` where the arrays contradict each other.
  package init(_ gguf: GGUFFile) throws(CheckpointError) {
    let values = gguf.metadata
    func value(_ key: String) -> GGUFValue? { values["tokenizer.ggml.\(key)"] }
    guard let tokens = value("tokens")?.array?.strings, let model = value("model")?.string else {
      throw CheckpointError(
        .missing, file: gguf.path, "tokenizer.ggml.model and tokenizer.ggml.tokens")
    }
    let types = value("token_type")?.array?.integers ?? []
    guard types.isEmpty || types.count == tokens.count else {
      throw CheckpointError(
        .corrupt, file: gguf.path, "\(tokens.count) tokens, but \(types.count) token types")
    }
    func id(_ key: String) throws(CheckpointError) -> Int? {
      guard let id = value("\(key)_token_id")?.int else { return nil }
      if id == Int(UInt32.max) { return nil }  // written for "none"
      guard tokens.indices.contains(id) else {
        throw CheckpointError(
          .corrupt, file: gguf.path,
          "tokenizer.ggml.\(key)_token_id is \(id); there are \(tokens.count) tokens")
      }
      return id
    }
    self.model = model
    self.tokens = tokens
    preTokenizer = value("pre")?.string
    tokenTypes = types
    merges = value("merges")?.array?.strings ?? []
    bosID = try id("bos")
    eosID = try id("eos")
    eotID = try id("eot")
    eomID = try id("eom")
    unknownID = try id("unknown")
    paddingID = try id("padding")
    addBOS = value("add_bos_token")?.bool
    addEOS = value("add_eos_token")?.bool
    addSpacePrefix = value("add_space_prefix")?.bool
    chatTemplate = values["tokenizer.chat_template"]?.string
  }
}
