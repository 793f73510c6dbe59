import ArgumentParser
import LuffyCheckpoint
import LuffyModel
import LuffyOptions
import LuffyRun
import LuffyTensor
import LuffyTrainer

/// A Hugging Face directory of a checkpoint's weights, with the tokenizer's files that its model came with.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the model of a checkpoint as a Hugging Face directory.")

  @Argument(help: "A run directory (its best checkpoint, else its last), or one checkpoint.")
  var source: String
  @Option(help: "The directory to write.") var output: String
  @Option(help: "float32 or bfloat16: the type of the weights in the file.") var dtype = "float32"

  func validate() throws {
    if Precision(.string(dtype)) == nil {
      throw ValidationError("--dtype is one of float32, bfloat16")
    }
  }

  func run() throws {
    let checkpoint = try chosen()
    let model = try Model.load(state: checkpoint)
    try model.save(directory: output, as: Precision(.string(dtype)) ?? .float32)
    print(
      "wrote \(output): the weights of \(checkpoint) with what the model came with, as \(dtype)")
  }

  private func chosen() throws -> String {
    let run = RunDirectory(source)
    let isRun = FileSystem.exists(run.metrics) && !FileSystem.exists("\(source)/manifest.json")
    return isRun ? try run.chosenCheckpoint() : source
  }
}
