extension Tokenizer {
  /// The text of ids; bytes that are not UTF-8 become U+FFFD, one for each maximal subpart.
  ///
  /// - Throws: `.unknownID` for an id that names no token.
  public func decode(
    _ ids: [Int32], skipSpecialTokens: Bool = false
  ) throws(TokenizerError) -> String {
    String(decoding: try decodeBytes(ids, skipSpecialTokens: skipSpecialTokens), as: UTF8.self)
  }

  /// The bytes of ids, exactly: what `decode` shows before anything is replaced.
  ///
  /// - Throws: `.unknownID` for an id that names no token.
  public func decodeBytes(
    _ ids: [Int32], skipSpecialTokens: Bool = false
  ) throws(TokenizerError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(ids.count * 4)
    for (index, id) in ids.enumerated() {
      guard model.pieces.contains(id) else {
        throw .unknownID(id: id, index: index, vocabularySize: vocabularySize)
      }
      if skipSpecialTokens, specialIDs.contains(id) { continue }
      model.pieces.with(id) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }
}
