import LuffyJSON

extension TokenizerFile {
  /// Vocabulary, merge rules and added tokens.
  func model(addedTokens: [AddedToken]) throws(TokenizerError) -> ByteLevelModel {
    let model = try member("model", of: root, .object, at: "")
    try checkModelOptions(model)
    let vocabulary = try tokens(of: try member("vocab", of: model, .object, at: "model"))
    let largest = max(
      vocabulary.lazy.map(\.id).max() ?? -1, addedTokens.lazy.map(\.id).max() ?? -1)
    var builder = VocabularyBuilder(
      idCount: Int(largest) + 1, tokenCount: vocabulary.count + addedTokens.count,
      place: "\(place) model")
    for token in vocabulary { try builder.add(token.spelling, id: token.id) }
    try addMerges(try member("merges", of: model, .array, at: "model"), to: &builder)
    for (index, token) in addedTokens.enumerated() {
      try builder.addAdded(token, place: "\(place) added_tokens[\(index)]")
    }
    let unknown = model["unk_token"]
    if let unknown, unknown.kind != .string {
      throw .malformed(place: "\(place) model.unk_token", reason: "expected a string")
    }
    return try builder.build(
      unknown: unknown?.string,
      fusesUnknown: try flag("fuse_unk", of: model, default: false, at: "model"),
      ignoresMerges: try flag("ignore_merges", of: model, default: false, at: "model"))
  }

  private func checkModelOptions(_ model: JSONNode) throws(TokenizerError) {
    let type = model["type"]?.string ?? "BPE"  // old files do not say
    if type != "BPE" { throw .unsupported(piece: "the model \(type)", place: "\(place) model") }
    if try flag("byte_fallback", of: model, default: false, at: "model") {
      throw .unsupported(piece: "byte_fallback (SentencePiece)", place: "\(place) model")
    }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let affix = model[key], affix.string != "" {
        throw .unsupported(piece: key, place: "\(place) model")
      }
    }
    if let dropout = model["dropout"], dropout.double != 0 {
      throw .unsupported(piece: "dropout", place: "\(place) model")
    }
  }

  private func tokens(
    of vocabulary: JSONNode
  ) throws(TokenizerError) -> [(spelling: String, id: Int32)] {
    var tokens: [(spelling: String, id: Int32)] = []
    tokens.reserveCapacity(vocabulary.count)
    for (spelling, node) in vocabulary.members {
      guard let id = node.int, id >= 0, id < VocabularyBuilder.idLimit else {
        let place = "\(place) model.vocab[\(quoted(spelling))]"
        let id = try VocabularyBuilder.check(node.int, place: place)
        throw .malformed(place: place, reason: "id \(id) is out of range")
      }
      tokens.append((spelling, Int32(id)))
    }
    return tokens
  }

  private func addMerges(
    _ list: JSONNode, to builder: inout VocabularyBuilder
  ) throws(TokenizerError) {
    builder.reserveMerges(list.count)
    var rule = MergeRule()
    for rank in 0..<list.count {
      guard let node = list[rank], rule.read(node) else {
        throw .malformed(
          place: "\(place) model.merges[\(rank)]",
          reason: "expected \"left right\" or [\"left\", \"right\"]")
      }
      try builder.addMerge(rule.left, rule.right, rank: rank)
    }
  }
}

/// One merge rule as a file writes it, in buffers that are used again.
struct MergeRule {
  private(set) var left: [UInt8] = []
  private(set) var right: [UInt8] = []

  /// A string of two tokens with one space between, or an array of two strings.
  mutating func read(_ node: JSONNode) -> Bool {
    if node.kind == .array {
      guard node.count == 2, let first = node[0], let second = node[1] else { return false }
      let hasFirst: Void? = unsafe first.withUTF8 { unsafe left.replaceSubrange(0..., with: $0) }
      let hasSecond: Void? = unsafe second.withUTF8 { unsafe right.replaceSubrange(0..., with: $0) }
      return hasFirst != nil && hasSecond != nil
    }
    return unsafe node.withUTF8 { unsafe read($0) } ?? false
  }

  mutating func read(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let space = UInt8(ascii: " ")
    guard let at = unsafe text.firstIndex(of: space), unsafe !text[(at + 1)...].contains(space)
    else {
      return false
    }
    unsafe left.replaceSubrange(0..., with: text[..<at])
    unsafe right.replaceSubrange(0..., with: text[(at + 1)...])
    return true
  }
}
