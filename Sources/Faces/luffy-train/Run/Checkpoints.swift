import Foundation
import LuffyTrainer

/// The checkpoints of a run: state archives named by the run's steps, each of which appears whole or not at all.
struct Checkpoints {
  let url: URL

  init(_ url: URL) { self.url = url }

  func path(_ total: Int) -> String {
    url.appendingPathComponent("step-" + String(format: "%08d", total)).path
  }

  /// The steps of those that are there, ascending. One that is being replaced counts.
  func totals() throws -> [Int] {
    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
    let totals = try FileManager.default.contentsOfDirectory(atPath: url.path).compactMap { name in
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
    trainer.userState = try position.encoded()
    try trainer.save(path(position.total))
    if let best = position.best { try link(best.total) }
    for total in try totals().dropLast(count) where total != position.best?.total {
      try remove(total)
    }
  }

  /// `best` names the best one; where it did, it never names nothing.
  private func link(_ total: Int) throws {
    let temporary = url.appendingPathComponent("best.incomplete").path
    try? FileManager.default.removeItem(atPath: temporary)
    try FileManager.default.createSymbolicLink(
      atPath: temporary, withDestinationPath: URL(fileURLWithPath: path(total)).lastPathComponent)
    if rename(temporary, url.appendingPathComponent("best").path) != 0 {
      throw RunError("\(url.path)/best: \(String(cString: strerror(errno)))")
    }
  }

  /// Out of sight first, so that no half of one is ever found.
  private func remove(_ total: Int) throws {
    let doomed = path(total) + ".deleted"
    try? FileManager.default.removeItem(atPath: doomed)
    try FileManager.default.moveItem(atPath: path(total), toPath: doomed)
    try FileManager.default.removeItem(atPath: doomed)
  }

  /// What a process that was killed left half written or half deleted.
  func removeRemains() throws {
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    for name in try FileManager.default.contentsOfDirectory(atPath: url.path) {
      let item = url.appendingPathComponent(name)
      if name.contains(".incomplete") || name.hasSuffix(".deleted") {
        try FileManager.default.removeItem(at: item)
      } else if let stem = Self.replaced(name) {
        let replaced = url.appendingPathComponent(stem).path
        if FileManager.default.fileExists(atPath: replaced) {
          try FileManager.default.removeItem(at: item)
        } else {
          try FileManager.default.moveItem(atPath: item.path, toPath: replaced)
        }
      }
    }
  }

  /// A finished run's state becomes the checkpoint of its last step, for the run to go on from.
  func adopt(_ state: URL, _ position: RunPosition) throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    if FileManager.default.fileExists(atPath: path(position.total)) {
      let doomed = state.appendingPathExtension("deleted").path
      try? FileManager.default.removeItem(atPath: doomed)
      try FileManager.default.moveItem(atPath: state.path, toPath: doomed)
      try FileManager.default.removeItem(atPath: doomed)
    } else {
      try FileManager.default.moveItem(atPath: state.path, toPath: path(position.total))
    }
  }
}
