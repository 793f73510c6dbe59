import LuffyJSON

/// Reads a Hugging Face `tokenizer.json`. Its keys are those that `tokenizers` 0.23 writes.
///
/// What the file says about truncation and padding is no part of the ids of a text and is ignored.
struct TokenizerFile {
  let root: JSONNode
  let place: String

  init(_ bytes: [UInt8], place: String) throws(TokenizerError) {
    self.place = place
    do {
      root = try JSONDocument(parsing: bytes).root
    } catch {
      if error.isOutOfMemory { throw .unreadable(path: place, reason: error.reason) }
      throw .malformed(place: place, reason: "\(error)")
    }
    if root.kind != .object {
      throw .malformed(place: place, reason: "expected an object at the top")
    }
  }

  /// `files`: those beside it, which may add tokens.
  func parts(_ files: SideFiles) throws(TokenizerError) -> TokenizerParts {
    let added = try files.extend(try addedTokens(), VocabularyNames(root["model"]?["vocab"]))
    let (normalizer, preTokenizer) = try (self.normalizer(), self.preTokenizer())
    try checkDecoder()
    let model = try self.model(addedTokens: added)
    var parts = TokenizerParts(model: model, preTokenizer: preTokenizer, addedTokens: added)
    parts.normalizer = normalizer
    (parts.prefixIDs, parts.suffixIDs) = try template(model)
    return parts
  }

  // MARK: Reading with places

  /// A member that must be there and of one kind.
  func member(
    _ key: String, of node: JSONNode, _ kind: JSONNode.Kind, at path: String
  ) throws(TokenizerError) -> JSONNode {
    guard let found = node[key] else {
      throw .malformed(place: "\(place) \(path)", reason: "\"\(key)\" is missing")
    }
    if found.kind != kind {
      throw .malformed(
        place: "\(place) \(path).\(key)", reason: "expected a \(kind), found a \(found.kind)")
    }
    return found
  }

  func flag(
    _ key: String, of node: JSONNode, default fallback: Bool, at path: String
  ) throws(TokenizerError) -> Bool {
    guard let found = node[key] else { return fallback }
    guard let value = found.bool else {
      throw .malformed(
        place: "\(place) \(path).\(key)", reason: "expected a bool, found a \(found.kind)")
    }
    return value
  }

  func text(
    _ key: String, of node: JSONNode, at path: String
  ) throws(TokenizerError) -> String {
    try member(key, of: node, .string, at: path).string ?? ""
  }

  /// A member of the root, also one that is null; nil where it is absent.
  func present(_ key: String) -> JSONNode? { root.members.first { $0.key == key }?.value }

  // MARK: Added tokens

  func addedTokens() throws(TokenizerError) -> [AddedToken] {
    guard let list = root["added_tokens"] else { return [] }
    if list.kind != .array {
      throw .malformed(place: "\(place) added_tokens", reason: "expected an array")
    }
    var tokens: [AddedToken] = []
    for (index, node) in list.elements.enumerated() {
      let path = "added_tokens[\(index)]"
      let id = try member("id", of: node, .number, at: path)
      tokens.append(
        AddedToken(
          id: try VocabularyBuilder.check(id.int, place: "\(place) \(path).id"),
          content: Array(try text("content", of: node, at: path).utf8),
          isSpecial: try flag("special", of: node, default: false, at: path),
          isNormalized: try flag("normalized", of: node, default: true, at: path),
          isSingleWord: try flag("single_word", of: node, default: false, at: path),
          stripsLeft: try flag("lstrip", of: node, default: false, at: path),
          stripsRight: try flag("rstrip", of: node, default: false, at: path)))
    }
    return tokens
  }
}
