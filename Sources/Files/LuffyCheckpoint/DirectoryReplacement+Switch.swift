internal import CLuffyFiles
import Glibc

extension DirectoryReplacement {
  /// Other writers may create and replace the target in the meantime; each try follows the target as it is then.
  private static let tries = 1000

  /// - Returns: where the old directory is now; nil where there was none.
  func putInPlace() throws(CheckpointError) -> String? {
    for _ in 0..<Self.tries {
      if method == .renames, FileSystem.exists(target) {
        if let old = try renameTwice() { return old }
        continue
      }
      if FileSystem.exists(target), !FileSystem.isDirectory(target) {
        throw CheckpointError(.unsupported, file: target, "expected a directory: not replaced")
      }
      if method == .exchange {
        if luffyfiles_exchange(path, target) == 0 { return path }
        switch errno {
        case ENOENT: break
        case EINVAL, ENOSYS, EOPNOTSUPP:
          method = .renames
          continue
        default: throw .system("rename", file: target, code: errno)
        }
      }
      if rename(path, target) == 0 { return nil }
      let isTaken = errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR
      if !isTaken { throw .system("rename", file: target, code: errno) }
    }
    throw .system("rename", file: target, code: EBUSY)
  }

  /// The old directory to its other name, the new one in place. Nil where another writer was in between.
  private func renameTwice() throws(CheckpointError) -> String? {
    let previous = Self.previous(target)
    guard rename(target, previous) == 0 else {
      guard [ENOTEMPTY, EEXIST, ENOENT].contains(errno) else {
        throw .system("rename", file: target, code: errno)
      }
      // Left by a writer that died after its switch: the target is there, and newer.
      if FileSystem.exists(target) { FileTree.remove(previous) }
      return nil
    }
    guard rename(path, target) == 0 else {
      let code = errno
      if code == ENOTEMPTY || code == EEXIST { return nil }
      let failure = CheckpointError.system("rename", file: target, code: code)
      rename(previous, target)
      throw failure
    }
    return previous
  }

  /// Puts the old directory back. False where that fails: the new one stays.
  func undo(_ old: String?) -> Bool {
    guard let old else { return rename(target, path) == 0 }
    if old == path { return luffyfiles_exchange(path, target) == 0 }
    return rename(target, path) == 0 && rename(old, target) == 0
  }

  /// After a writer that died between its two renames: the old directory gets its name again.
  static func restorePrevious(_ target: String) {
    let previous = previous(target)
    if !FileSystem.exists(target), FileSystem.isDirectory(previous) { rename(previous, target) }
  }

  /// Why the directory at a path cannot be exchanged; nil where it can.
  static func reasonToStay(_ target: String) -> String? {
    guard let identity = FileIdentity(target) else { return nil }
    let parent = FileSystem.parent(of: target)
    if identity == FileIdentity("/") { return "it is the root directory" }
    if identity.device != FileIdentity(parent)?.device { return "a file system is mounted there" }
    if access(parent, W_OK | X_OK) != 0 { return "the directory above it cannot be written" }
    return holdsWorkingDirectory(identity)
      ? "it is the working directory of the process, or above it" : nil
  }

  private static func holdsWorkingDirectory(_ identity: FileIdentity) -> Bool {
    var path = "."
    var last: FileIdentity?
    while let here = FileIdentity(path), here != last {
      if here == identity { return true }
      last = here
      path += "/.."
    }
    return false
  }
}
