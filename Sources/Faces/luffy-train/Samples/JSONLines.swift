import Foundation
import LuffyCheckpoint
import LuffyJSON

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
    let decoder = JSONDecoder()
    return try DataLine.all(url.path).map { line in
      // Written again, so that the last of two equal keys is the one that counts.
      let writer = JSONWriter()
      guard writer.write(copying: line.root) else { throw line.failure("nested too deep") }
      do { return try decoder.decode(type, from: Data(writer.text.utf8)) } catch {
        throw line.failure(PlainError.text(of: error))
      }
    }
  }
}
