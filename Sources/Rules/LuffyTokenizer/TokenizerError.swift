/// What is wrong with a tokenizer's file, or with a call on a tokenizer.
public enum TokenizerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file is not there or cannot be read.
  case unreadable(path: String, reason: String)
  /// The file says something that no tokenizer can mean. `place` is a path into the file.
  case malformed(place: String, reason: String)
  /// The file asks for a piece that this module does not have.
  case unsupported(piece: String, place: String)
  /// A regular expression that does not compile. `offset` counts bytes of the translated pattern.
  case badPattern(pattern: String, offset: Int, reason: String)
  /// A regular expression took too many steps, or too much memory, on this text.
  case matchingFailed(pattern: String, byte: Int, reason: String)
  /// An id that the vocabulary does not have, at `index` of the sequence.
  case unknownID(id: Int32, index: Int, vocabularySize: Int)
  /// A text longer than `limit` bytes.
  case textTooLong(bytes: Int, limit: Int)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "tokenizer: cannot read \(path): \(reason)"
    case .malformed(let place, let reason):
      "tokenizer: \(place): \(reason)"
    case .unsupported(let piece, let place):
      "tokenizer: \(place): \(piece) is not supported"
    case .badPattern(let pattern, let offset, let reason):
      "tokenizer: the pattern \(quoted(pattern)) does not compile: byte \(offset): \(reason)"
    case .matchingFailed(let pattern, let byte, let reason):
      "tokenizer: the pattern \(quoted(pattern)) failed at byte \(byte) of the text: \(reason)"
    case .unknownID(let id, let index, let size):
      "tokenizer: id \(id) at index \(index) names no token (the vocabulary has \(size) ids)"
    case .textTooLong(let bytes, let limit):
      "tokenizer: a text of \(bytes) bytes is longer than the limit of \(limit)"
    }
  }
}

/// A text from a file as an error may show it: in quotes, no longer than 60 scalars.
func quoted(_ text: String) -> String {
  let head = String(String.UnicodeScalarView(text.unicodeScalars.prefix(60)))
  return head.utf8.count < text.utf8.count ? "\"\(head)…\"" : "\"\(head)\""
}
