import Glibc

/// A file being written. It is closed when the object goes, and complete only after `close()`.
///
/// After a failed write the file has a torn end: every later call throws that write's error.
package final class OutputFile {
  package let path: String
  private var descriptor: Int32
  private var failure: CheckpointError?

  /// Creates the file; one of that name is an error, so that no other writer's file is touched.
  package convenience init(creating path: String) throws(CheckpointError) {
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .system("create", file: path, code: errno) }
    self.init(path: path, descriptor: descriptor)
  }

  /// Takes over an open descriptor.
  package init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { if descriptor >= 0 { _ = Glibc.close(descriptor) } }

  /// Writes everything. Throws `.diskFull` or `.io`; part of it may then be in the file.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
    if let failure { throw failure }
    var rest = bytes
    while let start = rest.baseAddress, rest.count > 0 {
      let written = Glibc.write(descriptor, start, rest.count)
      if written > 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      } else if written == 0 || errno != EINTR {
        let error = CheckpointError.system(
          "write", file: path, code: written == 0 ? ENOSPC : errno)
        failure = error
        throw error
      }
    }
  }

  package func write<T: BitwiseCopyable>(_ values: [T]) throws(CheckpointError) {
    try values.withUnsafeBufferPointer { (buffer) throws(CheckpointError) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }

  package func write(_ text: String) throws(CheckpointError) { try write(Array(text.utf8)) }

  /// A second descriptor of the open file; the caller closes it.
  func duplicate() throws(CheckpointError) -> Int32 {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else { throw .system("fcntl", file: path, code: errno) }
    return copy
  }

  /// Forces the bytes to the disk and closes. Only now is the content known to be there.
  package func close() throws(CheckpointError) {
    if let failure { throw failure }
    let open = descriptor
    descriptor = -1
    let synced = fsync(open)
    let code = errno
    guard Glibc.close(open) == 0 || errno == EINTR else {
      throw .system("close", file: path, code: errno)
    }
    guard synced == 0 else { throw .system("fsync", file: path, code: code) }
  }
}
