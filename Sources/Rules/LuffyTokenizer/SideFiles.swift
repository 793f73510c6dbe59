import LuffyJSON

/// The files that Hugging Face lays beside a `tokenizer.json`: they add tokens to it and say which ones begin and end
/// a text. Read as `PreTrainedTokenizerFast` of transformers reads them.
struct SideFiles {
  /// What the files say about one role, as `eos`.
  enum Role {
    /// No file has the key.
    case absent
    /// A file says that there is none.
    case none
    case token(AddedToken)
  }

  private let configuration: TokenizerFile?
  private let map: TokenizerFile?
  private let legacy: TokenizerFile?
  private let generation: TokenizerFile?

  /// In the order in which transformers numbers those that the vocabulary lacks.
  private static let roles = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"]

  /// What a tokenizer's class of transformers names where no file has the key.
  private static let classDefaults: [String: Set<String>] = [
    "Qwen2Tokenizer": ["eos", "unk", "pad"], "GPT2Tokenizer": ["bos", "eos", "unk"],
  ]
  private static let defaultToken = "<|endoftext|>"

  /// `read` answers the bytes of a file by its name; nil where there is none. `directory` names them in errors.
  init(
    directory: String, read: (String) throws(TokenizerError) -> [UInt8]?
  ) throws(TokenizerError) {
    func file(_ name: String) throws(TokenizerError) -> TokenizerFile? {
      guard let bytes = try read(name) else { return nil }
      return try TokenizerFile(bytes, place: directory + name)
    }
    configuration = try file("tokenizer_config.json")
    generation = try file("generation_config.json")
    // Files that transformers wrote before it had `added_tokens_decoder`; it reads them only where that is absent.
    let isOld = configuration?.root["added_tokens_decoder"] == nil
    map = isOld ? try file("special_tokens_map.json") : nil
    legacy = isOld ? try file("added_tokens.json") : nil
  }

  /// The token of a role: `tokenizer_config.json`'s, else that of `special_tokens_map.json`.
  func role(_ name: String) throws(TokenizerError) -> Role {
    var result = Role.absent
    for case let file? in [configuration, map] {
      guard let node = file.present("\(name)_token") else { continue }
      if let token = try Self.token(node, in: file, at: "\(name)_token") { return .token(token) }
      result = .none
    }
    if case .absent = result, hasClassDefault(name) {
      return .token(AddedToken(id: -1, content: Array(Self.defaultToken.utf8), isSpecial: true))
    }
    return result
  }

  private func hasClassDefault(_ name: String) -> Bool {
    guard var type = configuration?.root["tokenizer_class"]?.string else { return false }
    if type.hasSuffix("Fast") { type.removeLast(4) }
    return Self.classDefaults[type]?.contains(name) == true
  }

  /// The first id of `<name>_token_id` in `generation_config.json`.
  func generationID(_ name: String) throws(TokenizerError) -> (id: Int32, place: String)? {
    guard let generation, let node = generation.root["\(name)_token_id"] else { return nil }
    let place = "\(generation.place) \(name)_token_id"
    let first = node.kind == .array ? node[0]?.int : node.int
    return (try VocabularyBuilder.check(first, place: place), place)
  }

  /// The added tokens of `tokenizer.json` and those that only the other files have.
  ///
  /// What the vocabulary has keeps its id; anything else gets the next free one, whatever id the files give it, as in
  /// transformers. A token with a role is special.
  func extend(
    _ tokens: [AddedToken], _ vocabulary: VocabularyNames
  ) throws(TokenizerError) -> [AddedToken] {
    var list = AddedTokenList(tokens, vocabulary)
    for token in try listed() { list.define(token) }
    for token in try legacyTokens() { list.addMissing(token) }
    for name in Self.roles {
      if case .token(let token) = try role(name) { list.mark(token) }
    }
    for token in try additional() { list.mark(token) }
    return list.tokens
  }

  /// `added_tokens_decoder`: {"id": {"content": …, …}}, by id.
  private func listed() throws(TokenizerError) -> [AddedToken] {
    guard let file = configuration, let node = file.root["added_tokens_decoder"] else { return [] }
    var tokens: [AddedToken] = []
    for (key, value) in node.members {
      let path = "added_tokens_decoder[\(quoted(key))]"
      guard var token = try Self.token(value, in: file, at: path) else {
        throw .malformed(place: "\(file.place) \(path)", reason: "\"content\" is missing")
      }
      token.id = try VocabularyBuilder.check(Int(key), place: "\(file.place) \(path)")
      token.isSpecial = try file.flag("special", of: value, default: false, at: path)
      tokens.append(token)
    }
    return tokens.sorted { $0.id < $1.id }
  }

  /// `added_tokens.json`: {"content": id}, by id.
  private func legacyTokens() throws(TokenizerError) -> [AddedToken] {
    guard let legacy else { return [] }
    var tokens: [AddedToken] = []
    for (content, node) in legacy.root.members {
      let id = try VocabularyBuilder.check(node.int, place: "\(legacy.place) \(quoted(content))")
      tokens.append(
        AddedToken(id: id, content: Array(content.utf8), isSpecial: false, isNormalized: true))
    }
    return tokens.sorted { $0.id < $1.id }
  }

  /// `additional_special_tokens` and `extra_special_tokens`: a list, or an object of named tokens.
  private func additional() throws(TokenizerError) -> [AddedToken] {
    for case let file? in [configuration, map] {
      var tokens: [AddedToken] = []
      for key in ["additional_special_tokens", "extra_special_tokens"] {
        guard let node = file.root[key] else { continue }
        for part in node.elements + node.members.map(\.value) {
          if let token = try Self.token(part, in: file, at: key) { tokens.append(token) }
        }
      }
      if !tokens.isEmpty { return tokens }
    }
    return []
  }

  /// A text, or an object with a content and flags; nil for null and for an empty text.
  private static func token(
    _ node: JSONNode, in file: TokenizerFile, at path: String
  ) throws(TokenizerError) -> AddedToken? {
    if node.isNull { return nil }
    guard let content = node.string ?? node["content"]?.string else {
      throw .malformed(
        place: "\(file.place) \(path)", reason: "expected a text, or an object with \"content\"")
    }
    if content.isEmpty { return nil }
    var token = AddedToken(id: -1, content: Array(content.utf8), isSpecial: true)
    if node.kind == .object {
      token.isNormalized = try file.flag("normalized", of: node, default: false, at: path)
      token.isSingleWord = try file.flag("single_word", of: node, default: false, at: path)
      token.stripsLeft = try file.flag("lstrip", of: node, default: false, at: path)
      token.stripsRight = try file.flag("rstrip", of: node, default: false, at: path)
    }
    return token
  }
}

/// Added tokens as they grow. Ids are given as `tokenizers` gives them.
private struct AddedTokenList {
  private(set) var tokens: [AddedToken]
  private var places: [[UInt8]: Int] = [:]
  private let vocabulary: VocabularyNames
  /// After the vocabulary and after every added token.
  private var next: Int32

  init(_ tokens: [AddedToken], _ vocabulary: VocabularyNames) {
    self.tokens = tokens
    self.vocabulary = vocabulary
    next = Int32(clamping: vocabulary.count)
    for (index, token) in tokens.enumerated() {
      places[token.content] = index
      next = max(next, token.id &+ 1)
    }
  }

  /// With these flags, also where it is there already. What was special stays special.
  mutating func define(_ token: AddedToken) {
    guard let place = places[token.content] else { return append(token) }
    var token = token
    token.id = tokens[place].id
    token.isSpecial = token.isSpecial || tokens[place].isSpecial
    tokens[place] = token
  }

  mutating func addMissing(_ token: AddedToken) {
    if places[token.content] == nil { append(token) }
  }

  /// Special, with the flags that it has where it is there already.
  mutating func mark(_ token: AddedToken) {
    guard let place = places[token.content] else { return append(token) }
    tokens[place].isSpecial = true
  }

  private mutating func append(_ token: AddedToken) {
    var token = token
    token.id = vocabulary.id(of: String(decoding: token.content, as: UTF8.self)) ?? next
    next = max(next, token.id &+ 1)
    places[token.content] = tokens.count
    tokens.append(token)
  }
}
