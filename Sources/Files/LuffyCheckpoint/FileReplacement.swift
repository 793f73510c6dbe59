import Glibc

/// A file that is written beside the one it replaces and takes its place in one step, links followed.
///
/// Until `commit()`, and after any error, the file that was there before stays as it was.
package final class FileReplacement {
  /// What is replaced.
  package let target: String
  /// Where the new content goes.
  package let file: OutputFile
  /// Holds the lock of `file` until it is in place.
  private let lock: Int32
  private var isCommitted = false

  package init(of path: String) throws(CheckpointError) {
    target = try FileSystem.target(of: path)
    if FileSystem.isDirectory(target) {
      throw CheckpointError(
        .unsupported, file: target, "a directory, expected a file: not replaced")
    }
    TemporaryName.removeRemains(of: target)
    (file, lock) = try Self.locked(target)
  }

  /// Another writer may take a file without a lock for abandoned, between its creation and its lock: then again.
  private static func locked(_ target: String) throws(CheckpointError) -> (OutputFile, Int32) {
    for _ in 0..<TemporaryName.tries {
      let file = try OutputFile(creating: TemporaryName.make(for: target))
      let lock = try file.duplicate()
      if TemporaryName.lock(lock), FileIdentity(lock) == FileIdentity(file.path) {
        return (file, lock)
      }
      close(lock)
      try? FileSystem.remove(file.path)
    }
    throw .system("open", file: target, code: EBUSY)
  }

  deinit {
    if !isCommitted { try? FileSystem.remove(file.path) }
    close(lock)
  }

  /// Forces the content to the disk and puts it in place.
  package func commit() throws(CheckpointError) {
    keepMode()
    try file.close()
    try FileSystem.rename(file.path, to: target)
    isCommitted = true
    do { try FileSystem.syncDirectory(FileSystem.parent(of: target)) } catch {
      throw error.afterSwitch
    }
  }

  /// The new file has the permissions of the one that it replaces.
  private func keepMode() {
    var status = stat()
    if stat(target, &status) == 0 { fchmod(lock, status.st_mode & 0o7777) }
  }
}

extension CheckpointError {
  /// A failure after the new content is in place: what is not sure is only that it outlives a power cut.
  var afterSwitch: CheckpointError {
    CheckpointError(
      kind, file: file,
      "saved, but perhaps not on the disk yet (\(message)): after a power cut the former content may be there"
    )
  }
}
