/// Reads a GGUF header from left to right; every read is checked against the file's end.
struct GGUFCursor {
  let file: MappedFile
  private(set) var position: Int
  /// The tensor that is being read, for messages.
  var tensor: String?
  /// The metadata key that is being read, for messages.
  var key: String?

  init(_ file: MappedFile, at position: Int = 0) {
    self.file = file
    self.position = position
  }

  var remaining: Int { file.count - position }

  func failure(
    _ message: String, kind: CheckpointError.Kind = .corrupt, at place: Int? = nil
  ) -> CheckpointError {
    let subject = key.map { "key \($0.excerpt): " } ?? ""
    return CheckpointError(
      kind, file: file.path, tensor: tensor, byte: place ?? position, subject + message)
  }

  /// A little-endian integer.
  mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(
    _: T.Type = T.self
  ) throws(CheckpointError) -> T {
    let size = MemoryLayout<T>.size
    guard size <= remaining else { throw failure("the file ends in the middle of a number") }
    defer { position += size }
    return T(littleEndian: file.bytes.loadUnaligned(fromByteOffset: position, as: T.self))
  }

  /// A length or count, refused when it cannot be one: each item takes at least `itemBytes`.
  mutating func count(of what: String, itemBytes: Int) throws(CheckpointError) -> Int {
    let place = position
    let claimed = try integer(UInt64.self)
    guard claimed <= UInt64(remaining / itemBytes) else {
      throw failure("\(claimed) \(what) in a file with \(remaining) bytes left", at: place)
    }
    return Int(claimed)
  }

  mutating func string() throws(CheckpointError) -> String {
    let bytes = try stringBytes()
    return String(decoding: file.bytes[bytes], as: UTF8.self)
  }

  /// The range of a string's bytes in the file.
  mutating func stringBytes() throws(CheckpointError) -> Range<Int> {
    let length = try count(of: "bytes of a string", itemBytes: 1)
    defer { position += length }
    return position..<position + length
  }

  /// Passes over bytes.
  mutating func skip(_ bytes: Int) throws(CheckpointError) {
    guard bytes >= 0, bytes <= remaining else { throw failure("the file ends too early") }
    position += bytes
  }
}
