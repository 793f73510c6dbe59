internal import CLuffyFiles
import Glibc

/// A directory that is written beside the one it replaces and takes its place in one step, links followed.
///
/// Every directory that this library writes is written so. Until `commit()`, and after any error of it that does
/// not begin with "saved, but", what was there before stays as it was; a reader finds the old directory or the new
/// one. Of two writers at once one follows the other. Files of the old directory that the writer does not own live
/// on in the new one.
package final class DirectoryReplacement {
  /// How the directory is put in place.
  package enum Method: Sendable {
    /// The system exchanges two directories in one step.
    case exchange
    /// Two renames, for file systems that cannot: between them the old directory is found by its other name.
    case renames
    /// File after file, where the directory itself has to stay: it is where a file system is mounted, or where the
    /// process stands. An error undoes what was done; a power cut in the middle may leave files of both.
    case files
  }

  /// What is replaced.
  package let target: String
  /// Where the files of the new directory go.
  package let path: String
  /// The name under which the old directory is found between two renames.
  static func previous(_ target: String) -> String { "\(target).luffy-previous" }

  private(set) var kept: KeptFiles
  var method: Method
  /// Holds the lock of the directory that is written.
  private let directory: OpenDirectory
  private var isInPlace = false

  /// - Parameters:
  ///   - isOwned: names that are the writer's own.
  ///   - mayReplaceFiles: whether `.files` will do where the directory has to stay; else that is an error.
  package init(
    of path: String, method: Method = .exchange, mayReplaceFiles: Bool,
    isOwned: @escaping (String) -> Bool
  ) throws(CheckpointError) {
    let target = try FileSystem.target(of: path)
    self.target = target
    kept = KeptFiles(isOwned: isOwned)
    try FileSystem.createDirectory(FileSystem.parent(of: target))
    if FileSystem.exists(target), !FileSystem.isDirectory(target) {
      throw CheckpointError(.unsupported, file: target, "expected a directory: not replaced")
    }
    let reason = Self.reasonToStay(target)
    if let reason, !mayReplaceFiles {
      throw CheckpointError(
        .unsupported, file: target,
        "\(reason), so that it cannot be replaced: name a directory in it")
    }
    self.method = reason == nil ? method : .files
    if reason == nil { Self.restorePrevious(target) }
    let written = reason == nil ? target : FileSystem.join(target, "files")
    TemporaryName.removeRemains(of: written)
    (self.path, directory) = try Self.locked(written)
  }

  /// Another writer may take a directory without a lock for abandoned, between its creation and its lock.
  private static func locked(
    _ target: String
  ) throws(CheckpointError) -> (path: String, OpenDirectory) {
    var failure = CheckpointError.system("open", file: target, code: EBUSY)
    for _ in 0..<TemporaryName.tries {
      let path = TemporaryName.make(for: target)
      guard mkdir(path, 0o777) == 0 else { throw .system("mkdir", file: path, code: errno) }
      if let directory = OpenDirectory(path) {
        if TemporaryName.lock(directory.descriptor), directory.identity == FileIdentity(path) {
          return (path, directory)
        }
      } else if errno != ENOENT {
        failure = .system("open", file: path, code: errno)
      }
      rmdir(path)
    }
    throw failure
  }

  deinit { if !isInPlace { FileTree.remove(path) } }

  /// The path of a file of the new directory.
  package func file(_ name: String) -> String { FileSystem.join(path, name) }

  /// Puts the directory in place. Its files must be complete and on the disk.
  package func commit() throws(CheckpointError) {
    switch method {
    case .files: try replaceFiles()
    case .exchange, .renames: try replaceDirectory()
    }
  }

  private func replaceDirectory() throws(CheckpointError) {
    kept.written = Set(try directory.names(path).map(\.name))
    if let old = OpenDirectory(target) {
      try kept.link(from: old, to: directory, target)
      keepMode(of: old)
    }
    guard fsync(directory.descriptor) == 0 || errno == EINVAL else {
      throw .system("fsync", file: path, code: errno)
    }
    let old = try putInPlace()
    do { try FileSystem.syncDirectory(FileSystem.parent(of: target)) } catch {
      if undo(old) { throw error }
      isInPlace = true
      throw error.afterSwitch
    }
    isInPlace = true
    // The new directory is there, so what cannot be removed of the old one is left to the next writer.
    if let old, let replaced = OpenDirectory(old) {
      kept.settle(replaced, into: directory)
      rmdir(old)
    }
  }

  private func keepMode(of old: OpenDirectory) {
    var status = stat()
    if fstat(old.descriptor, &status) == 0 {
      fchmod(directory.descriptor, status.st_mode & 0o7777 | S_IRWXU)
    }
  }

  func markInPlace() { isInPlace = true }
}
