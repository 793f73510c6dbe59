/// `%`, percent, percentage, pct.
enum PercentWord {
  /// Where the word that begins at `cursor` ends; `percentage` counts as `percent` and a rest, as an
  /// alternation takes the first that fits.
  static func end(in text: Bytes, at cursor: Int) -> Int? {
    guard let byte = text.byte(at: cursor) else { return nil }
    if byte == UInt8(ascii: "%") { return cursor + 1 }
    guard byte == UInt8(ascii: "p") || byte == UInt8(ascii: "P") else { return nil }
    if text.matches("ercent", at: cursor + 1) { return cursor + 7 }
    if text.matches("ct", at: cursor + 1) { return cursor + 3 }
    return nil
  }
}
