/// Reads a JSON text of a known form from left to right.
///
/// A safetensors header and index need two things that a tree does not give: the byte of a fault,
/// and repeated keys refused. Nothing here recurses, and nothing is allocated before its bytes were
/// seen.
struct HeaderScanner {
  private let bytes: UnsafeRawBufferPointer
  private let file: String
  /// Where `bytes` begins in the file.
  private let origin: Int
  private(set) var position = 0
  /// The tensor that is being read, for messages.
  var tensor: String?

  init(_ bytes: UnsafeRawBufferPointer, file: String, origin: Int) {
    self.bytes = bytes
    self.file = file
    self.origin = origin
  }

  func failure(_ message: String, at place: Int? = nil) -> CheckpointError {
    CheckpointError(
      .corrupt, file: file, tensor: tensor, byte: origin + (place ?? position), message)
  }

  /// The next byte that is not white space, not consumed; nil at the end.
  mutating func peek() -> UInt8? {
    while position < bytes.count {
      let byte = bytes[position]
      if byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09 { return byte }
      position += 1
    }
    return nil
  }

  /// The next byte as it is; nil at the end.
  func peekRaw() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  /// The next byte as it is, consumed; nil at the end.
  mutating func advance() -> UInt8? {
    guard position < bytes.count else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(CheckpointError) {
    guard take(character) else { throw failure("expected '\(character)', found \(found())") }
  }

  private mutating func found() -> String {
    guard let byte = peek() else { return "the end" }
    return byte >= 0x21 && byte < 0x7f
      ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
  }

  mutating func expectEnd() throws(CheckpointError) {
    if peek() != nil { throw failure("expected the end, found \(found())") }
  }

  /// Calls `member` after each key and its colon; a key that comes twice is refused, or its last member counts.
  mutating func object(
    repeatedKeys: Bool = false,
    _ member: (inout HeaderScanner, String) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    try expect("{")
    if take("}") { return }
    var seen = Set<String>()
    repeat {
      _ = peek()
      let start = position
      let key = try string()
      guard repeatedKeys || seen.insert(key).inserted else {
        throw failure("the key \"\(key.excerpt)\" comes twice", at: start)
      }
      try expect(":")
      try member(&self, key)
    } while take(",")
    try expect("}")
  }

  /// An integer in 0…Int.max, in digits only.
  mutating func integer() throws(CheckpointError) -> Int {
    _ = peek()
    let start = position
    var value = 0
    while position < bytes.count, bytes[position] >= 0x30, bytes[position] <= 0x39 {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (next, carry) = tens.addingReportingOverflow(Int(bytes[position]) - 0x30)
      guard !overflow, !carry else { throw failure("an integer beyond 2^63 - 1", at: start) }
      value = next
      position += 1
    }
    guard position > start else {
      throw failure("expected an integer that is not negative, found \(found())")
    }
    if position < bytes.count, [0x2e, 0x65, 0x45].contains(bytes[position]) {
      throw failure("expected an integer, found a fraction", at: start)
    }
    return value
  }

  mutating func integers() throws(CheckpointError) -> [Int] {
    try expect("[")
    var values: [Int] = []
    if take("]") { return values }
    repeat { values.append(try integer()) } while take(",")
    try expect("]")
    return values
  }
}
