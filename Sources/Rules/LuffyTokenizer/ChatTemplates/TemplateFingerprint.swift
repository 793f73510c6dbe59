/// What tells one chat template from another: a hash over its words, in which the default system text of a ChatML
/// template is a blank, and that text.
package struct TemplateFingerprint: Equatable {
  package let hash: UInt64
  /// The system text that a ChatML template writes where the conversation has none; nil where it writes none.
  package let defaultSystem: String?

  fileprivate static let head = Array("<|im_start|>system\n".utf8)
  fileprivate static let tail = Array("<|im_end|>\n".utf8)

  /// Nil where the text is no template that could be known (`TemplateTokens`).
  package init?(_ text: String) {
    guard let tokens = TemplateTokens(text)?.tokens else { return nil }
    let system = tokens.lazy.compactMap(Self.systemText).first
    defaultSystem = system.map { String(decoding: $0, as: UTF8.self) }
    var state = FNV()
    for token in tokens { state.add(token, blank: system) }
    hash = state.value
  }

  /// The text between the marks of a system message in one string.
  private static func systemText(_ token: TemplateTokens.Token) -> [UInt8]? {
    guard case .string(let value) = token, value.count > head.count + tail.count,
      value.starts(with: head), value.suffix(tail.count).elementsEqual(tail)
    else { return nil }
    return Array(value[head.count..<value.count - tail.count])
  }
}

/// The hash of Fowler, Noll and Vo, 64 bits, variant 1a.
private struct FNV {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ token: TemplateTokens.Token, blank: [UInt8]?) {
    switch token {
    case .data(let bytes): add(1, bytes)
    case .open(let kind): add(2, [kind])
    case .word(let bytes): add(3, bytes)
    case .string(let bytes):
      if let blank, bytes == blank {
        add(5, [0])
      } else if let blank, bytes == TemplateFingerprint.head + blank + TemplateFingerprint.tail {
        add(5, [1])
      } else {
        add(4, bytes)
      }
    }
  }

  private mutating func add(_ kind: UInt8, _ bytes: [UInt8]) {
    mix(kind)
    for byte in bytes { mix(byte) }
    mix(0xff)  // no byte of UTF-8
  }

  private mutating func mix(_ byte: UInt8) {
    value ^= UInt64(byte)
    value = value &* 0x100_0000_01b3
  }
}
