/// Bytes of a mapped file that hold one tensor, checked against the file's end when it was made.
struct StoredTensor: Sendable {
  /// How rows in the file follow the rows of the Hugging Face tensor.
  enum RowOrder: Sendable {
    case same
    /// Each head's rows (`rows` of them) alternate between its first and second half: row
    /// i·(rows/2) + j is stored at 2j + i, for i in 0, 1. This is how Llama's GGUF holds q and k.
    case interleavedHalves(rows: Int)
  }

  let file: MappedFile
  /// The name in the file, for messages.
  let name: String
  let shape: [Int]
  let type: StoredType
  let byteOffset: Int
  let byteCount: Int
  var rowOrder = RowOrder.same

  /// Rows (the outermost dimension) and elements in one. A scalar is one row of one.
  var rowCount: Int { shape.first ?? 1 }
  var rowLength: Int { shape.dropFirst().reduce(1, *) }  // the product was checked with byteCount

  /// Decodes rows into `output`, [rows.count, rowLength]. Callable from any thread.
  func read(
    rows: Range<Int>, into output: UnsafeMutableBufferPointer<Float>
  ) throws(CheckpointError) {
    try requireReadable()
    guard rows.lowerBound >= 0, rows.upperBound <= rowCount else {
      throw failure(.shape, "rows \(rows) of \(rowCount)")
    }
    let length = rowLength
    guard output.count == rows.count * length else {
      throw failure(.shape, "room for \(output.count) elements; \(rows.count * length) are read")
    }
    guard let target = output.baseAddress, let base = file.bytes.baseAddress, output.count > 0
    else { return }
    let source = base + byteOffset
    if rows.count == rowCount, case .same = rowOrder {
      type.decode(source, count: output.count, into: target)
      return
    }
    guard length % type.block.elements == 0 else {
      throw failure(.unsupported, "\(type.rawValue) rows of \(length) cannot be read apart")
    }
    let rowBytes = length / type.block.elements * type.block.bytes
    switch rowOrder {
    case .same:
      type.decode(source + rows.lowerBound * rowBytes, count: output.count, into: target)
    case .interleavedHalves(let headRows):
      for row in rows {
        let inHead = row % headRows
        let half = headRows / 2
        let stored = row - inHead + 2 * (inHead % half) + inHead / half
        type.decode(
          source + stored * rowBytes, count: length,
          into: target + (row - rows.lowerBound) * length)
      }
    }
  }

  /// Some rows, decoded.
  func floats(rows: Range<Int>) throws(CheckpointError) -> [Float] {
    var values = [Float](repeating: 0, count: rows.count * rowLength)
    try values.withUnsafeMutableBufferPointer { (output) throws(CheckpointError) in
      try read(rows: rows, into: output)
    }
    return values
  }

  /// Refuses a type that does not become Float.
  func requireReadable() throws(CheckpointError) {
    guard type.isReadable else {
      throw failure(
        .unsupported,
        "elements of type \(type.rawValue) are not read as weights; \(StoredType.readableNames) are"
      )
    }
  }

  func failure(_ kind: CheckpointError.Kind, _ message: String) -> CheckpointError {
    CheckpointError(kind, file: file.path, tensor: name, byte: byteOffset, message)
  }
}
