import Foundation

/// A JSON Lines file that only grows; every line is on the disk before the next step.
final class RecordFile {
  let url: URL
  private let handle: FileHandle
  private(set) var lines = 0

  /// Opens it, creating it where there is none, and changes nothing in it.
  ///
  /// Another process that has it open so is an error. The lock ends with the process, however that ends.
  init(locking url: URL) throws {
    self.url = url
    let path = url.path
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw RunError("\(path): \(String(cString: strerror(errno)))") }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      throw RunError(
        "\(path): another process is writing it; wait for its end, or name another output")
    }
  }

  /// Opens it with its first `lines` lines; everything after them goes.
  convenience init(_ url: URL, keeping lines: Int) throws {
    try self.init(locking: url)
    try keep(lines)
  }

  /// Cuts everything after the first `lines` lines.
  func keep(_ lines: Int) throws {
    self.lines = lines
    try handle.seek(toOffset: 0)
    try handle.truncate(atOffset: try Self.bytes(of: lines, handle, url.path))
    try handle.seekToEnd()
  }

  func append(_ line: String) throws {
    try handle.write(contentsOf: Data("\(line)\n".utf8))
    try handle.synchronize()
    lines += 1
  }

  private static func bytes(of lines: Int, _ handle: FileHandle, _ path: String) throws -> UInt64 {
    var found = 0
    var offset: UInt64 = 0
    while found < lines {
      guard let block = try handle.read(upToCount: 1 << 16), !block.isEmpty else {
        throw RunError("\(path): the checkpoint has \(lines) lines of it, but it holds \(found)")
      }
      for byte in block {
        offset += 1
        if byte == UInt8(ascii: "\n") { found += 1 }
        if found == lines { break }
      }
    }
    return offset
  }
}

/// A run that cannot begin or go on.
struct RunError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
