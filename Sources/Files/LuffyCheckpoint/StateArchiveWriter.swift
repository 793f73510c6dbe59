import LuffyJSON

/// Writes named raw arrays with checksums as one directory, which appears complete or not at all.
///
/// The arrays go to the file from where they are: nothing of their size is allocated.
package final class StateArchiveWriter {
  package let path: String
  private let replacement: DirectoryReplacement
  private let data: OutputFile
  /// Of the block that is being written.
  private var hasher = XXH64()
  /// Bytes of data so far.
  private var size = 0
  private var checksums: [UInt64] = []
  private var arrays: [StateArray] = []
  private var names: Set<String> = []

  /// Throws `.unsupported` where something that is no state archive stands at `path`.
  package init(path: String) throws(CheckpointError) {
    self.path = path
    let target = try FileSystem.target(of: path)
    try Self.checkReplaceable(target)
    try Self.checkReplaceable(DirectoryReplacement.previous(target))
    replacement = try DirectoryReplacement(of: path, mayReplaceFiles: false) {
      StateArchiveLayout.fileNames.contains($0)
    }
    data = try OutputFile(creating: replacement.file(StateArchiveLayout.dataName))
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

  /// Writes bytes and ends a block where one is full.
  private func append(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
    var rest = bytes
    while rest.count > 0 {
      let room = StateArchiveLayout.blockBytes - hasher.count
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(room))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
      hasher.update(piece)
      try data.write(piece)
      size += piece.count
      if hasher.count == StateArchiveLayout.blockBytes { endBlock() }
    }
  }

  private func endBlock() {
    if hasher.count == 0 { return }
    checksums.append(hasher.digest)
    hasher = XXH64()
  }

  /// Forces everything to the disk and puts the archive in place of the old one.
  package func commit() throws(CheckpointError) {
    endBlock()
    try data.close()
    let text = try manifest()
    let checksum = Array(text.utf8).withUnsafeBytes { XXH64.hash($0) }
    try FileSystem.create(replacement.file(StateArchiveLayout.manifestName), with: text)
    try FileSystem.create(
      replacement.file(StateArchiveLayout.checksumName),
      with: StateArchiveLayout.hexadecimal(checksum) + "\n")
    try Self.checkReplaceable(replacement.target)
    try replacement.commit()
  }

  private func manifest() throws(CheckpointError) -> String {
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
    return try writer.text(of: path) + "\n"
  }

  /// Refuses to put an archive in the place of anything but an archive or an empty directory: a file that a user
  /// keeps beside an archive's three would not be found again among dozens of archives.
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
        .unsupported, file: path,
        "not a state archive alone, it holds \(name.excerpt): not replaced; move that away or name another "
          + "directory")
    }
  }
}
