/// The names and numbers of a state archive on disk; see docs/file-formats.md.
enum StateArchiveLayout {
  static let format = "luffy-state"
  static let version = 1
  static let dataName = "arrays.bin"
  static let manifestName = "manifest.json"
  static let checksumName = "manifest.xxh64"
  static let fileNames = [dataName, manifestName, checksumName]
  /// A checksum covers this many bytes of data, so that damage is found to a block.
  static let blockBytes = 4 << 20
  /// Arrays begin at multiples of a cache line.
  static let alignment = 64
  /// Checksums of a terabyte, and names, fit easily.
  static let manifestLimit = 16 << 20

  static func hexadecimal(_ checksum: UInt64) -> String {
    let digits = String(checksum, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// The element type of an array in a state archive.
package enum StateElement: String, Sendable {
  case float32 = "f32"
  case float64 = "f64"
  case uint64 = "u64"
  case byte = "u8"

  var byteCount: Int {
    switch self {
    case .float32: 4
    case .float64, .uint64: 8
    case .byte: 1
    }
  }
}

/// One array of a state archive.
package struct StateArray: Sendable {
  package let name: String
  package let element: StateElement
  package let count: Int
  /// Where it begins in the data.
  let offset: Int
}
