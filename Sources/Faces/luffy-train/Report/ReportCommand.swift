import ArgumentParser
import Foundation
import LuffyCheckpoint

/// One self-contained HTML file for a run or a comparison.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Draw a run or a comparison as one HTML file.")

  @Argument(help: "The directory of a run or of a comparison.") var directory: String
  @Option(help: "Where the page goes; default: report.html in the directory.") var output: String?

  func run() throws {
    let url = URL(fileURLWithPath: directory)
    let metrics = url.appendingPathComponent("metrics.jsonl")
    let page: ReportPage
    if CompareDirectory.isComparison(url) {
      page = try ComparisonReport(url).page
    } else if FileManager.default.fileExists(atPath: metrics.path) {
      page = try RunReport(url).page
    } else {
      throw ValidationError(
        "\(directory) has neither metrics.jsonl (a run) nor compare.jsonl (a comparison)")
    }
    let target =
      output.map { URL(fileURLWithPath: $0) } ?? url.appendingPathComponent("report.html")
    try FileSystem.replace(target.path, with: page.html)
    print("wrote \(target.path)")
  }
}
