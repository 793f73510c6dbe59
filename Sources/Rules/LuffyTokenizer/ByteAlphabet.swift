/// The printable spelling of bytes that byte-level vocabularies are written in.
///
/// Byte b is spelled by the scalar of the same value where that prints (`!`…`~`, `¡`…`¬`, `®`…`ÿ`);
/// the 68 others, in order, by U+0100, U+0101, … . Source: Radford et al. 2019, "Language Models
/// are Unsupervised Multitask Learners", §2.2, and the released vocabulary.
enum ByteAlphabet {
  /// scalar of a byte
  static let scalars: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (0..<256).map { byte in
      if isPrintable(byte) { return Unicode.Scalar(UInt8(byte)) }
      defer { next += 1 }
      return Unicode.Scalar(next) ?? "?"  // never a surrogate: next < 0x144
    }
  }()

  /// byte of a scalar below U+0144; −1 where the scalar spells no byte
  private static let bytes: [Int16] = {
    var table = [Int16](repeating: -1, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = Int16(byte) }
    return table
  }()

  private static func isPrintable(_ byte: Int) -> Bool {
    (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)
  }

  /// Appends the bytes that `spelling` (UTF-8) stands for; false, with nothing appended, where a
  /// scalar of it spells no byte.
  static func append(_ spelling: UnsafeBufferPointer<UInt8>, to result: inout [UInt8]) -> Bool {
    let before = result.count
    var index = 0
    while index < spelling.count {
      var value = unsafe Int(spelling[index])
      if value >= 0x80 {  // every scalar of the alphabet takes one or two bytes
        index += 1
        guard value & 0xE0 == 0xC0, index < spelling.count else { break }
        value = unsafe (value & 0x1F) << 6 | Int(spelling[index] & 0x3F)
      }
      guard value < bytes.count, bytes[value] >= 0 else { break }
      result.append(UInt8(bytes[value]))
      index += 1
    }
    if index == spelling.count, unsafe result.count - before == scalarCount(spelling) {
      return true
    }
    result.removeSubrange(before...)
    return false
  }

  private static func scalarCount(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    unsafe text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
  }
}
