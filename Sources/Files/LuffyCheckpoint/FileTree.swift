import Glibc

/// Directories with all that is in them, by open descriptors, so that names need not be text.
enum FileTree {
  /// Removes a file, or a directory with everything in it. Links are not followed, and what lies on another file
  /// system stays. What cannot be removed stays, without an error.
  static func remove(_ path: String) {
    if let directory = OpenDirectory(path) { empty(directory) }
    _ = Glibc.remove(path)
  }

  private static func empty(_ directory: OpenDirectory) {
    for name in (try? directory.names("")) ?? [] {
      if unlinkat(directory.descriptor, name, 0) == 0 { continue }
      guard let child = OpenDirectory(name, in: directory),
        child.identity?.device == directory.identity?.device
      else { continue }
      empty(child)
      unlinkat(directory.descriptor, name, AT_REMOVEDIR)
    }
  }
}

/// An open directory.
final class OpenDirectory {
  let descriptor: Int32

  /// Nil where the path is no directory; a link to one is none.
  convenience init?(_ path: String) { self.init(path, AT_FDCWD) }

  /// Nil where the name is no directory in another; a link to one is none.
  convenience init?(_ name: [CChar], in directory: OpenDirectory) {
    self.init(name, directory.descriptor)
  }

  private init?(_ name: UnsafePointer<CChar>, _ directory: Int32) {
    descriptor = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    if descriptor < 0 { return nil }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  var identity: FileIdentity? { FileIdentity(descriptor) }

  /// What a name in it is, without following a link; nil where there is no such name.
  func status(_ name: [CChar]) -> stat? {
    var status = stat()
    return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
  }

  /// The names in it, without "." and "..", as the bytes that they are, with a NUL. `place` is for messages.
  func names(_ place: String) throws(CheckpointError) -> [[CChar]] {
    // The stream owns and closes its descriptor.
    let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard copy >= 0 else { throw .system("open", file: place, code: errno) }
    guard let stream = fdopendir(copy) else {
      let code = errno
      close(copy)
      throw .system("opendir", file: place, code: code)
    }
    defer { closedir(stream) }
    var names: [[CChar]] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
      }
      if name != [46, 0] && name != [46, 46, 0] { names.append(name) }
    }
    if errno != 0 { throw .system("readdir", file: place, code: errno) }
    return names
  }
}

extension [CChar] {
  /// A name's bytes as text for comparing and for messages.
  var name: String { String(decoding: dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) }
}
