extension Tokenizer {
  /// Makes a tokenizer of a GGUF file's metadata.
  ///
  /// Control tokens are special added tokens, user-defined ones plain added tokens; both are found
  /// in the text as it came. Qwen2's normalizer is lost on the way to GGUF: it is put back here,
  /// so that ids are those of the `tokenizer.json` they were made from. Unused tokens (type 5) pad the vocabulary and
  /// are no tokens.
  ///
  /// - Throws: `.malformed`, `.unsupported`.
  package convenience init(gguf: GGUFVocabulary) throws(TokenizerError) {
    let place = "tokenizer.ggml"
    guard gguf.model == "gpt2" else {
      throw .unsupported(piece: "the model \(quoted(gguf.model))", place: "\(place).model")
    }
    let pre = try GGUFPreTokenizer(gguf)
    let (builder, added) = try Self.vocabulary(gguf, place: place)
    let model = try builder.build(
      unknown: nil, fusesUnknown: false, ignoresMerges: pre == .llama3)
    let bos = try gguf.bosID.map { id throws(TokenizerError) in
      try Self.known(id, model, place: "\(place).bos_token_id")
    }
    let eos = try gguf.eosID.map { id throws(TokenizerError) in
      try Self.known(id, model, place: "\(place).eos_token_id")
    }
    var parts = TokenizerParts(
      model: model, preTokenizer: PreTokenizer(steps: try pre.steps()), addedTokens: added)
    if pre == .qwen2 { parts.normalizer = .composed }
    if gguf.addBOS ?? pre.addsBOS, let bos { parts.prefixIDs = [bos] }
    if gguf.addEOS, let eos { parts.suffixIDs = [eos] }
    self.init(parts, bosID: bos, eosID: eos, documents: TokenizerDocuments(gguf: gguf))
  }

  private static func known(
    _ id: Int, _ model: ByteLevelModel, place: String
  ) throws(TokenizerError) -> Int32 {
    let known = try VocabularyBuilder.check(id, place: place)
    if model.spellings.contains(known) { return known }
    throw .malformed(place: place, reason: "id \(id) names no token")
  }

  private static func vocabulary(
    _ gguf: GGUFVocabulary, place: String
  ) throws(TokenizerError) -> (VocabularyBuilder, [AddedToken]) {
    let count = gguf.tokens.count
    guard count <= VocabularyBuilder.idLimit else {
      throw .malformed(place: "\(place).tokens", reason: "\(count) tokens are too many")
    }
    guard gguf.tokenTypes.isEmpty || gguf.tokenTypes.count == count else {
      throw .malformed(
        place: "\(place).token_type",
        reason: "\(gguf.tokenTypes.count) types for \(count) tokens")
    }
    let used = (gguf.tokens.indices.last { !gguf.isUnused($0) } ?? -1) + 1
    var builder = VocabularyBuilder(idCount: used, tokenCount: count, place: place)
    var added: [AddedToken] = []
    for (index, spelling) in gguf.tokens.enumerated() where !gguf.isUnused(index) {
      let type = gguf.tokenTypes.isEmpty ? 1 : gguf.tokenTypes[index]
      try builder.add(spelling, id: Int32(index), outside: type != 1)
      guard type == 3 || type == 4 else { continue }
      let token = AddedToken(
        id: Int32(index), content: Array(spelling.utf8), isSpecial: type == 3)
      try builder.addAdded(token, place: "\(place).tokens[\(index)]")
      added.append(token)
    }
    builder.reserveMerges(gguf.merges.count)
    var rule = MergeRule()
    for (rank, text) in gguf.merges.enumerated() {
      var text = text
      guard text.withUTF8({ unsafe rule.read($0) }) else {
        throw .malformed(place: "\(place).merges[\(rank)]", reason: "expected \"left right\"")
      }
      try builder.addMerge(rule.left, rule.right, rank: rank)
    }
    return (builder, added)
  }
}
