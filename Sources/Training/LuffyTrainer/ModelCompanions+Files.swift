internal import LuffyCheckpoint
internal import LuffyJSON
public import LuffyModel
public import LuffyTokenizer

extension ModelCompanions {
  /// What lies beside a checkpoint's weights, or in the same GGUF file.
  ///
  /// A tokenizer that this library does not read still says which ids it has; one that nothing can be made of is not
  /// known here, and `Tokenizer.load` says why.
  init(_ checkpoint: ModelCheckpoint) throws {
    self.init()
    if let generation = checkpoint.generationConfiguration?.root { try set(generation: generation) }
    if let metadata = checkpoint.tokenizer {
      set(TokenizerDocuments(gguf: GGUFVocabulary(metadata)))
    } else if let files = try? TokenizerDocuments(directory: checkpoint.path + "/") {
      set(files)
    }
  }

  /// The tokenizer's files, and what they say of its ids.
  mutating func set(_ tokenizer: TokenizerDocuments) {
    set(tokenizer.inventory(), tokenizer)
  }

  mutating func set(_ inventory: TokenInventory?, _ tokenizer: TokenizerDocuments) {
    tokenizerEndID = inventory?.eosID
    tokenIDs = inventory?.ids
    documents = { tokenizer.files().map { Document(name: $0.name, bytes: $0.bytes) } }
  }

  /// The object of a `generation_config.json`.
  mutating func set(generation root: JSONNode) throws {
    let writer = JSONWriter(pretty: true)
    guard writer.write(copying: root) else {
      throw ModelError.configuration("generation_config.json is nested beyond reason")
    }
    generation = Array((writer.text + "\n").utf8)
    generationEndIDs = []
    guard let node = root["eos_token_id"] else { return }
    for node in node.kind == .array ? node.elements : [node] {
      guard let id = node.int.flatMap({ Int32(exactly: $0) }) else {
        throw ModelError.configuration(
          "generation_config.json: eos_token_id is not a token id or a list of them")
      }
      generationEndIDs.append(id)
    }
  }
}

extension Model {
  /// Takes a tokenizer for the model's own: rows of the vocabulary that it does not name are left out of the softmax
  /// (`limitsVocabulary`), the token that ends its texts ends rollouts, `save` writes its files. Nil: no tokenizer is
  /// known any more. Excludes every other use of the model.
  ///
  /// - Throws: `ModelError.argument` for a tokenizer that has none of the model's ids.
  public func use(_ tokenizer: Tokenizer?) throws {
    var companions = companions
    guard let tokenizer else {
      companions.set(nil, TokenizerDocuments(files: []))
      self.companions = companions
      return
    }
    guard VocabularyMask(ids: tokenizer.inventory.ids, of: configuration.vocabularySize) != nil
    else {
      throw ModelError.argument(
        "the tokenizer has none of the model's \(configuration.vocabularySize) ids")
    }
    companions.set(tokenizer.inventory, tokenizer.documents)
    self.companions = companions
  }
}
