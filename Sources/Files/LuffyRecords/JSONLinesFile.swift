import LuffyJSON

/// What can be written as one JSON value.
package protocol JSONWritable {
  func write(to writer: JSONWriter)
}

extension JSONWritable {
  package var json: String {
    let writer = JSONWriter()
    write(to: writer)
    return writer.text
  }
}

/// A file of one JSON object for each line.
package final class JSONLinesFile {
  private let file: RecordFile

  /// Keeps the first lines of the file, and makes it where there is none.
  package init(_ path: String, keeping lines: Int = 0) throws {
    file = try RecordFile(path, keeping: lines)
  }

  package var count: Int { file.lines }

  /// Cuts everything after the first `lines` lines.
  package func keep(_ lines: Int) throws { try file.keep(lines) }

  package func append(_ value: some JSONWritable) throws { try file.append(value.json) }
}
