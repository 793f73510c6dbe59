extension Tokenizer {
  /// The longest text that `encode` takes, in bytes: to merge one piece of that size takes 4 GB.
  public static let longestText = 1 << 27

  /// The ids of a text.
  ///
  /// Added tokens written in the text (`<|im_end|>`) become their ids, as in Hugging Face
  /// `tokenizers`. With `addSpecialTokens`, what the file's template puts around a text is added.
  ///
  /// - Throws: `.matchingFailed` where a pattern of the file exceeds its step limit on this text;
  ///   `.textTooLong`.
  /// - Complexity: O(n log n) in the length of the longest piece, else O(n).
  public func encode(
    _ text: String, addSpecialTokens: Bool = false
  ) throws(TokenizerError) -> [Int32] {
    try encode(bytes: Array(text.utf8), addSpecialTokens: addSpecialTokens)
  }

  /// The ids of bytes that need not be UTF-8.
  ///
  /// Stretches of valid UTF-8 are encoded as texts of their own. A run of other bytes between them
  /// is one piece: nothing is normalized, found or cut in it; its bytes are merged as they are.
  package func encode(
    bytes: [UInt8], addSpecialTokens: Bool = false
  ) throws(TokenizerError) -> [Int32] {
    if bytes.count > Self.longestText {
      throw .textTooLong(bytes: bytes.count, limit: Self.longestText)
    }
    return try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(TokenizerError) in
      try unsafe encode(buffer, addSpecialTokens: addSpecialTokens)
    }
  }

  private func encode(
    _ bytes: UnsafeBufferPointer<UInt8>, addSpecialTokens: Bool
  ) throws(TokenizerError) -> [Int32] {
    var encoder = try PieceEncoder(preTokenizer, model)
    encoder.reserve(bytes.count / 4 + prefixIDs.count + suffixIDs.count)
    if addSpecialTokens { encoder.append(prefixIDs) }
    var index = 0
    while index < bytes.count {
      let textEnd = unsafe UTF8Scan.runEnd(bytes, from: index, isValid: true)
      if textEnd > index {
        let text = unsafe UnsafeBufferPointer(rebasing: bytes[index..<textEnd])
        try unsafe encode(text, isNormalized: false, with: &encoder)
      }
      index = unsafe UTF8Scan.runEnd(bytes, from: textEnd, isValid: false)
      unsafe encoder.encodeRaw(UnsafeBufferPointer(rebasing: bytes[textEnd..<index]))
    }
    if addSpecialTokens { encoder.append(suffixIDs) }
    return encoder.ids
  }

  /// Added tokens become ids. What is between them is first normalized and searched once more, then
  /// cut and merged.
  private func encode(
    _ text: UnsafeBufferPointer<UInt8>, isNormalized: Bool, with encoder: inout PieceEncoder
  ) throws(TokenizerError) {
    for part in unsafe (isNormalized ? normalizedMatcher : rawMatcher).parts(of: text) {
      if let token = part.token {
        encoder.append(CollectionOfOne(token))
        continue
      }
      let stretch = unsafe UnsafeBufferPointer(rebasing: text[part.start..<part.end])
      if isNormalized {
        try unsafe encoder.encode(stretch)
      } else if let normal = unsafe normalizer.normalize(stretch) {
        try unsafe normal.withUnsafeBufferPointer { (normal) throws(TokenizerError) in
          try unsafe encode(normal, isNormalized: true, with: &encoder)
        }
      } else {
        try unsafe encode(stretch, isNormalized: true, with: &encoder)
      }
    }
  }
}
