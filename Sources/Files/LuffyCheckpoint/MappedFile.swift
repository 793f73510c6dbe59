import Glibc

/// A file mapped for reading. Its size is taken once, at open; every range is checked against it.
///
/// Shrinking the file while it is mapped is undefined, as for every mapped file.
package final class MappedFile: @unchecked Sendable {  // immutable after init
  package let path: String
  package let bytes: UnsafeRawBufferPointer

  package var count: Int { bytes.count }

  /// Maps a regular file. Throws `.missing` or `.io`; a pipe or a device is `.unsupported`.
  package init(path: String) throws(CheckpointError) {
    self.path = path
    // Not blocking, so that a pipe without a writer is refused and not waited for.
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system("open", file: path, code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system("fstat", file: path, code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw CheckpointError(.unsupported, file: path, "not a regular file")
    }
    let size = Int(status.st_size)
    guard size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let start, start != MAP_FAILED else { throw .system("mmap", file: path, code: errno) }
    bytes = UnsafeRawBufferPointer(start: start, count: size)
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }

  /// A small text file in memory, refused as `.corrupt` when it is larger than `limit` bytes.
  static func contents(of path: String, limit: Int) throws(CheckpointError) -> [UInt8] {
    let file = try MappedFile(path: path)
    guard file.count <= limit else {
      throw CheckpointError(
        .corrupt, file: path, byte: limit, "\(file.count) bytes; at most \(limit) make sense here")
    }
    return withExtendedLifetime(file) { Array(file.bytes) }
  }
}
