import LuffyCheckpoint
import LuffyJSON
import LuffyRecords
import LuffyTrainer

/// Worked solutions of a JSON Lines file.
package struct TraceFile {
  package let records: [Record]

  /// One line: what one or several teachers wrote on a problem.
  package struct Record {
    var id: String?
    var problem: String
    var answer: String
    var teacher: String?
    var solution: String?
    var traces: [Trace]?
    /// A JSON object of the line's other members, which a caller's rewards may need.
    var columns: String

    private static let known: Set = ["id", "problem", "answer", "teacher", "solution", "traces"]

    init(_ line: DataLine) throws {
      id = try line.optionalValue("id")
      problem = try line.text("problem")
      answer = try line.value("answer")
      teacher = try line.optionalText("teacher")
      solution = try line.optionalText("solution")
      columns = Self.columns(line.root)
      guard let list = line.root["traces"] else { return }
      guard list.kind == .array else {
        throw line.failure("\"traces\": expected a list, found \(DataLine.name(list))")
      }
      traces = try list.elements.enumerated().map { index, node in
        try Trace(node) { line.failure("traces[\(index)]: \($0)") }
      }
    }

    private static func columns(_ root: JSONNode) -> String {
      let writer = JSONWriter()
      writer.object {
        for (key, value) in root.members where !known.contains(key) {
          writer.key(key)
          _ = writer.write(copying: value)
        }
      }
      return writer.text
    }

    /// `traces` where there are any, else the solution.
    func teacherTraces(_ fallback: String) -> [TeacherTrace] {
      let teacher = teacher ?? fallback
      if let traces {
        return traces.map { TeacherTrace(text: $0.text, teacher: $0.teacher ?? teacher) }
      }
      return [TeacherTrace(text: solution ?? "", teacher: teacher)]
    }
  }

  /// A text, or an object with a text and its teacher.
  package struct Trace {
    var text: String
    var teacher: String?

    init(_ node: JSONNode, _ failure: (String) -> JSONLinesError) throws {
      if let text = node.string {
        self.text = text
        return
      }
      guard node.kind == .object else {
        throw failure("expected a text or an object, found \(DataLine.name(node))")
      }
      text = try DataLine.text("text", of: node, failure)
      teacher = try DataLine.optionalText("teacher", of: node, failure)
    }
  }

  package init(path: String) throws { records = try DataLine.all(path).map(Record.init) }

  package static func name(_ path: String) -> String {
    let name = FileSystem.name(of: path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }
}
