import Glibc

/// The files of a directory that its writer does not write (a README, a tokenizer): they live on in the directory
/// that takes its place.
///
/// A file gets a second name in the new directory (a hard link), so that nothing is copied and nothing is lost if
/// the writer dies. File systems without hard links get a copy.
struct KeptFiles {
  /// Names at the top of the directory that the writer owns: they end with the old directory.
  let isOwned: (String) -> Bool
  /// Names that the writer has written: the old files of these names end with the old directory, too.
  var written: Set<String> = []

  /// Gives the new directory what it lacks of the old one.
  func link(from old: OpenDirectory, to new: OpenDirectory, _ place: String) throws(CheckpointError)
  {
    for name in try old.names(place)
    where !isOwned(name.name) && !TemporaryName.isTemporary(name.name) {
      try Self.link(name, old, new, place)
    }
  }

  private static func link(
    _ name: [CChar], _ old: OpenDirectory, _ new: OpenDirectory, _ place: String
  ) throws(CheckpointError) {
    if linkat(old.descriptor, name, new.descriptor, name, 0) == 0 { return }
    let code = errno
    // The writer has a file of that name, or the name has just gone.
    guard code != EEXIST, code != ENOENT, let status = old.status(name) else { return }
    let path = FileSystem.join(place, name.name)
    switch status.st_mode & S_IFMT {
    case S_IFDIR: try linkDirectory(name, status, old, new, path)
    case S_IFREG where canCopy(code): try copy(name, status, old, new, path)
    case S_IFLNK where canCopy(code): try copyLink(name, old, new, path)
    default: throw cannotKeep(path, code)
    }
  }

  /// Whether the file system has no link for this file. A link across a mount point is refused, not copied: what
  /// is mounted would be left behind.
  private static func canCopy(_ code: Int32) -> Bool {
    [EPERM, EMLINK, EOPNOTSUPP, ENOSYS, EACCES].contains(code)
  }

  private static func linkDirectory(
    _ name: [CChar], _ status: stat, _ old: OpenDirectory, _ new: OpenDirectory, _ path: String
  ) throws(CheckpointError) {
    guard FileIdentity(status).device == old.identity?.device else {
      throw cannotKeep(path, EXDEV)
    }
    guard mkdirat(new.descriptor, name, 0o700) == 0 || errno == EEXIST,
      let from = OpenDirectory(name, in: old), let to = OpenDirectory(name, in: new)
    else { throw cannotKeep(path, errno) }
    for child in try from.names(path) { try link(child, from, to, path) }
    fchmod(to.descriptor, status.st_mode & 0o7777)
    fsync(to.descriptor)
  }

  private static func copy(
    _ name: [CChar], _ status: stat, _ old: OpenDirectory, _ new: OpenDirectory, _ path: String
  ) throws(CheckpointError) {
    let input = openat(old.descriptor, name, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw cannotKeep(path, errno) }
    defer { close(input) }
    let output = openat(
      new.descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 0o7777)
    guard output >= 0 else { throw cannotKeep(path, errno) }
    let file = OutputFile(path: path, descriptor: output)
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(input, &block, block.count)
      if count == 0 { break }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw cannotKeep(path, errno) }
      try file.write(Array(block[..<count]))
    }
    try file.close()
  }

  private static func copyLink(
    _ name: [CChar], _ old: OpenDirectory, _ new: OpenDirectory, _ path: String
  ) throws(CheckpointError) {
    var text = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    guard readlinkat(old.descriptor, name, &text, text.count - 1) >= 0,
      symlinkat(text, new.descriptor, name) == 0
    else { throw cannotKeep(path, errno) }
  }

  private static func cannotKeep(_ path: String, _ code: Int32) -> CheckpointError {
    let failure = CheckpointError.system("link", file: path, code: code)
    return CheckpointError(
      failure.kind, file: path,
      "cannot be kept beside what is saved (\(failure.message)): save to another directory, or move it away"
    )
  }

  /// Removes the old directory's files after the switch: those of the writer, and those that have their second
  /// name. What was put there after `link` moves to the new directory.
  func settle(_ old: OpenDirectory, into new: OpenDirectory) {
    for name in (try? old.names("")) ?? [] {
      if isOwned(name.name) || written.contains(name.name) || TemporaryName.isTemporary(name.name) {
        unlinkat(old.descriptor, name, 0)
      } else {
        Self.settle(name, old, new)
      }
    }
  }

  private static func settle(_ name: [CChar], _ old: OpenDirectory, _ new: OpenDirectory) {
    guard let status = old.status(name) else { return }
    let twin = new.status(name)
    if status.st_mode & S_IFMT == S_IFDIR, twin.map({ $0.st_mode & S_IFMT == S_IFDIR }) == true {
      guard let from = OpenDirectory(name, in: old), let to = OpenDirectory(name, in: new) else {
        return
      }
      for child in (try? from.names("")) ?? [] { settle(child, from, to) }
      unlinkat(old.descriptor, name, AT_REMOVEDIR)
    } else if let twin, FileIdentity(twin) == FileIdentity(status) {
      unlinkat(old.descriptor, name, 0)
    } else {
      renameat(old.descriptor, name, new.descriptor, name)
    }
  }
}
