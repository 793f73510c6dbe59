extension GGUFFile {
  /// One tensor record as it stands in the header.
  struct Record {
    let name: String
    let shape: [Int]
    let type: StoredType
    let offset: UInt64
    let byteCount: Int
    /// Where the record begins in the file.
    let byte: Int
  }

  static func records(
    count: Int, _ cursor: inout GGUFCursor
  ) throws(CheckpointError) -> [Record] {
    var names = Set<String>()
    var records: [Record] = []
    for _ in 0..<count {
      cursor.tensor = nil
      let place = cursor.position
      let name = try cursor.string()
      cursor.tensor = name
      guard names.insert(name).inserted else {
        throw cursor.failure("the name comes twice", at: place)
      }
      records.append(try record(name, &cursor, at: place))
    }
    cursor.tensor = nil
    return records
  }

  private static func record(
    _ name: String, _ cursor: inout GGUFCursor, at place: Int
  ) throws(CheckpointError) -> Record {
    let dimensions = try cursor.integer(UInt32.self)
    guard (1...4).contains(dimensions) else {
      throw cursor.failure("\(dimensions) dimensions; 1 to 4 are allowed", at: cursor.position - 4)
    }
    var shape: [Int] = []
    for _ in 0..<dimensions {
      let dimension = try cursor.integer(UInt64.self)
      guard let size = Int(exactly: dimension), size > 0 else {
        throw cursor.failure("a dimension of \(dimension)", at: cursor.position - 8)
      }
      shape.insert(size, at: 0)  // the file has the innermost first
    }
    let code = try cursor.integer(UInt32.self)
    guard let type = StoredType(ggml: code) else {
      throw cursor.failure(
        "elements of type \(StoredType.describe(ggml: code)); \(StoredType.readableNames) are read",
        kind: .unsupported, at: cursor.position - 4)
    }
    guard let bytes = type.byteCount(shape: shape) else {
      throw cursor.failure(
        "shape \(shape) is too large, or its rows are not whole blocks of "
          + "\(type.block.elements) (\(type.rawValue))", at: place)
    }
    let offset = try cursor.integer(UInt64.self)
    return Record(
      name: name, shape: shape, type: type, offset: offset, byteCount: bytes, byte: place)
  }

  /// Checks that every tensor lies inside the file, aligned, and none overlaps another.
  static func place(
    _ records: [Record], dataStart: Int, alignment: Int, _ cursor: GGUFCursor
  ) throws(CheckpointError) -> [StoredTensor] {
    var cursor = cursor
    let size = cursor.file.count - dataStart
    var end: UInt64 = 0
    var tensors: [StoredTensor] = []
    for record in records.sorted(by: { $0.offset < $1.offset }) {
      cursor.tensor = record.name
      guard record.offset % UInt64(alignment) == 0 else {
        throw cursor.failure(
          "offset \(record.offset) is no multiple of \(alignment)", at: record.byte)
      }
      guard record.offset >= end else {
        throw cursor.failure(
          "offset \(record.offset) lies in the tensor before, which ends at \(end)",
          at: record.byte)
      }
      guard record.byteCount <= size, record.offset <= UInt64(size - record.byteCount) else {
        throw cursor.failure(
          "\(record.byteCount) bytes at offset \(record.offset); the file holds \(max(size, 0)) "
            + "data bytes", at: record.byte)
      }
      end = record.offset + UInt64(record.byteCount)
      tensors.append(
        StoredTensor(
          file: cursor.file, name: record.name, shape: record.shape, type: record.type,
          byteOffset: dataStart + Int(record.offset), byteCount: record.byteCount))
    }
    return tensors
  }
}
