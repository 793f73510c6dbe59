/// Collects tokens and merge rules from a file, checks them, and makes the model.
struct VocabularyBuilder {
  /// Ids from here on are refused: a file cannot ask for more memory than its tokens deserve.
  static let idLimit = 1 << 22
  /// All tokens together, in bytes
  private static let byteLimit = 1 << 30

  private var spellings: TokenStrings
  private var isOutside: [Bool]  // of the model: no merge rule or piece may give it
  private let place: String
  private var whole: [UInt8] = []  // scratch
  private var merges = BytePairMerges(capacity: 0)

  /// Room for `tokenCount` tokens with ids (that `check` has passed) in 0..<idCount.
  init(idCount: Int, tokenCount: Int, place: String) {
    spellings = TokenStrings(idCount: idCount, indexCapacity: tokenCount)
    isOutside = Array(repeating: false, count: idCount)
    self.place = place
  }

  /// An id of a file as this module holds ids.
  static func check(_ id: Int?, place: String) throws(TokenizerError) -> Int32 {
    guard let id else { throw .malformed(place: place, reason: "expected a whole number") }
    guard id >= 0, id < idLimit else {
      throw .malformed(place: place, reason: "id \(id) is not within 0..<\(idLimit)")
    }
    return Int32(id)
  }

  /// Adds a token of the model; two tokens may share neither an id nor a spelling.
  mutating func add(
    _ spelling: String, id: Int32, outside: Bool = false
  ) throws(TokenizerError) {
    var spelling = spelling
    if spellings.byteCount + spelling.utf8.count > Self.byteLimit {
      throw .malformed(place: place, reason: "the tokens take more than \(Self.byteLimit) bytes")
    }
    let result = spelling.withUTF8 { bytes -> Bool in
      if spellings.contains(id) { return false }
      unsafe spellings.store(bytes, id: id)
      return spellings.index(id)
    }
    if !result {
      throw .malformed(place: place, reason: "\(quoted(spelling)) or its id \(id) occurs twice")
    }
    isOutside[Int(id)] = outside
  }

  /// Adds a token outside the model, or marks one of the model.
  mutating func addAdded(_ token: AddedToken, place: String) throws(TokenizerError) {
    let content = String(decoding: token.content, as: UTF8.self)
    if token.content.isEmpty || token.content.count > AddedTokenMatcher.longestContent {
      throw .malformed(
        place: place,
        reason: "a content of \(token.content.count) bytes is not within "
          + "1...\(AddedTokenMatcher.longestContent)")
    }
    let known = spellings.id(of: content)
    if known == nil, !spellings.contains(token.id) {
      try add(content, id: token.id, outside: true)
    } else if known != token.id {
      let other = known.map { "has id \($0)" } ?? "is not what has that id"
      throw .malformed(
        place: place,
        reason: "\(quoted(content)) is given id \(token.id), but in the vocabulary it \(other)")
    }
  }

  func id(of spelling: String) -> Int32? { spellings.id(of: spelling) }

  mutating func reserveMerges(_ count: Int) { merges = BytePairMerges(capacity: count) }

  /// Adds the rule of this rank; left, right and both together must be tokens.
  mutating func addMerge(
    _ left: [UInt8], _ right: [UInt8], rank: Int
  ) throws(TokenizerError) {
    let leftID = unsafe left.withUnsafeBufferPointer { unsafe spellings.id(of: $0) }
    let rightID = unsafe right.withUnsafeBufferPointer { unsafe spellings.id(of: $0) }
    whole.replaceSubrange(0..., with: left)
    whole.append(contentsOf: right)
    let wholeID = unsafe whole.withUnsafeBufferPointer { unsafe spellings.id(of: $0) }
    guard let leftID, let rightID, let wholeID, rank < Int(UInt32.max) else {
      let missing = leftID == nil ? left : rightID == nil ? right : whole
      throw .malformed(
        place: "\(place) merges[\(rank)]",
        reason: "\(quoted(String(decoding: missing, as: UTF8.self))) is not in the vocabulary")
    }
    merges.insert(left: leftID, right: rightID, rank: UInt32(rank), merged: wholeID)
  }

  /// Makes the model. With `ignoresMerges`, a piece that is a token is that token, whatever the
  /// rules make of it; without, only where the rules agree.
  func build(
    unknown: String?, fusesUnknown: Bool, ignoresMerges: Bool
  ) throws(TokenizerError) -> ByteLevelModel {
    let byteIDs = ByteAlphabet.scalars.map { spellings.id(of: String(Character($0))) ?? -1 }
    if byteIDs.allSatisfy({ $0 < 0 }) {
      throw .malformed(place: place, reason: "the vocabulary has no byte-level token at all")
    }
    let unknownID = unknown.flatMap { spellings.id(of: $0) }
    if let unknown, unknownID == nil, byteIDs.contains(-1) {
      throw .malformed(
        place: place, reason: "the unknown token \(quoted(unknown)) is not in the vocabulary")
    }
    let (pieces, spelled) = decodedPieces()
    var model = ByteLevelModel(
      spellings: spellings, pieces: pieces, merges: merges, byteIDs: byteIDs,
      unknownID: unknownID, fusesUnknown: fusesUnknown)
    var ids: [Int32] = []
    var whole: [Int32] = []
    for id in spelled where !isOutside[Int(id)] {
      ids.removeAll(keepingCapacity: true)
      if !ignoresMerges { unsafe pieces.with(id) { unsafe model.encodeByMerging($0, to: &ids) } }
      if ignoresMerges || ids == [id] { whole.append(id) }
    }
    for id in whole { _ = model.pieces.index(id) }
    return model
  }

  /// The bytes of every token, and the ids of those that are spelled in the byte alphabet.
  private func decodedPieces() -> (pieces: TokenStrings, spelled: [Int32]) {
    var pieces = TokenStrings(
      idCount: spellings.idCount, indexCapacity: spellings.indexedCount)
    var spelled: [Int32] = []
    var scratch: [UInt8] = []
    for id in 0..<Int32(spellings.idCount) where spellings.contains(id) {
      scratch.removeAll(keepingCapacity: true)
      if unsafe spellings.with(id, { unsafe ByteAlphabet.append($0, to: &scratch) }) {
        spelled.append(id)
      } else {
        unsafe spellings.with(id) { unsafe scratch.append(contentsOf: $0) }
      }
      unsafe scratch.withUnsafeBufferPointer { unsafe pieces.store($0, id: id) }
    }
    return (pieces, spelled)
  }
}
