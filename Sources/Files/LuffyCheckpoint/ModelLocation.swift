/// What a path names, found without looking at any weight.
enum ModelLocation {
  /// A Hugging Face directory with `config.json`.
  case directory(String)
  /// A `config.json`, whose directory may hold weights or not.
  case configuration(String)
  /// A GGUF file, or a part of one that is split.
  case gguf(String)

  static func find(_ path: String) throws(CheckpointError) -> ModelLocation {
    if FileSystem.isDirectory(path) { return try inDirectory(path) }
    let file = try MappedFile(path: path)
    if file.bytes.starts(with: Array("GGUF".utf8)) { return .gguf(path) }
    try ForeignContent.refuse(file)
    if path.hasSuffix(".safetensors") || isSafetensors(file) {
      throw CheckpointError(
        .unsupported, file: path,
        "a safetensors file has weights but no configuration: write the path of its directory "
          + "(\(FileSystem.parent(of: path))), which must hold config.json too")
    }
    if firstCharacter(file) == UInt8(ascii: "{") { return .configuration(path) }
    return .gguf(path)  // whose reader says what is wrong with it
  }

  private static func inDirectory(_ path: String) throws(CheckpointError) -> ModelLocation {
    let directory = try ModelDirectory(path)
    try directory.refuseAdapter()
    if directory.hasConfiguration {
      if let file = try? directory.onlyGGUF() { return .gguf(file) }
      return .directory(path)
    }
    if let file = try directory.onlyGGUF() { return .gguf(file) }
    throw directory.noConfiguration()
  }

  private static func isSafetensors(_ file: MappedFile) -> Bool {
    guard file.count > 9, file.bytes[8] == UInt8(ascii: "{") else { return false }
    let length = UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self))
    return length <= UInt64(file.count - 8)
  }

  /// The first byte that is not white space.
  private static func firstCharacter(_ file: MappedFile) -> UInt8? {
    file.bytes.prefix(64).first { $0 > 0x20 }
  }
}
