/// Unicode normalization of a text before it is cut.
enum Normalizer: Sendable {
  case none
  /// Form C as Hugging Face `tokenizers` computes it, with the data of Unicode 9.
  case composed

  /// The normalized text; nil where that is the text itself. `text` is valid UTF-8.
  func normalize(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    switch self {
    case .none: nil
    case .composed: unsafe Self.compose(text)
    }
  }

  /// Stretches of scalars that cannot change are copied; only what may change is normalized.
  private static func compose(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var result: [UInt8]?
    var copied = 0
    var previous = 0  // the last scalar that begins a stretch of its own
    var index = 0
    while index < text.count {
      if unsafe text[index] < 0xCC {  // below U+0300 nothing changes
        previous = index
        unsafe index += text[index] < 0x80 ? 1 : 2
        continue
      }
      guard let scalar = unsafe UTF8Scan.scalar(text, at: index) else { return result }
      if isStable(scalar.value) {
        previous = index
        index += UTF8.width(scalar)
        continue
      }
      let end = unsafe stretchEnd(text, from: index)
      if result == nil { result = Array() }
      unsafe result?.append(contentsOf: text[copied..<previous])
      let stretch = unsafe String(decoding: text[previous..<end], as: UTF8.self)
      append(stretch.unicodeScalars, to: &result)
      copied = end
      previous = end
      index = end
    }
    unsafe result?.append(contentsOf: text[copied...])
    return result
  }

  /// Where the next scalar begins that neither changes nor joins what is before it.
  private static func stretchEnd(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start
    while let scalar = unsafe index < text.count ? UTF8Scan.scalar(text, at: index) : nil {
      if isStable(scalar.value) { break }
      index += UTF8.width(scalar)
    }
    return index
  }

  /// Normalizes a stretch: what is younger than Unicode 9 stays and separates.
  private static func append(_ scalars: String.UnicodeScalarView, to result: inout [UInt8]?) {
    var old = String.UnicodeScalarView()
    func flush() {
      for scalar in CanonicalComposition.compose(old) { append(scalar, to: &result) }
      old = String.UnicodeScalarView()
    }
    for scalar in scalars {
      if let age = scalar.properties.age, age.major < 10 {
        CanonicalComposition.append(scalar, to: &old)
      } else {
        flush()
        append(scalar, to: &result)
      }
    }
    flush()
  }

  private static func append(_ scalar: Unicode.Scalar, to result: inout [UInt8]?) {
    if let bytes = UTF8.encode(scalar) { result?.append(contentsOf: bytes) }
  }

  /// Ranges in which every scalar is a starter that neither changes nor joins an earlier one.
  private static func isStable(_ value: UInt32) -> Bool {
    switch value {
    case ..<0x300, 0x388...0x482, 0x48A...0x590, 0x5D0...0x60F, 0x61B...0x64A, 0x2002...0x20CF,
      0x2190...0x2328, 0x232B...0x2ADB, 0x3000...0x3029, 0x3030...0x3098, 0x309B...0xA66E,
      0xAC00...0xD7A3, 0xE000...0xF8FF, 0xFE00...0xFE0F, 0xFE30...0xFFFF, 0x1F000...0x1FBFF,
      0x20000...0x2F7FF:
      true
    default: false
    }
  }
}
