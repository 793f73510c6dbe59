/// What ids say, and how many of them say nothing.
public struct DecodedText: Sendable, Equatable {
  /// Exactly, before anything is replaced by U+FFFD but the ids that name no token.
  public var bytes: [UInt8]
  /// Ids without a token: a padding row of the model's vocabulary, or an id beyond it.
  public var unknownIDs: Int
  /// Bytes that are not UTF-8 become U+FFFD, one for each maximal subpart.
  public var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension Tokenizer {
  /// The text of ids; bytes that are not UTF-8 become U+FFFD, one for each maximal subpart, and so does an id that
  /// names no token (`decodeChecked` counts those).
  ///
  /// - Throws: `.unknownID` for a negative number, which is no id.
  public func decode(
    _ ids: [Int32], skipSpecialTokens: Bool = false
  ) throws(TokenizerError) -> String {
    try decodeChecked(ids, skipSpecialTokens: skipSpecialTokens).text
  }

  /// The bytes of ids, exactly: what `decode` shows before bytes are replaced.
  ///
  /// - Throws: `.unknownID` for a negative number, which is no id.
  public func decodeBytes(
    _ ids: [Int32], skipSpecialTokens: Bool = false
  ) throws(TokenizerError) -> [UInt8] {
    try decodeChecked(ids, skipSpecialTokens: skipSpecialTokens).bytes
  }

  /// The bytes of ids with the number of those that name no token, for each of which U+FFFD stands.
  ///
  /// - Throws: `.unknownID` for a negative number, which is no id.
  public func decodeChecked(
    _ ids: [Int32], skipSpecialTokens: Bool = false
  ) throws(TokenizerError) -> DecodedText {
    var result = DecodedText(bytes: [], unknownIDs: 0)
    result.bytes.reserveCapacity(ids.count * 4)
    for (index, id) in ids.enumerated() {
      if id < 0 { throw .unknownID(id: id, index: index, vocabularySize: vocabularySize) }
      if !model.pieces.contains(id) {
        result.bytes.append(contentsOf: [0xEF, 0xBF, 0xBD])  // U+FFFD
        result.unknownIDs += 1
        continue
      }
      if skipSpecialTokens, specialIDs.contains(id) { continue }
      unsafe model.pieces.with(id) { unsafe result.bytes.append(contentsOf: $0) }
    }
    return result
  }
}
