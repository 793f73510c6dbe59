import Foundation

/// A file of one JSON object a line.
final class JSONLines {
  private let file: RecordFile
  private let encoder = JSONEncoder()

  /// Keeps the first lines of the file, and makes it where there is none.
  init(_ url: URL, keeping lines: Int = 0) throws {
    file = try RecordFile(url, keeping: lines)
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  var count: Int { file.lines }

  func append(_ value: some Encodable) throws {
    try file.append(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Every line of a file; an error names the line.
  static func read<Value: Decodable>(_ type: Value.Type, from url: URL) throws -> [Value] {
    let text = try String(contentsOf: url, encoding: .utf8)
    let decoder = JSONDecoder()
    return try text.split(separator: "\n").enumerated().map { number, line in
      do { return try decoder.decode(type, from: Data(line.utf8)) } catch {
        throw JSONLinesError(path: url.path, line: number + 1, reason: PlainError.text(of: error))
      }
    }
  }
}

/// A line that could not be read.
struct JSONLinesError: Error, CustomStringConvertible {
  let path: String
  let line: Int
  let reason: String
  var description: String { "\(path), line \(line): \(reason)" }
}
