import Foundation
import LuffyCheckpoint
import LuffyModel
import LuffyTrainer

/// Where a run leaves what it makes. `docs/run-directory.md` describes the layout.
struct RunDirectory {
  let url: URL

  init(_ path: String) { url = URL(fileURLWithPath: path) }

  var model: URL { url.appendingPathComponent("model") }
  var state: URL { url.appendingPathComponent("state") }
  var configuration: URL { url.appendingPathComponent("config.yaml") }
  var metrics: URL { url.appendingPathComponent("metrics.jsonl") }
  var checkpoints: Checkpoints { Checkpoints(url.appendingPathComponent("checkpoints")) }

  /// Makes it ready for a run from the beginning. One with checkpoints is refused: they may be days of work.
  ///
  /// - Returns: its metrics, whose lock keeps other processes out.
  func begin() throws -> RecordFile {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    let file = try RecordFile(locking: metrics)
    if let last = try checkpoints.totals().last {
      throw RunError(
        "\(url.path) holds a checkpoint of step \(last): continue it with --resume \(url.path), "
          + "name another --output, or remove \(checkpoints.url.path)")
    }
    try file.keep(0)
    // The state of an earlier run here must not be taken for the end of this one.
    if FileManager.default.fileExists(atPath: state.path) {
      try FileManager.default.removeItem(at: state)
    }
    return file
  }

  /// Appears whole or not at all.
  func write(_ configuration: RunConfiguration) throws {
    let text = try ConfigurationFile.text(try configuration.configurationValue())
    try FileSystem.replace(self.configuration.path, with: text)
  }
}
