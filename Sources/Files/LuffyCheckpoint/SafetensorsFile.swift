/// One `.safetensors` file, mapped: eight bytes of header length, a JSON header, the tensors'
/// bytes.
///
/// Everything the header claims is checked when the file is opened: the byte range of every tensor
/// equals its shape times its type, and the ranges cover the data once, without a gap or an
/// overlap.
package final class SafetensorsFile: Sendable {
  /// The largest header that is read; the format's own limit.
  package static let headerLimit = 100_000_000

  package let path: String
  let tensors: [StoredTensor]
  package let metadata: [String: String]

  package var descriptions: [TensorDescription] {
    tensors.map { TensorDescription(name: $0.name, shape: $0.shape, storedType: $0.type) }
  }

  package init(path: String) throws(CheckpointError) {
    let file = try MappedFile(path: path)
    try ForeignContent.refuseBeforeSafetensors(file)
    guard file.count >= 8 else {
      throw CheckpointError(
        .corrupt, file: path, byte: file.count, "the file ends before its header length")
    }
    let declared = UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self))
    guard declared <= UInt64(Self.headerLimit) else {
      throw CheckpointError(
        .corrupt, file: path, byte: 0,
        "a header of \(declared) bytes; at most \(Self.headerLimit) are allowed")
    }
    let length = Int(declared)
    guard length <= file.count - 8 else {
      throw CheckpointError(
        .corrupt, file: path, byte: 0,
        "a header of \(length) bytes in a file of \(file.count)")
    }
    let header = UnsafeRawBufferPointer(rebasing: file.bytes[8..<8 + length])
    var scanner = HeaderScanner(header, file: path, origin: 8)
    var parsed = Header()
    try parsed.read(&scanner)
    self.path = path
    metadata = parsed.metadata
    tensors = try parsed.tensors(in: file, dataStart: 8 + length)
  }
}
