import LuffyCheckpoint
import LuffyRun

/// One self-contained HTML page for the directory of a run or of a comparison.
public struct Report: Sendable {
  public let html: String
  private let directory: String

  /// - Throws: an error of a file that cannot be read, or `RunError` where the directory holds neither a run nor a
  ///   comparison.
  public init(directory: String) throws {
    self.directory = directory
    let comparison = ComparisonDirectory(directory)
    let run = RunDirectory(directory)
    if comparison.isComparison {
      html = try ComparisonReport(comparison).page.html
    } else if FileSystem.exists(run.metrics) {
      html = try RunReport(run).page.html
    } else {
      throw RunError(
        "\(directory) has neither metrics.jsonl (a run) nor compare.jsonl (a comparison)")
    }
  }

  /// Writes the page, whole or not at all.
  ///
  /// - Parameter output: nil: `report.html` in the directory.
  /// - Returns: where it is.
  @discardableResult public func write(to output: String? = nil) throws -> String {
    let path = output ?? FileSystem.join(directory, "report.html")
    try FileSystem.replace(path, with: html)
    return path
  }
}
