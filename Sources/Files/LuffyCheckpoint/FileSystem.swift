import Glibc

/// The few calls on paths that writing needs, with typed errors.
enum FileSystem {
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Creates a directory and those above it that are missing.
  static func createDirectory(_ path: String) throws(CheckpointError) {
    if isDirectory(path) { return }
    let above = parent(of: path)
    if above != path, !isDirectory(above) { try createDirectory(above) }
    guard mkdir(path, 0o777) == 0 || (errno == EEXIST && isDirectory(path)) else {
      throw .system("mkdir", file: path, code: errno)
    }
  }

  /// The directory that holds a path; "." for a plain name.
  static func parent(of path: String) -> String {
    var text = Substring(path)
    while text.utf8.count > 1, text.utf8.last == UInt8(ascii: "/") { text = text.dropLast() }
    guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == text.startIndex ? "/" : String(text[..<slash])
  }

  static func rename(_ from: String, to: String) throws(CheckpointError) {
    guard Glibc.rename(from, to) == 0 else { throw .system("rename", file: from, code: errno) }
  }

  static func remove(_ path: String) throws(CheckpointError) {
    guard Glibc.remove(path) == 0 || errno == ENOENT else {
      throw .system("remove", file: path, code: errno)
    }
  }

  /// Makes renames inside a directory last through a power cut.
  static func syncDirectory(_ path: String) throws(CheckpointError) {
    let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("open", file: path, code: errno) }
    defer { close(descriptor) }
    // Some file systems do not sync directories and say EINVAL.
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw .system("fsync", file: path, code: errno)
    }
  }

  /// The names in a directory, without "." and "..".
  static func names(inDirectory path: String) throws(CheckpointError) -> [String] {
    guard let stream = opendir(path) else { throw .system("opendir", file: path, code: errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// Writes a small file under a temporary name and renames it over `path`.
  static func replace(_ path: String, with text: String) throws(CheckpointError) {
    try replace(path, with: Array(text.utf8))
  }

  static func replace(_ path: String, with bytes: [UInt8]) throws(CheckpointError) {
    let temporary = temporaryName(for: path)
    try remove(temporary)
    do throws(CheckpointError) {
      let file = try OutputFile(creating: temporary)
      try file.write(bytes)
      try file.close()
      try rename(temporary, to: path)
    } catch {
      try? remove(temporary)
      throw error
    }
    try syncDirectory(parent(of: path))
  }

  /// In the same directory, so that the rename cannot cross file systems.
  static func temporaryName(for path: String) -> String { "\(path).incomplete-\(getpid())" }
}
