/// Reading UTF-8 that may not be valid.
enum UTF8Scan {
  /// The length of the well-formed sequence at `index`; 0 where there is none.
  /// Source: The Unicode Standard, table 3-7.
  static func length(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let lead = unsafe text[index]
    if lead < 0x80 { return 1 }
    let second: ClosedRange<UInt8>
    let count: Int
    switch lead {
    case 0xC2...0xDF: (count, second) = (2, 0x80...0xBF)
    case 0xE0: (count, second) = (3, 0xA0...0xBF)
    case 0xED: (count, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (count, second) = (3, 0x80...0xBF)
    case 0xF0: (count, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (count, second) = (4, 0x80...0xBF)
    case 0xF4: (count, second) = (4, 0x80...0x8F)
    default: return 0
    }
    guard index + count <= text.count, unsafe second.contains(text[index + 1]) else { return 0 }
    for offset in 2..<max(count, 2) where unsafe text[index + offset] & 0xC0 != 0x80 { return 0 }
    return count
  }

  /// Where the run that begins at `start` ends: of well-formed sequences, or of other bytes.
  static func runEnd(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, isValid: Bool
  ) -> Int {
    var index = start
    while index < text.count {
      let length = unsafe length(text, at: index)
      if (length > 0) != isValid { break }
      index += max(length, 1)
    }
    return index
  }

  /// The scalar at `index`; nil where no well-formed sequence begins there.
  static func scalar(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Unicode.Scalar? {
    let count = unsafe length(text, at: index)
    if count < 2 { return unsafe count == 1 ? Unicode.Scalar(text[index]) : nil }
    var value = unsafe UInt32(text[index]) & (0xFF >> UInt32(count + 1))
    for offset in 1..<count { value = unsafe value << 6 | UInt32(text[index + offset] & 0x3F) }
    return Unicode.Scalar(value)
  }

  /// The scalar that ends before `end`.
  static func lastScalar(
    _ text: UnsafeBufferPointer<UInt8>, before end: Int
  ) -> (scalar: Unicode.Scalar, start: Int)? {
    for back in 1...4 where unsafe end - back >= 0 && text[end - back] & 0xC0 != 0x80 {
      return unsafe scalar(text, at: end - back).map { ($0, end - back) }
    }
    return nil
  }
}
