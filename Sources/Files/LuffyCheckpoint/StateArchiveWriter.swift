import LuffyJSON

/// Writes named raw arrays with checksums as one directory, which appears complete or not at all.
///
/// Everything goes to `<path>.incomplete`. `commit()` forces it to the disk, renames an existing
/// archive to `<path>.previous`, renames the new one into place and only then deletes the old: at
/// every moment a complete archive is there, and `StateArchive` finds it. After any error the old
/// one stays.
package final class StateArchiveWriter {
  package let path: String
  private let directory: String
  private let data: OutputFile
  private let block: UnsafeMutableRawBufferPointer
  /// Bytes waiting in `block`.
  private var filled = 0
  /// Bytes of data so far, written or waiting.
  private var size = 0
  private var checksums: [UInt64] = []
  private var arrays: [StateArray] = []
  private var names: Set<String> = []
  private var isCommitted = false

  /// Throws `.unsupported` where something that is no state archive stands at `path`.
  package init(path: String) throws(CheckpointError) {
    let path = StateArchiveLayout.normalized(path)
    self.path = path
    directory = StateArchiveLayout.incomplete(path)
    try FileSystem.createDirectory(FileSystem.parent(of: path))
    try Self.checkReplaceable(path)
    // A crash between the two renames of an earlier commit: put the old archive back first.
    let previous = StateArchiveLayout.previous(path)
    if !FileSystem.exists(path), FileSystem.exists(previous) {
      try Self.checkReplaceable(previous)
      try FileSystem.rename(previous, to: path)
    }
    try StateArchiveLayout.remove(directory)
    try FileSystem.createDirectory(directory)
    data = try OutputFile(creating: "\(directory)/\(StateArchiveLayout.dataName)")
    block = .allocate(byteCount: StateArchiveLayout.blockBytes, alignment: 64)
  }

  deinit {
    block.deallocate()
    if !isCommitted { try? StateArchiveLayout.remove(directory) }
  }

  package func add(_ name: String, _ values: UnsafeBufferPointer<Float>) throws(CheckpointError) {
    try add(name, .float32, UnsafeRawBufferPointer(values))
  }

  package func add(_ name: String, _ values: [Double]) throws(CheckpointError) {
    try add(name, .float64, values)
  }

  package func add(_ name: String, _ values: [UInt64]) throws(CheckpointError) {
    try add(name, .uint64, values)
  }

  package func add(_ name: String, _ values: [UInt8]) throws(CheckpointError) {
    try add(name, .byte, values)
  }

  private func add<T: BitwiseCopyable>(
    _ name: String, _ element: StateElement, _ values: [T]
  ) throws(CheckpointError) {
    try values.withUnsafeBufferPointer { (buffer) throws(CheckpointError) in
      try add(name, element, UnsafeRawBufferPointer(buffer))
    }
  }

  /// Adds an array from its bytes. Throws `.corrupt` for a name that is already there.
  private func add(
    _ name: String, _ element: StateElement, _ bytes: UnsafeRawBufferPointer
  ) throws(CheckpointError) {
    guard names.insert(name).inserted else {
      throw CheckpointError(.corrupt, file: path, tensor: name, "added twice")
    }
    let alignment = StateArchiveLayout.alignment
    let zeros = [UInt8](repeating: 0, count: (alignment - size % alignment) % alignment)
    try zeros.withUnsafeBufferPointer { (buffer) throws(CheckpointError) in
      try append(UnsafeRawBufferPointer(buffer))
    }
    arrays.append(
      StateArray(
        name: name, element: element, count: bytes.count / element.byteCount, offset: size))
    try append(bytes)
  }

  private func append(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
    var rest = bytes
    while rest.count > 0 {
      let count = min(rest.count, block.count - filled)
      UnsafeMutableRawBufferPointer(rebasing: block[filled..<filled + count])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest.prefix(count)))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      filled += count
      size += count
      if filled == block.count { try flush() }
    }
  }

  private func flush() throws(CheckpointError) {
    let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(block)[..<filled])
    guard bytes.count > 0 else { return }
    checksums.append(XXH64.hash(bytes))
    try data.write(bytes)
    filled = 0
  }

  /// Forces everything to the disk and puts the archive in place of the old one.
  package func commit() throws(CheckpointError) {
    try flush()
    try data.close()
    let text = manifest()
    let manifest = try OutputFile(creating: "\(directory)/\(StateArchiveLayout.manifestName)")
    try manifest.write(text)
    try manifest.close()
    let checksum = Array(text.utf8).withUnsafeBytes { XXH64.hash($0) }
    let sum = try OutputFile(creating: "\(directory)/\(StateArchiveLayout.checksumName)")
    try sum.write(StateArchiveLayout.hexadecimal(checksum) + "\n")
    try sum.close()
    try FileSystem.syncDirectory(directory)
    try exchange()
  }

  private func exchange() throws(CheckpointError) {
    let previous = StateArchiveLayout.previous(path)
    let parent = FileSystem.parent(of: path)
    try Self.checkReplaceable(path)
    if FileSystem.exists(path) {
      try StateArchiveLayout.remove(previous)  // left by a crash just before its deletion
      try FileSystem.rename(path, to: previous)
    }
    do throws(CheckpointError) {
      try FileSystem.rename(directory, to: path)
    } catch {
      try? FileSystem.rename(previous, to: path)
      throw error
    }
    isCommitted = true
    try FileSystem.syncDirectory(parent)
    // The new archive is in place; what stays of the old is removed by the next commit.
    try? StateArchiveLayout.remove(previous)
  }

  private func manifest() -> String {
    let writer = JSONWriter(pretty: true)
    writer.object {
      writer.member("format", StateArchiveLayout.format)
      writer.member("version", StateArchiveLayout.version)
      writer.member("data_bytes", size)
      writer.member("block_bytes", StateArchiveLayout.blockBytes)
      writer.key("checksums")
      writer.array { checksums.forEach { writer.write(StateArchiveLayout.hexadecimal($0)) } }
      writer.key("arrays")
      writer.array {
        for array in arrays {
          writer.object {
            writer.member("name", array.name)
            writer.member("type", array.element.rawValue)
            writer.member("count", array.count)
            writer.member("offset", array.offset)
          }
        }
      }
    }
    return writer.text + "\n"
  }

  /// Refuses to put an archive in the place of anything but an archive or an empty directory.
  private static func checkReplaceable(_ path: String) throws(CheckpointError) {
    guard FileSystem.exists(path) else { return }
    guard FileSystem.isDirectory(path) else {
      throw CheckpointError(.unsupported, file: path, "in the way of a state archive: not replaced")
    }
    let foreign = try FileSystem.names(inDirectory: path).filter {
      !StateArchiveLayout.fileNames.contains($0)
    }
    if let name = foreign.min() {
      throw CheckpointError(
        .unsupported, file: path, "not a state archive, it holds \(name.excerpt): not replaced")
    }
  }
}
