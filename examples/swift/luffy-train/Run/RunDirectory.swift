import Foundation
import LuffyModel
import LuffyTrainer

/// Where a run leaves what it made: `options.json`, `metrics.jsonl`, `model/` (Hugging Face) and `state/`.
final class RunDirectory {
  let url: URL
  private let metrics: FileHandle

  init(_ path: String) throws {
    url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    let file = url.appendingPathComponent("metrics.jsonl")
    guard FileManager.default.createFile(atPath: file.path, contents: nil) else {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: file.path])
    }
    metrics = try FileHandle(forWritingTo: file)
  }

  var model: URL { url.appendingPathComponent("model") }
  var state: URL { url.appendingPathComponent("state") }

  /// One line, on the disk before the next step.
  func append(_ step: StepMetrics, stage: String) throws {
    let fields = step.json.dropFirst()
    try metrics.write(contentsOf: Data("{\"stage\":\"\(stage)\",\(fields)\n".utf8))
    try metrics.synchronize()
  }

  func write(_ configuration: RunConfiguration) throws {
    let text = try configuration.configurationValue().json + "\n"
    try Data(text.utf8).write(to: url.appendingPathComponent("options.json"))
  }
}
