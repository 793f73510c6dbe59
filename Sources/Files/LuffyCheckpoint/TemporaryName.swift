import Glibc

/// Names of files and directories while they are written: `<name>.<process>-<random>.incomplete`, beside what
/// they will replace, so that putting them in place never crosses file systems.
///
/// A writer holds a lock (`flock`) on what it writes. The lock ends with the writer's process, so that what has
/// such a name and no lock was left by a dead writer: the next writer of the same target removes it.
enum TemporaryName {
  /// A name that no other writer has.
  static func make(for path: String) -> String {
    let random = String(UInt64.random(in: .min ... .max), radix: 16)
    let digits = String(repeating: "0", count: 16 - random.utf8.count) + random
    return FileSystem.join(
      FileSystem.parent(of: path), "\(stem(of: path)).\(getpid())-\(digits)\(ending)")
  }

  /// So often a writer makes another name, where a cleaner took the first for abandoned.
  static let tries = 20

  private static let ending = ".incomplete"
  /// A file's name may have 255 bytes, and what is added here is below 50.
  private static let stemLimit = 200

  private static func stem(of path: String) -> String {
    var stem = Substring(FileSystem.name(of: path))
    while stem.utf8.count > stemLimit { stem.removeLast() }
    return String(stem)
  }

  /// Whether a file's name is a temporary name of a writer of anything.
  static func isTemporary(_ name: String) -> Bool {
    guard name.hasSuffix(ending) else { return false }
    let name = name.dropLast(ending.count)
    guard let point = name.lastIndex(of: ".") else { return false }
    let parts = name[name.index(after: point)...].split(
      separator: "-", omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && parts[0].allSatisfy { $0.isNumber }
      && parts[1].utf8.count == 16 && parts[1].allSatisfy { $0.isHexDigit }
  }

  /// Takes the lock of an open temporary file or directory. File systems without locks are no failure: nobody
  /// removes anything there.
  static func lock(_ descriptor: Int32) -> Bool {
    flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
  }

  /// Removes what dead writers of `path` left. Nothing is lost where that fails, so failures are not reported.
  static func removeRemains(of path: String) {
    let parent = FileSystem.parent(of: path)
    let prefix = stem(of: path) + "."
    guard let names = try? FileSystem.names(inDirectory: parent) else { return }
    for name in names
    where name.hasPrefix(prefix) && isTemporary(name)
      && !name.dropFirst(prefix.count).dropLast(ending.count).contains(".")
    {
      removeIfAbandoned(FileSystem.join(parent, name))
    }
  }

  private static func removeIfAbandoned(_ path: String) {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return }
    FileTree.remove(path)
  }
}
