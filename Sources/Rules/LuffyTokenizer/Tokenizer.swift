/// Text ⇄ token ids: byte-level byte-pair encoding as Hugging Face `tokenizers` does it.
///
/// Encoding: added tokens are found in the text; what is between them is normalized and cut into
/// pieces by the pre-tokenizer, and each piece's bytes are merged pair by pair. Immutable once loaded: any
/// number of threads may use one tokenizer at the same time.
public final class Tokenizer: Sendable {
  let model: ByteLevelModel
  let normalizer: Normalizer
  let preTokenizer: PreTokenizer
  /// Added tokens that are looked for in the text as it came
  let rawMatcher: AddedTokenMatcher
  /// Added tokens that are looked for in the normalized text
  let normalizedMatcher: AddedTokenMatcher
  /// ids that decoding may skip
  let specialIDs: Set<Int32>
  /// ids put before and after a text where special tokens are asked for
  let prefixIDs: [Int32]
  let suffixIDs: [Int32]

  /// The largest id and one: what a model's embedding must have at least.
  public let vocabularySize: Int
  /// The token that begins a text, where the files name one.
  public let bosID: Int32?
  /// The token that ends a text, where the files name one or an added token has a well-known name.
  public let eosID: Int32?
  /// What it was made of.
  package let documents: TokenizerDocuments

  init(
    _ parts: TokenizerParts, bosID: Int32?, eosID: Int32?, documents: TokenizerDocuments
  ) {
    self.documents = documents
    model = parts.model
    normalizer = parts.normalizer
    preTokenizer = parts.preTokenizer
    rawMatcher = AddedTokenMatcher(parts.addedTokens.filter { !$0.isNormalized })
    let normalizer = parts.normalizer
    normalizedMatcher = AddedTokenMatcher(
      parts.addedTokens.filter(\.isNormalized).map { token in
        var token = token
        if let normal = unsafe token.content.withUnsafeBufferPointer({
          unsafe normalizer.normalize($0)
        }) {
          token.content = normal
        }
        return token
      })
    specialIDs = Set(parts.addedTokens.filter(\.isSpecial).map(\.id))
    prefixIDs = parts.prefixIDs
    suffixIDs = parts.suffixIDs
    vocabularySize = parts.model.spellings.idCount
    self.bosID = bosID
    self.eosID = eosID
  }

  /// A token as the vocabulary spells it (`Ġthe`, `<|im_end|>`); nil where no token has the id.
  public func token(for id: Int32) -> String? {
    guard model.spellings.contains(id) else { return nil }
    return unsafe model.spellings.with(id) { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// The id of a token as the vocabulary spells it.
  public func id(for token: String) -> Int32? { model.spellings.id(of: token) }

  /// Every id that names a token, with the one that ends a text.
  package var inventory: TokenInventory {
    TokenInventory(
      ids: (0..<Int32(clamping: vocabularySize)).filter(model.spellings.contains), eosID: eosID)
  }

  /// Whether the id is a special token: one that decoding may skip.
  public func isSpecial(_ id: Int32) -> Bool { specialIDs.contains(id) }
}

/// What a file says, read and checked.
struct TokenizerParts {
  var model: ByteLevelModel
  var normalizer: Normalizer = .none
  var preTokenizer: PreTokenizer
  var addedTokens: [AddedToken] = []
  var prefixIDs: [Int32] = []
  var suffixIDs: [Int32] = []
}
