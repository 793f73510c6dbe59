/// A GGUF file (version 2 or 3, little-endian), mapped: metadata, tensor records, aligned tensor
/// data.
///
/// Every length, count, shape and offset is checked against the file when it is opened.
package final class GGUFFile: Sendable {
  package let metadata: [String: GGUFValue]
  /// Under the file's own names, dimensions turned round to outermost first.
  let tensors: [StoredTensor]
  let file: MappedFile

  package var path: String { file.path }
  package var descriptions: [TensorDescription] {
    tensors.map { TensorDescription(name: $0.name, shape: $0.shape, storedType: $0.type) }
  }

  package init(path: String) throws(CheckpointError) {
    file = try MappedFile(path: path)
    try ForeignContent.refuse(file)
    var cursor = GGUFCursor(file)
    let (tensorCount, keyCount) = try Self.preamble(&cursor)
    metadata = try Self.metadata(count: keyCount, &cursor)
    // What the file is comes before what its tensors are.
    try GGUFModel.refuseOtherKinds(metadata, path: path)
    let alignment = try Self.alignment(metadata, cursor)
    let records = try Self.records(count: tensorCount, &cursor)
    let (dataStart, overflow) = cursor.position.addingReportingOverflow(
      (alignment - cursor.position % alignment) % alignment)
    guard !overflow, dataStart <= file.count || records.isEmpty else {
      throw cursor.failure("the file ends before the tensor data")
    }
    tensors = try Self.place(records, dataStart: dataStart, alignment: alignment, cursor)
  }

  /// Whether a file begins as a GGUF file does; false where it cannot be read.
  package static func isOne(path: String) -> Bool {
    guard let file = try? MappedFile(path: path) else { return false }  // a directory is none
    return file.bytes.starts(with: Array("GGUF".utf8))
  }

  /// The parts of one model as one file: the metadata of the first, the tensors of all.
  init(joining parts: [GGUFFile]) throws(CheckpointError) {
    file = parts[0].file
    metadata = parts[0].metadata
    var names = Set<String>()
    for tensor in parts.lazy.flatMap(\.tensors) where !names.insert(tensor.name).inserted {
      throw tensor.failure(.corrupt, "another part has a tensor of this name")
    }
    tensors = parts.flatMap(\.tensors)
  }

  /// Magic, version and the two counts.
  private static func preamble(
    _ cursor: inout GGUFCursor
  ) throws(CheckpointError) -> (tensors: Int, keys: Int) {
    guard try cursor.integer(UInt32.self) == 0x4655_4747 else {  // "GGUF"
      throw cursor.failure(
        "neither a directory nor a GGUF file: it does not begin with \"GGUF\"", at: 0)
    }
    let version = try cursor.integer(UInt32.self)
    guard !(1...3).contains(version.byteSwapped) else {
      throw cursor.failure("a big-endian GGUF file", kind: .unsupported, at: 4)
    }
    guard version == 2 || version == 3 else {
      throw cursor.failure(
        "GGUF version \(version); 2 and 3 are read", kind: .unsupported, at: 4)
    }
    // A record takes at least a name's length, dimensions, type and offset; a key its length, type,
    // value.
    let tensors = try cursor.count(of: "tensors", itemBytes: 24)
    let keys = try cursor.count(of: "metadata keys", itemBytes: 13)
    return (tensors, keys)
  }

  private static func metadata(
    count: Int, _ cursor: inout GGUFCursor
  ) throws(CheckpointError) -> [String: GGUFValue] {
    var metadata: [String: GGUFValue] = [:]
    for _ in 0..<count {
      let place = cursor.position
      cursor.key = nil
      let key = try cursor.string()
      cursor.key = key
      guard metadata[key] == nil else { throw cursor.failure("comes twice", at: place) }
      let code = try cursor.integer(UInt32.self)
      guard let type = GGUFValueType(rawValue: code) else {
        throw cursor.failure("unknown type \(code)", at: cursor.position - 4)
      }
      metadata[key] = try GGUFValue.read(type, &cursor)
    }
    cursor.key = nil
    return metadata
  }

  /// `general.alignment`, 32 where it is absent.
  private static func alignment(
    _ metadata: [String: GGUFValue], _ cursor: GGUFCursor
  ) throws(CheckpointError) -> Int {
    guard let value = metadata["general.alignment"] else { return 32 }
    guard let alignment = value.int, alignment > 0, alignment & (alignment - 1) == 0,
      alignment <= 1 << 30
    else { throw cursor.failure("general.alignment is no power of two up to 2^30") }
    return alignment
  }
}
