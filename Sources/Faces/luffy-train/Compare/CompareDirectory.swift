import Foundation

/// Where a comparison leaves what it found; docs/comparison.md describes each file.
struct CompareDirectory {
  let url: URL

  init(_ path: String) throws {
    url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  /// The settings.
  var settings: URL { url.appendingPathComponent("compare.json") }
  /// Every measurement of every arm and seed.
  var measurements: URL { url.appendingPathComponent("compare.jsonl") }
  /// Time and memory of every arm and seed.
  var timings: URL { url.appendingPathComponent("timing.jsonl") }
  var summary: URL { url.appendingPathComponent("summary.json") }
  var markdown: URL { url.appendingPathComponent("summary.md") }
  /// The base of a seed.
  func base(_ seed: Int) -> URL { url.appendingPathComponent("base-\(seed)") }

  /// A file only comparisons have.
  static func isComparison(_ url: URL) -> Bool {
    FileManager.default.fileExists(atPath: url.appendingPathComponent("compare.jsonl").path)
  }

  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}

/// What an arm of one seed cost on this machine: a line of `timing.jsonl`.
struct ArmTiming: Codable, Sendable {
  var arm: String
  var seed: Int
  /// Training without measuring, and measuring.
  var trainingSeconds: Double
  var measuringSeconds: Double
  var steps: Int
  var trainedTokens: Int
  var sampledTokens: Int
  /// Of the process so far.
  var peakBytes: Int

  enum CodingKeys: String, CodingKey {
    case arm, seed, steps
    case trainingSeconds = "training_seconds"
    case measuringSeconds = "measuring_seconds"
    case trainedTokens = "trained_tokens"
    case sampledTokens = "sampled_tokens"
    case peakBytes = "peak_bytes"
  }
}
