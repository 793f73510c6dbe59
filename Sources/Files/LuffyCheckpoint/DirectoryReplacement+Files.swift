internal import CLuffyFiles
import Glibc

extension DirectoryReplacement {
  /// One file that has moved; undone by moving it back.
  private struct Move {
    let from: String
    let to: String
    /// Whether something was at `to`, which is now at `from`.
    let isExchange: Bool

    func undo() {
      if isExchange { luffyfiles_exchange(from, to) } else { rename(to, from) }
    }
  }

  /// Puts every file in place. After an error, all are back.
  func replaceFiles() throws(CheckpointError) {
    var moves: [Move] = []
    do throws(CheckpointError) {
      let written = try FileSystem.names(inDirectory: path).sorted()
      for name in written { moves.append(try move(name)) }
      // Those of an earlier save that this one does not write.
      for name in try FileSystem.names(inDirectory: target)
      where kept.isOwned(name) && !written.contains(name) {
        let from = FileSystem.join(target, name)
        try FileSystem.rename(from, to: file(name))
        moves.append(Move(from: from, to: file(name), isExchange: false))
      }
      try FileSystem.syncDirectory(target)
    } catch {
      for move in moves.reversed() { move.undo() }
      throw error
    }
    FileTree.remove(path)
    markInPlace()
  }

  private func move(_ name: String) throws(CheckpointError) -> Move {
    let to = FileSystem.join(target, name)
    if luffyfiles_exchange(file(name), to) == 0 {
      return Move(from: file(name), to: to, isExchange: true)
    }
    if errno != ENOENT && FileSystem.exists(to) {
      throw .system("rename", file: to, code: errno)
    }
    try FileSystem.rename(file(name), to: to)
    return Move(from: file(name), to: to, isExchange: false)
  }
}
