import ArgumentParser
import LuffyReport

/// One self-contained HTML file for a run or a comparison.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Draw a run or a comparison as one HTML file.")

  @Argument(help: "The directory of a run or of a comparison.") var directory: String
  @Option(help: "Where the page goes; default: report.html in the directory.") var output: String?

  func run() throws {
    print("wrote \(try Report(directory: directory).write(to: output))")
  }
}
