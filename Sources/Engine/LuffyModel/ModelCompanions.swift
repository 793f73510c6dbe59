/// What comes with a model's weights: its tokenizer's vocabulary and files, and how it is used for generation.
package struct ModelCompanions: Sendable {
  /// A file that is written beside the weights.
  package struct Document: Sendable {
    package let name: String
    package let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// The text of `generation_config.json`.
  package var generation: [UInt8]?
  /// Ids that end a rollout: what `generation_config.json` names.
  package var generationEndIDs: [Int32] = []
  /// The tokenizer's own, where there is one.
  package var tokenizerEndID: Int32?
  /// Ids that name a token, ascending; nil: the tokenizer is not known.
  package var tokenIDs: [Int32]?
  /// Rows without a token are left out of the softmax.
  package var limitsVocabulary = true
  /// The tokenizer's files; made when they are asked for.
  package var documents: @Sendable () -> [Document] = { [] }

  package init() {}
}

extension Model {
  /// Every id that ends a rollout, ascending: those of `config.json`, of `generation_config.json` (in a GGUF file of
  /// `eos_token_id`, `eot_token_id` and `eom_token_id`) and the tokenizer's.
  public var stopIDs: [Int32] {
    let tokenizer = companions.tokenizerEndID.map { [$0] } ?? []
    return Set(configuration.eosIDs + companions.generationEndIDs + tokenizer)
      .filter { $0 >= 0 && Int($0) < configuration.vocabularySize }.sorted()
  }

  /// Rows of the vocabulary that no token of the model's tokenizer names are left out of every softmax: they are never
  /// drawn, and probabilities are those of the softmax over the other rows. True unless it is switched off; without
  /// effect where no tokenizer is known. Setting it excludes every other use of the model.
  public var limitsVocabulary: Bool {
    get { companions.limitsVocabulary }
    set { companions.limitsVocabulary = newValue }
  }

  /// Rows of the vocabulary that take part in the softmax.
  public var tokenCount: Int { vocabulary.count }

  /// Refuses sequences in which a token has no probability: a row of the vocabulary that is left out.
  ///
  /// `name` says what a sequence is; tokens before `first` are read, but not predicted.
  package func checkTargets(
    _ sequences: [[Int32]], from first: Int, _ name: String = "sequence"
  ) throws(ModelError) {
    if vocabulary.count == configuration.vocabularySize { return }
    for (index, sequence) in sequences.enumerated() {
      guard
        let place = sequence.indices.dropFirst(first).first(where: {
          !vocabulary.contains(sequence[$0])
        })
      else { continue }
      throw .argument(
        "token \(place) of \(name) \(index) is \(sequence[place]), which names no token: the model's tokenizer has "
          + "\(vocabulary.count) of its \(configuration.vocabularySize) ids; encode the text with this tokenizer, or "
          + "switch limit_vocabulary off")
    }
  }
}
