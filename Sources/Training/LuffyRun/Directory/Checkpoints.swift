import LuffyCheckpoint
import LuffyRecords
import LuffyTrainer

/// The checkpoints of a run: state archives named by the run's steps, each of which appears whole or not at all.
package struct Checkpoints {
  package let path: String

  init(_ path: String) { self.path = path }

  package func path(_ total: Int) -> String {
    FileSystem.join(path, "step-\(String(total).padded(to: 8))")
  }

  /// What `best` names; nil where there is none.
  package var best: String? {
    guard let name = try? FileSystem.readLink(FileSystem.join(path, "best")) else { return nil }
    return FileSystem.join(path, name)
  }

  /// The steps of those that are there, ascending. One that is being replaced counts.
  package func totals() throws -> [Int] {
    guard FileSystem.isDirectory(path) else { return [] }
    let totals = try FileSystem.names(inDirectory: path).compactMap { name in
      let stem = Self.replaced(name) ?? name
      return stem.hasPrefix("step-") ? Int(stem.dropFirst(5)) : nil
    }
    return Set(totals).sorted()
  }

  /// The checkpoint that one of this name was before a writer's two renames (version 0.1.0 always made two).
  private static func replaced(_ name: String) -> String? {
    for suffix in [".luffy-previous", ".previous"] where name.hasSuffix(suffix) {
      return String(name.dropLast(suffix.count))
    }
    return nil
  }

  /// Saves one, then removes all but the last `count` and the best.
  func save(_ trainer: Trainer, _ position: RunPosition, keepingLast count: Int) throws {
    trainer.userState = position.encoded
    try trainer.save(path(position.total))
    try settle(position, keepingLast: count)
  }

  /// Names the best one and removes all up to a position but the last `count` and the best: what follows a save, and on a
  /// resume what a save could not do any more where it was killed.
  func settle(_ position: RunPosition, keepingLast count: Int) throws {
    if let best = position.best, FileSystem.exists(path(best.total)) { try link(best.total) }
    let old = try totals().filter { $0 <= position.total }.dropLast(count)
    for total in old where total != position.best?.total { try remove(path(total)) }
  }

  /// `best` names the best one; where it did, it never names nothing.
  private func link(_ total: Int) throws {
    let temporary = FileSystem.join(path, "best.incomplete")
    try FileSystem.remove(temporary)
    try FileSystem.link(temporary, to: FileSystem.name(of: path(total)))
    try FileSystem.rename(temporary, to: FileSystem.join(path, "best"))
  }

  /// Out of sight first, so that no half of one is ever found.
  private func remove(_ checkpoint: String) throws {
    let doomed = checkpoint + ".deleted"
    FileSystem.removeTree(doomed)
    try FileSystem.rename(checkpoint, to: doomed)
    FileSystem.removeTree(doomed)
  }

  /// What a process that was killed left half written or half deleted.
  func removeRemains() throws {
    guard FileSystem.isDirectory(path) else { return }
    for name in try FileSystem.names(inDirectory: path) {
      let item = FileSystem.join(path, name)
      if name.contains(".incomplete") || name.hasSuffix(".deleted") {
        FileSystem.removeTree(item)
      } else if let stem = Self.replaced(name) {
        let replaced = FileSystem.join(path, stem)
        if FileSystem.exists(replaced) {
          FileSystem.removeTree(item)
        } else {
          try FileSystem.rename(item, to: replaced)
        }
      }
    }
  }

  /// A finished run's state becomes the checkpoint of its last step, for the run to go on from.
  func adopt(_ state: String, _ position: RunPosition) throws {
    try FileSystem.createDirectory(path)
    if FileSystem.exists(path(position.total)) {
      try remove(state)
    } else {
      try FileSystem.rename(state, to: path(position.total))
    }
  }
}
