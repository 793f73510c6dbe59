/// The vocabulary and merge rules: bytes of one piece → ids.
struct ByteLevelModel: Sendable {
  /// Every token as its file spells it, added tokens too.
  let spellings: TokenStrings
  /// The bytes of every token. Indexed: the tokens that a piece of exactly these bytes becomes.
  var pieces: TokenStrings
  let merges: BytePairMerges
  /// id of a byte on its own; −1: no such token
  let byteIDs: [Int32]
  /// What a byte without a token becomes; nil: nothing, as in Hugging Face `tokenizers`.
  let unknownID: Int32?
  /// One unknown token for a run of such bytes.
  let fusesUnknown: Bool

  /// Appends the ids of a piece.
  @inline(__always)
  func encode(_ piece: UnsafeBufferPointer<UInt8>, to ids: inout [Int32]) {
    if let id = unsafe pieces.id(of: piece) {
      ids.append(id)
    } else {
      unsafe encodeByMerging(piece, to: &ids)
    }
  }

  /// Appends what the merge rules make of a piece.
  func encodeByMerging(_ piece: UnsafeBufferPointer<UInt8>, to ids: inout [Int32]) {
    let start = ids.count
    var afterUnknown = false
    for index in piece.indices {
      let id = byteIDs[Int(unsafe piece[index])]
      if id >= 0 {
        ids.append(id)
        afterUnknown = false
      } else if let unknownID, !(fusesUnknown && afterUnknown) {
        ids.append(unknownID)
        afterUnknown = true
      }
    }
    merges.apply(to: &ids, from: start)
  }
}
