/// A state archive, opened: every checksum has been verified before the first array is handed out.
package final class StateArchive: Sendable {
  /// Where it was found: the path asked for, or its `.previous` after a crash between two renames.
  package let path: String
  package let arrays: [StateArray]
  private let byName: [String: StateArray]
  private let data: MappedFile

  /// Throws `.missing`, `.unsupported` (another format version) or `.corrupt` with the file and the
  /// bytes.
  package init(path: String) throws(CheckpointError) {
    let (found, manifest, data) = try DirectoryReading.consistent(path) {
      (found) throws(CheckpointError) in
      guard FileSystem.exists(found) else {
        throw CheckpointError(.missing, file: found, "there is no such directory")
      }
      let manifest = try StateManifest(directory: found)
      return (found, manifest, try MappedFile(path: "\(found)/\(StateArchiveLayout.dataName)"))
    }
    self.path = found
    self.data = data
    try manifest.verify(data)
    arrays = manifest.arrays
    byName = Dictionary(arrays.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  package func contains(_ name: String) -> Bool { byName[name] != nil }

  /// Copies an array of floats; `output` must have exactly its size.
  package func read(
    _ name: String, into output: UnsafeMutableBufferPointer<Float>
  ) throws(CheckpointError) {
    let bytes = try bytes(name, .float32)
    guard output.count * 4 == bytes.count else {
      throw CheckpointError(
        .shape, file: data.path, tensor: name,
        "expected \(output.count) elements, found \(bytes.count / 4)")
    }
    UnsafeMutableRawBufferPointer(output).copyMemory(from: bytes)
  }

  package func floats(_ name: String) throws(CheckpointError) -> [Float] {
    try values(name, .float32, zero: 0)
  }

  package func doubles(_ name: String) throws(CheckpointError) -> [Double] {
    try values(name, .float64, zero: 0)
  }

  package func words(_ name: String) throws(CheckpointError) -> [UInt64] {
    try values(name, .uint64, zero: 0)
  }

  package func bytes(_ name: String) throws(CheckpointError) -> [UInt8] {
    try values(name, .byte, zero: 0)
  }

  private func values<T: BitwiseCopyable>(
    _ name: String, _ element: StateElement, zero: T
  ) throws(CheckpointError) -> [T] {
    let bytes = try bytes(name, element)
    var values = [T](repeating: zero, count: bytes.count / element.byteCount)
    values.withUnsafeMutableBytes { $0.copyMemory(from: bytes) }
    return values
  }

  private func bytes(
    _ name: String, _ element: StateElement
  ) throws(CheckpointError) -> UnsafeRawBufferPointer {
    guard let array = byName[name] else {
      throw CheckpointError(.missing, file: path, tensor: name, "there is no such array")
    }
    guard array.element == element else {
      throw CheckpointError(
        .shape, file: path, tensor: name,
        "expected elements of type \(element.rawValue), found \(array.element.rawValue)")
    }
    // The manifest's ranges were checked against the data.
    let size = array.count * element.byteCount
    return UnsafeRawBufferPointer(rebasing: data.bytes[array.offset..<array.offset + size])
  }
}
