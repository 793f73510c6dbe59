import Glibc
import LuffyCheckpoint

/// A file of lines that only grows; every line is on the disk before the next step.
///
/// Another process that has it open so is an error. The lock ends with the process, however that ends.
package final class RecordFile {
  package let path: String
  package private(set) var lines = 0
  private let descriptor: Int32
  /// Where the last whole line ends.
  private var end: off_t = 0

  /// Opens it, creating it where there is none, and changes nothing in it.
  package init(locking path: String) throws {
    self.path = path
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw CheckpointError.system("open", file: path, code: errno) }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      throw RecordError(
        "\(path): another process is writing it, or a run of this one that is still open; wait for its end, close it, or "
          + "name another output")
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Opens it with its first `lines` lines; everything after them goes.
  package convenience init(_ path: String, keeping lines: Int) throws {
    try self.init(locking: path)
    try keep(lines)
  }

  /// Cuts everything after the first `lines` lines.
  package func keep(_ lines: Int) throws {
    self.lines = lines
    end = off_t(try bytes(of: lines))
    try cut()
  }

  /// Removes what stands after the last whole line.
  private func cut() throws {
    guard ftruncate(descriptor, end) == 0 else {
      throw CheckpointError.system("ftruncate", file: path, code: errno)
    }
    guard lseek(descriptor, end, SEEK_SET) == end else {
      throw CheckpointError.system("lseek", file: path, code: errno)
    }
  }

  /// After an error nothing of the line is there.
  package func append(_ line: String) throws {
    let bytes = Array("\(line)\n".utf8)
    do { try put(bytes) } catch {
      try? cut()
      throw error
    }
    end += off_t(bytes.count)
    lines += 1
  }

  private func put(_ bytes: [UInt8]) throws {
    try write(bytes)
    guard fsync(descriptor) == 0 || errno == EINVAL else {  // EINVAL: a pipe or a device
      throw CheckpointError.system("fsync", file: path, code: errno)
    }
  }

  private func write(_ bytes: [UInt8]) throws {
    var done = 0
    while done < bytes.count {
      let written = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if written > 0 {
        done += written
      } else if written == 0 || errno != EINTR {
        throw CheckpointError.system("write", file: path, code: written == 0 ? ENOSPC : errno)
      }
    }
  }

  /// Where the first `lines` lines end.
  private func bytes(of lines: Int) throws -> Int {
    var found = 0
    var offset = 0
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while found < lines {
      let count = unsafe pread(descriptor, &block, block.count, off_t(offset))
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw CheckpointError.system("read", file: path, code: errno) }
      if count == 0 {
        throw RecordError("\(path): the checkpoint has \(lines) lines of it, but it holds \(found)")
      }
      for byte in block[..<count] where found < lines {
        offset += 1
        if byte == UInt8(ascii: "\n") { found += 1 }
      }
    }
    return offset
  }
}

/// A file of records that cannot be begun or gone on with.
package struct RecordError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
