import LuffyJSON

/// The manifest of a state archive, checked against its own checksum and in itself.
struct StateManifest {
  let arrays: [StateArray]
  private let path: String
  private let dataBytes: Int
  private let blockBytes: Int
  private let checksums: [String]

  init(directory: String) throws(CheckpointError) {
    path = "\(directory)/\(StateArchiveLayout.manifestName)"
    let text = try MappedFile.contents(of: path, limit: StateArchiveLayout.manifestLimit)
    let sumPath = "\(directory)/\(StateArchiveLayout.checksumName)"
    let sum = try MappedFile.contents(of: sumPath, limit: 64)
    let expected = StateArchiveLayout.hexadecimal(text.withUnsafeBytes { XXH64.hash($0) }) + "\n"
    guard sum == Array(expected.utf8) else {
      throw CheckpointError(
        .corrupt, file: path, byte: 0,
        "bytes 0..<\(text.count) do not have the checksum in \(StateArchiveLayout.checksumName)")
    }
    let root = try ModelCheckpoint.parse(text, file: path).root
    guard root["format"]?.string == StateArchiveLayout.format else {
      throw CheckpointError(.corrupt, file: path, "not a state archive")
    }
    guard root["version"]?.int == StateArchiveLayout.version else {
      throw CheckpointError(
        .unsupported, file: path,
        "format version \(root["version"]?.int ?? 0); \(StateArchiveLayout.version) is read")
    }
    guard let dataBytes = root["data_bytes"]?.int, dataBytes >= 0,
      let blockBytes = root["block_bytes"]?.int, blockBytes > 0,
      let checksums = root["checksums"]?.elements.compactMap(\.string),
      checksums.count == dataBytes / blockBytes + (dataBytes % blockBytes == 0 ? 0 : 1),
      let entries = root["arrays"]?.elements
    else { throw CheckpointError(.corrupt, file: path, "sizes and checksums do not agree") }
    self.dataBytes = dataBytes
    self.blockBytes = blockBytes
    self.checksums = checksums
    var arrays: [StateArray] = []
    for entry in entries { arrays.append(try Self.array(entry, dataBytes: dataBytes, path)) }
    self.arrays = arrays
  }

  private static func array(
    _ entry: JSONNode, dataBytes: Int, _ path: String
  ) throws(CheckpointError) -> StateArray {
    let name = entry["name"]?.string
    guard let name, let type = entry["type"]?.string, let element = StateElement(rawValue: type),
      let count = entry["count"]?.int, let offset = entry["offset"]?.int,
      (0...dataBytes).contains(offset),
      (0...(dataBytes - offset) / element.byteCount).contains(count)
    else {
      throw CheckpointError(
        .corrupt, file: path, tensor: name, "an array that does not lie in the data")
    }
    return StateArray(name: name, element: element, count: count, offset: offset)
  }

  /// Compares the size and every block's checksum.
  func verify(_ data: MappedFile) throws(CheckpointError) {
    guard data.count == dataBytes else {
      throw CheckpointError(
        .corrupt, file: data.path, byte: min(data.count, dataBytes),
        "\(data.count) bytes; the manifest says \(dataBytes)")
    }
    for (index, expected) in checksums.enumerated() {
      let start = index * blockBytes
      let end = dataBytes - start > blockBytes ? start + blockBytes : dataBytes
      let bytes = UnsafeRawBufferPointer(rebasing: data.bytes[start..<end])
      let found = StateArchiveLayout.hexadecimal(XXH64.hash(bytes))
      guard found == expected else {
        let touched = arrays.first {
          $0.offset < end && $0.offset + $0.count * $0.element.byteCount > start
        }
        throw CheckpointError(
          .corrupt, file: data.path, tensor: touched?.name, byte: start,
          "bytes \(start)..<\(end) have checksum \(found), not \(expected)")
      }
    }
  }
}
