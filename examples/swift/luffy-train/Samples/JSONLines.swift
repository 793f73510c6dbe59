import Foundation

/// A file of one JSON object a line, each on the disk before the next.
final class JSONLines {
  private let file: FileHandle
  private let encoder = JSONEncoder()

  /// Makes the file, or empties it.
  init(_ url: URL) throws {
    guard FileManager.default.createFile(atPath: url.path, contents: nil) else {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: url.path])
    }
    file = try FileHandle(forWritingTo: url)
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  }

  func append(_ value: some Encodable) throws {
    try file.write(contentsOf: try encoder.encode(value) + Data("\n".utf8))
    try file.synchronize()
  }

  /// Every line of a file; an error names the line.
  static func read<Value: Decodable>(_ type: Value.Type, from url: URL) throws -> [Value] {
    let text = try String(contentsOf: url, encoding: .utf8)
    let decoder = JSONDecoder()
    return try text.split(separator: "\n").enumerated().map { number, line in
      do { return try decoder.decode(type, from: Data(line.utf8)) } catch {
        throw JSONLinesError(path: url.path, line: number + 1, reason: "\(error)")
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
