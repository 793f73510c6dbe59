import LuffyJSON

extension ModelCheckpoint {
  /// Far above any configuration. The parser's time grows with the square of an object's members, so
  /// a hostile one of this size takes a second.
  private static let documentLimit = 1 << 18

  /// A JSON file whose root is an object.
  static func document(_ path: String) throws(CheckpointError) -> JSONDocument {
    try ForeignContent.refuse(try MappedFile(path: path))
    return try parse(try MappedFile.contents(of: path, limit: documentLimit), file: path)
  }

  static func parse(_ text: [UInt8], file: String) throws(CheckpointError) -> JSONDocument {
    do {
      let document = try JSONDocument(parsing: text)
      if document.root.kind == .object { return document }
    } catch {
      throw CheckpointError(
        error.isOutOfMemory ? .memory : .corrupt, file: file, byte: error.byte, error.reason)
    }
    throw CheckpointError(.corrupt, file: file, byte: 0, "the root is not an object")
  }
}
