/// One metadata value. Arrays stay in the file until they are asked for.
package enum GGUFValue: Sendable {
  case unsigned(UInt64)
  case signed(Int64)
  case float(Float)
  case double(Double)
  case bool(Bool)
  case string(String)
  case array(GGUFArray)

  /// The integer, whatever width it was stored in.
  package var int: Int? {
    switch self {
    case .unsigned(let value): Int(exactly: value)
    case .signed(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The number; a single-precision one as its shortest decimal text says it, so that 1e-5 stays
  /// 1e-5.
  package var number: Double? {
    switch self {
    case .float(let value): Double("\(value)")
    case .double(let value): value
    default: int.map(Double.init)
    }
  }

  package var string: String? { if case .string(let value) = self { value } else { nil } }
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  package var array: GGUFArray? { if case .array(let value) = self { value } else { nil } }
}

/// The type codes of metadata values.
package enum GGUFValueType: UInt32, Sendable {
  case uint8 = 0
  case int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

  /// The bytes of one value; of a string at least its length field.
  var byteCount: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64, .string: 8
    case .array: 12
    }
  }
}

/// An array value, checked to lie inside the file when the file was opened.
package struct GGUFArray: Sendable {
  package let elementType: GGUFValueType
  package let count: Int
  let file: MappedFile
  let byteOffset: Int

  /// The elements as text; nil for an array of another type.
  package var strings: [String]? {
    guard elementType == .string else { return nil }
    var cursor = GGUFCursor(file, at: byteOffset)
    var result: [String] = []
    for _ in 0..<count {
      guard let text = try? cursor.string() else { return nil }
      result.append(text)
    }
    return result
  }

  /// The elements as integers; nil for an array of another type, or with one beyond Int.
  package var integers: [Int]? {
    var cursor = GGUFCursor(file, at: byteOffset)
    var result: [Int] = []
    for _ in 0..<count {
      guard let value = try? GGUFValue.read(elementType, &cursor), let int = value.int else {
        return nil
      }
      result.append(int)
    }
    return result
  }
}

extension GGUFValue {
  /// Reads one value; of an array, checks that it ends inside the file.
  static func read(
    _ type: GGUFValueType, _ cursor: inout GGUFCursor
  ) throws(CheckpointError) -> GGUFValue {
    switch type {
    case .uint8: .unsigned(UInt64(try cursor.integer(UInt8.self)))
    case .uint16: .unsigned(UInt64(try cursor.integer(UInt16.self)))
    case .uint32: .unsigned(UInt64(try cursor.integer(UInt32.self)))
    case .uint64: .unsigned(try cursor.integer(UInt64.self))
    case .int8: .signed(Int64(try cursor.integer(Int8.self)))
    case .int16: .signed(Int64(try cursor.integer(Int16.self)))
    case .int32: .signed(Int64(try cursor.integer(Int32.self)))
    case .int64: .signed(try cursor.integer(Int64.self))
    case .float32: .float(Float(bitPattern: try cursor.integer(UInt32.self)))
    case .float64: .double(Double(bitPattern: try cursor.integer(UInt64.self)))
    case .bool: .bool(try cursor.integer(UInt8.self) != 0)
    case .string: .string(try cursor.string())
    case .array: .array(try readArray(&cursor))
    }
  }

  private static func readArray(_ cursor: inout GGUFCursor) throws(CheckpointError) -> GGUFArray {
    let code = try cursor.integer(UInt32.self)
    guard let type = GGUFValueType(rawValue: code) else {
      throw cursor.failure("an array of unknown type \(code)", at: cursor.position - 4)
    }
    guard type != .array else {
      throw cursor.failure("arrays of arrays are not read", kind: .unsupported)
    }
    let count = try cursor.count(of: "array elements", itemBytes: type.byteCount)
    let array = GGUFArray(
      elementType: type, count: count, file: cursor.file, byteOffset: cursor.position)
    if type == .string {
      for _ in 0..<count { _ = try cursor.stringBytes() }
    } else {
      try cursor.skip(count * type.byteCount)  // fits: count was checked against the file's end
    }
    return array
  }
}
