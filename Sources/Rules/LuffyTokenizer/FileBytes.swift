import Glibc

/// Whole files, read without Foundation.
enum FileBytes {
  /// Larger files are refused: the largest tokenizer in use is below 40 MB.
  static let limit = 1 << 30

  static func isDirectory(_ path: String) -> Bool {
    var info = stat()
    return unsafe stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }

  /// The bytes of a regular file; nil where there is no such file.
  static func readIfPresent(_ path: String) throws(TokenizerError) -> [UInt8]? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    if file < 0, errno == ENOENT { return nil }
    guard file >= 0 else { throw .unreadable(path: path, reason: systemText()) }
    defer { close(file) }
    var info = stat()
    guard unsafe fstat(file, &info) == 0 else {
      throw .unreadable(path: path, reason: systemText())
    }
    guard info.st_mode & S_IFMT == S_IFREG, info.st_size <= limit else {
      throw .unreadable(path: path, reason: "not a regular file of at most \(limit) bytes")
    }
    return try bytes(of: file, size: Int(info.st_size), path: path)
  }

  private static func bytes(
    of file: Int32, size: Int, path: String
  ) throws(TokenizerError) -> [UInt8] {
    var failure = false
    let result = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let step = unsafe Glibc.read(
          file, buffer.baseAddress.map { unsafe $0 + count }, size - count)
        if step < 0, errno == EINTR { continue }
        failure = step < 0
        if step <= 0 { break }  // a file that has shrunk is read as far as it goes
        count += step
      }
    }
    if failure { throw .unreadable(path: path, reason: systemText()) }
    return result
  }

  private static func systemText() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    let code = errno
    guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
    let text = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return text.isEmpty ? "error \(code)" : String(decoding: text, as: UTF8.self)
  }
}
