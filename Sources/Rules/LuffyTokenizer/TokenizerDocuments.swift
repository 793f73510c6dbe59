import LuffyJSON

/// The files that make a tokenizer, for whoever writes a model directory that other programs read.
package struct TokenizerDocuments: Sendable {
  package struct File: Sendable {
    /// A plain file name.
    package let name: String
    package let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  static let main = "tokenizer.json"
  /// Every name that a tokenizer's file may have beside a model, in the order in which they are written.
  package static let names = [
    main, "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json",
    "merges.txt", "tokenizer.model", "chat_template.jinja", "chat_template.json",
  ]
  /// No part of a tokenizer, but it may name the tokens that begin and end a text.
  private static let generation = "generation_config.json"

  private enum Origin: Sendable {
    case files([File])
    /// Indirect, so that a copy of the other case does not read words of this one that nobody wrote.
    indirect case gguf(GGUFVocabulary)
  }

  private let origin: Origin

  package init(files: [File]) { origin = .files(files) }

  /// Files in the layout of Hugging Face are made of it when they are asked for.
  package init(gguf: GGUFVocabulary) { origin = .gguf(gguf) }

  /// What a directory has of them; `directory` ends with a slash or is empty.
  package init(directory: String) throws(TokenizerError) {
    var files: [File] = []
    for name in Self.names + [Self.generation] {
      guard let bytes = try FileBytes.readIfPresent(directory + name) else { continue }
      files.append(File(name: name, bytes: bytes))
    }
    origin = .files(files)
  }

  /// The tokenizer's files; none where there is no tokenizer.
  package func files() -> [File] {
    switch origin {
    case .files(let files): files.filter { $0.name != Self.generation }
    case .gguf(let vocabulary): vocabulary.huggingFaceFiles()
    }
  }

  /// A GGUF file's; nil of files.
  var vocabulary: GGUFVocabulary? {
    if case .gguf(let vocabulary) = origin { vocabulary } else { nil }
  }

  /// A file by its name.
  subscript(name: String) -> [UInt8]? {
    guard case .files(let files) = origin else { return nil }
    return files.first { $0.name == name }?.bytes
  }

  /// Which ids name a token, and the one that ends a text, without making the tokenizer: also of kinds of tokenizers
  /// that this module does not read. Nil where there is no vocabulary, or none that can be understood.
  package func inventory() -> TokenInventory? {
    switch origin {
    case .gguf(let vocabulary): TokenInventory(vocabulary)
    case .files: try? TokenInventory(self)
    }
  }
}

/// Which ids of a vocabulary name a token.
package struct TokenInventory: Sendable {
  /// Ascending.
  package let ids: [Int32]
  /// What the files name.
  package let eosID: Int32?

  init(ids: [Int32], eosID: Int32?) {
    self.ids = ids
    self.eosID = eosID
  }

  fileprivate init(_ gguf: GGUFVocabulary) {
    ids = gguf.tokens.indices.filter { !gguf.isUnused($0) }.map { Int32(clamping: $0) }
    eosID = gguf.eosID.flatMap { Int32(exactly: $0) }
  }

  /// Of a `tokenizer.json` of any model (a vocabulary by name, or a list) with the files beside it.
  fileprivate init(_ documents: TokenizerDocuments) throws(TokenizerError) {
    guard let json = documents[TokenizerDocuments.main] else {
      throw .unreadable(path: TokenizerDocuments.main, reason: "there is no such file")
    }
    let file = try TokenizerFile(json, place: TokenizerDocuments.main)
    let files = try SideFiles(directory: "") { documents[$0] }
    guard let vocabulary = file.root["model"]?["vocab"] else {
      throw .malformed(place: TokenizerDocuments.main, reason: "there is no vocabulary")
    }
    let names = VocabularyNames(vocabulary)
    let added = try files.extend(try file.addedTokens(), names)
    let ids = names.ids + added.map(\.id)
    self.ids = Array(Set(ids)).sorted()
    if case .token(let token) = try files.role("eos") {
      eosID = added.first { $0.content == token.content }?.id
    } else {
      eosID = nil
    }
  }
}
