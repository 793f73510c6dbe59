import LuffyCheckpoint
import LuffyOptions
import LuffyRecords

/// Where a run leaves what it makes. `docs/run-directory.md` describes the layout.
package struct RunDirectory {
  package let path: String

  package init(_ path: String) { self.path = path }

  package var model: String { file("model") }
  package var state: String { file("state") }
  package var configuration: String { file("config.json") }
  /// Of version 0.1.0.
  package var yamlConfiguration: String { file("config.yaml") }
  package var metrics: String { file("metrics.jsonl") }
  package var samples: String { file("samples.jsonl") }
  package var checkpoints: Checkpoints { Checkpoints(file("checkpoints")) }

  private func file(_ name: String) -> String { FileSystem.join(path, name) }

  /// Makes it ready for a run from the beginning. One with checkpoints is refused: they may be days of work.
  ///
  /// - Returns: its metrics, whose lock keeps other processes out.
  func begin() throws -> RecordFile {
    try FileSystem.createDirectory(path)
    let file = try RecordFile(locking: metrics)
    if let last = try checkpoints.totals().last {
      throw RunError(
        "\(path) holds a checkpoint of step \(last): go on with it (resume), "
          + "name another output, or remove \(checkpoints.path)")
    }
    try file.keep(0)
    // The state of an earlier run here must not be taken for the end of this one.
    FileSystem.removeTree(state)
    if FileSystem.exists(state) { throw RunError("\(state): cannot be removed") }
    return file
  }

  /// Appears whole or not at all.
  func write(_ configuration: RunConfiguration) throws {
    try FileSystem.replace(
      self.configuration, with: try configuration.configurationValue().prettyJSON)
    if FileSystem.exists(yamlConfiguration) { try FileSystem.remove(yamlConfiguration) }
  }

  /// The checkpoint whose weights count: the best, else the last, else the end.
  package func chosenCheckpoint() throws -> String {
    if let best = checkpoints.best { return best }
    if let last = try checkpoints.totals().last { return checkpoints.path(last) }
    return state
  }
}

/// A run that cannot begin or go on.
public struct RunError: Error, CustomStringConvertible, Equatable {
  public let description: String
  package init(_ description: String) { self.description = description }
}
