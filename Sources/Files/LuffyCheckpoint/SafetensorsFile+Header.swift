extension SafetensorsFile {
  /// The header's claims, and the checks that turn them into tensors.
  struct Header {
    private struct Record {
      let name: String
      let type: StoredType
      let shape: [Int]
      let range: Range<Int>
      /// Where the record stands in the file.
      let byte: Int
    }

    private var records: [Record] = []
    private(set) var metadata: [String: String] = [:]

    mutating func read(_ scanner: inout HeaderScanner) throws(CheckpointError) {
      var records: [Record] = []
      var metadata: [String: String] = [:]
      try scanner.object { (scanner, name) throws(CheckpointError) in
        if name == "__metadata__" {
          try scanner.object { (scanner, key) throws(CheckpointError) in
            metadata[key] = try scanner.string()
          }
        } else {
          scanner.tensor = name
          records.append(try Self.record(name, &scanner))
          scanner.tensor = nil
        }
      }
      try scanner.expectEnd()
      self.records = records
      self.metadata = metadata
    }

    private static func record(
      _ name: String, _ scanner: inout HeaderScanner
    ) throws(CheckpointError) -> Record {
      let start = scanner.position
      var dtype: String?
      var shape: [Int]?
      var offsets: [Int]?
      try scanner.object { (scanner, key) throws(CheckpointError) in
        switch key {
        case "dtype": dtype = try scanner.string()
        case "shape": shape = try scanner.integers()
        case "data_offsets": offsets = try scanner.integers()
        default: throw scanner.failure("a key that the format does not have: \(key.excerpt)")
        }
      }
      guard let dtype, let shape, let offsets else {
        throw scanner.failure("dtype, shape and data_offsets must all be there", at: start)
      }
      guard let type = StoredType(safetensors: dtype) else {
        throw scanner.failure(
          "unknown dtype \(dtype.excerpt)", kind: .unsupported, at: start)
      }
      guard offsets.count == 2, offsets[0] <= offsets[1] else {
        throw scanner.failure("data_offsets \(offsets.prefix(3)) are not [begin, end]", at: start)
      }
      guard let bytes = type.byteCount(shape: shape) else {
        throw scanner.failure("shape \(shape.prefix(8)) is too large", at: start)
      }
      guard bytes == offsets[1] - offsets[0] else {
        throw scanner.failure(
          "shape \(shape.prefix(8)) of \(dtype) is \(bytes) bytes; data_offsets \(offsets) span "
            + "\(offsets[1] - offsets[0])", at: start)
      }
      return Record(
        name: name, type: type, shape: shape, range: offsets[0]..<offsets[1],
        byte: 8 + start)
    }

    /// Checks that the ranges tile the data and gives the tensors in the order of the data.
    func tensors(in file: MappedFile, dataStart: Int) throws(CheckpointError) -> [StoredTensor] {
      let size = file.count - dataStart
      var end = 0
      var tensors: [StoredTensor] = []
      let ordered = records.sorted {
        ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
      }
      for record in ordered {
        func failure(_ message: String) -> CheckpointError {
          CheckpointError(
            .corrupt, file: file.path, tensor: record.name, byte: record.byte, message)
        }
        guard record.range.upperBound <= size else {
          throw failure(
            "data_offsets end at \(record.range.upperBound); the file holds \(size) data bytes")
        }
        guard record.range.lowerBound == end else {
          let fault = record.range.lowerBound < end ? "overlaps" : "leaves a gap after"
          throw failure(
            "data_offsets begin at \(record.range.lowerBound), which \(fault) the tensor before, "
              + "which ends at \(end)")
        }
        end = record.range.upperBound
        tensors.append(
          StoredTensor(
            file: file, name: record.name, shape: record.shape, type: record.type,
            byteOffset: dataStart + record.range.lowerBound, byteCount: record.range.count))
      }
      guard end == size else {
        throw CheckpointError(
          .corrupt, file: file.path, byte: dataStart + end,
          "\(size - end) bytes after the last tensor belong to none")
      }
      return tensors
    }
  }
}
