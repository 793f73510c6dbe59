import Glibc

/// The few calls on paths that writing needs, with typed errors.
package enum FileSystem {
  package static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  package static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Bytes of a regular file; 0 for anything else.
  package static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
  }

  /// Creates a directory and those above it that are missing.
  package static func createDirectory(_ path: String) throws(CheckpointError) {
    if isDirectory(path) { return }
    let above = parent(of: path)
    if above != path, !isDirectory(above) { try createDirectory(above) }
    guard mkdir(path, 0o777) == 0 || (errno == EEXIST && isDirectory(path)) else {
      throw .system("mkdir", file: path, code: errno)
    }
  }

  /// The directory that holds a path; "." for a plain name.
  package static func parent(of path: String) -> String {
    var text = Substring(path)
    while text.utf8.count > 1, text.utf8.last == UInt8(ascii: "/") { text = text.dropLast() }
    guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == text.startIndex ? "/" : String(text[..<slash])
  }

  /// The last component of a path.
  package static func name(of path: String) -> String {
    var text = Substring(path)
    while text.utf8.count > 1, text.utf8.last == UInt8(ascii: "/") { text = text.dropLast() }
    guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return String(text) }
    return String(text[text.utf8.index(after: slash)...])
  }

  /// The path of a name in a directory.
  package static func join(_ directory: String, _ name: String) -> String {
    directory.utf8.last == UInt8(ascii: "/") ? directory + name : "\(directory)/\(name)"
  }

  /// What a path means once links at its end are followed; it need not exist. A link that is replaced would leave
  /// what it points to as it was.
  package static func target(of path: String) throws(CheckpointError) -> String {
    var path = path
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    if [".", ".."].contains(name(of: path)), let real = realPath(path) { path = real }
    for _ in 0..<linkLimit {
      guard let link = try readLink(path) else { return path }
      path = link.hasPrefix("/") ? link : join(parent(of: path), link)
    }
    throw .system("open", file: path, code: ELOOP)
  }

  /// As many as the kernel follows.
  private static let linkLimit = 40

  private static func realPath(_ path: String) -> String? {
    guard let bytes = realpath(path, nil) else { return nil }
    defer { free(bytes) }
    return String(validatingCString: bytes)
  }

  /// What a symbolic link holds; nil for anything else.
  package static func readLink(_ path: String) throws(CheckpointError) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    if readlink(path, &bytes, bytes.count - 1) < 0 { return nil }
    guard
      let text = bytes.withUnsafeBufferPointer({
        $0.baseAddress.flatMap(String.init(validatingCString:))
      })
    else {
      throw CheckpointError(.unsupported, file: path, "links to a path that is not UTF-8")
    }
    return text
  }

  package static func rename(_ from: String, to: String) throws(CheckpointError) {
    guard Glibc.rename(from, to) == 0 else { throw .system("rename", file: from, code: errno) }
  }

  package static func remove(_ path: String) throws(CheckpointError) {
    guard Glibc.remove(path) == 0 || errno == ENOENT else {
      throw .system("remove", file: path, code: errno)
    }
  }

  /// Makes renames inside a directory last through a power cut.
  package static func syncDirectory(_ path: String) throws(CheckpointError) {
    let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("open", file: path, code: errno) }
    defer { close(descriptor) }
    // Some file systems do not sync directories and say EINVAL.
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw .system("fsync", file: path, code: errno)
    }
  }

  /// The names in a directory, without "." and "..".
  package static func names(inDirectory path: String) throws(CheckpointError) -> [String] {
    guard let directory = OpenDirectory(join(path, ".")) else {
      throw .system("opendir", file: path, code: errno)
    }
    return try directory.names(path).map(\.name)
  }

  /// Removes a file, or a directory with everything in it. What cannot be removed stays.
  package static func removeTree(_ path: String) { FileTree.remove(path) }

  /// Makes a symbolic link.
  package static func link(_ path: String, to destination: String) throws(CheckpointError) {
    guard symlink(destination, path) == 0 else { throw .system("symlink", file: path, code: errno) }
  }

  /// All bytes of a file, a pipe among them.
  package static func contents(of path: String) throws(CheckpointError) -> [UInt8] {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("open", file: path, code: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &block, block.count)
      if count > 0 {
        bytes += block[..<count]
      } else if count == 0 {
        return bytes
      } else if errno != EINTR {
        throw .system("read", file: path, code: errno)
      }
    }
  }

  /// Writes a file where none was.
  static func create(_ path: String, with text: String) throws(CheckpointError) {
    try create(path, with: Array(text.utf8))
  }

  static func create(_ path: String, with bytes: [UInt8]) throws(CheckpointError) {
    let file = try OutputFile(creating: path)
    try file.write(bytes)
    try file.close()
  }

  /// Writes a file under a name of its own and puts it in place of `path` in one step: the file that was there
  /// stays until then, and after any error. Links are followed.
  package static func replace(_ path: String, with text: String) throws(CheckpointError) {
    try replace(path, with: Array(text.utf8))
  }

  package static func replace(_ path: String, with bytes: [UInt8]) throws(CheckpointError) {
    let replacement = try FileReplacement(of: path)
    try replacement.file.write(bytes)
    try replacement.commit()
  }
}
