import ArgumentParser
import Foundation
import LuffyCheckpoint
import LuffyModel
import LuffyTrainer

/// A Hugging Face directory of a checkpoint's weights.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the model of a checkpoint as a Hugging Face directory.")

  @Argument(help: "A run directory (its best checkpoint, else its last), or one checkpoint.")
  var source: String
  @Option(help: "The directory to write.") var output: String

  func run() throws {
    let checkpoint = try chosen()
    let model = try Model.load(state: checkpoint)
    try model.save(directory: output)
    let copied = try copyTokenizer()
    print("wrote \(output): the weights of \(checkpoint)\(copied ? " and the tokenizer" : "")")
  }

  private func chosen() throws -> String {
    let run = RunDirectory(source)
    guard FileManager.default.fileExists(atPath: run.configuration.path) else { return source }
    let best = run.checkpoints.url.appendingPathComponent("best")
    if FileManager.default.fileExists(atPath: best.path) {
      return best.resolvingSymlinksInPath().path
    }
    if let last = try run.checkpoints.totals().last { return run.checkpoints.path(last) }
    return run.state.path
  }

  /// The built-in model's tokenizer lies beside the run's model.
  private func copyTokenizer() throws -> Bool {
    let start = URL(fileURLWithPath: source)
    let places = [start, start.deletingLastPathComponent().deletingLastPathComponent()]
    let target = URL(fileURLWithPath: output).appendingPathComponent("tokenizer.json")
    for place in places {
      let tokenizer = RunDirectory(place.path).model.appendingPathComponent("tokenizer.json")
      guard FileManager.default.fileExists(atPath: tokenizer.path) else { continue }
      if !FileManager.default.fileExists(atPath: target.path) {
        let text = try String(contentsOf: tokenizer, encoding: .utf8)
        try FileSystem.replace(target.path, with: text)
      }
      return true
    }
    return false
  }
}
