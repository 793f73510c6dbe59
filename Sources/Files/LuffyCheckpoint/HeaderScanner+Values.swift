extension HeaderScanner {
  /// A JSON string in valid UTF-8.
  mutating func string() throws(CheckpointError) -> String {
    try expect("\"")
    let start = position
    var text: [UInt8] = []
    while let byte = advance() {
      switch byte {
      case UInt8(ascii: "\""):
        guard let value = String(validating: text, as: UTF8.self) else {
          throw failure("a string that is not UTF-8", at: start)
        }
        return value
      case UInt8(ascii: "\\"):
        text.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20:
        throw failure("a control character in a string", at: position - 1)
      default:
        text.append(byte)
      }
    }
    throw failure("a string without its end", at: start)
  }

  private mutating func escape() throws(CheckpointError) -> Unicode.Scalar {
    switch advance() {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if code & 0xfc00 == 0xd800 {
        guard advance() == UInt8(ascii: "\\"), advance() == UInt8(ascii: "u") else {
          throw failure("half of a surrogate pair")
        }
        let low = try hexadecimal()
        guard low & 0xfc00 == 0xdc00 else { throw failure("half of a surrogate pair") }
        code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("half of a surrogate pair") }
      return scalar
    default: throw failure("an escape that JSON does not have")
    }
  }

  private mutating func hexadecimal() throws(CheckpointError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = advance(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue,
        byte < 0x80
      else { throw failure("expected four hexadecimal digits") }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}

extension HeaderScanner {
  /// Passes over one value of any kind. Brackets must match; scalars are not judged.
  mutating func skipValue() throws(CheckpointError) {
    var open: [UInt8] = []
    repeat {
      guard let byte = peek() else { throw failure("a value without its end") }
      switch byte {
      case UInt8(ascii: "\""): _ = try string()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        open.append(byte + 2)  // in ASCII the closing bracket is two after the opening one
        _ = advance()
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard open.popLast() == byte else { throw failure("a bracket that closes nothing") }
        _ = advance()
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        guard !open.isEmpty else { throw failure("expected a value") }
        _ = advance()
      default: skipScalar()
      }
    } while !open.isEmpty
  }

  private mutating func skipScalar() {
    let ends: [UInt8] = [0x20, 0x0a, 0x0d, 0x09, 0x2c, 0x3a, 0x5b, 0x5d, 0x7b, 0x7d, 0x22]
    let start = position
    while let byte = peekRaw(), !ends.contains(byte) { _ = advance() }
    if position == start { _ = advance() }
  }
}
