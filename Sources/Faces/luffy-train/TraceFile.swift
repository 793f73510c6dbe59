import Foundation
import LuffyJSON
import LuffyTrainer

/// Worked solutions of a JSON Lines file.
struct TraceFile {
  let records: [Record]

  /// One line: what one or several teachers wrote on a problem.
  struct Record {
    var id: String?
    var problem: String
    var answer: String
    var teacher: String?
    var solution: String?
    var traces: [Trace]?

    init(_ line: DataLine) throws {
      id = try line.optionalValue("id")
      problem = try line.text("problem")
      answer = try line.value("answer")
      teacher = try line.optionalText("teacher")
      solution = try line.optionalText("solution")
      guard let list = line.root["traces"] else { return }
      guard list.kind == .array else {
        throw line.failure("\"traces\": expected a list, found \(DataLine.name(list))")
      }
      traces = try list.elements.enumerated().map { index, node in
        try Trace(node) { line.failure("traces[\(index)]: \($0)") }
      }
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
  struct Trace {
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

  init(path: String) throws { records = try DataLine.all(path).map(Record.init) }

  static func name(_ path: String) -> String {
    URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  }
}

/// A line of prepared data: `solution` is the first of `traces`, for readers that know only one.
struct PreparedLine: Encodable {
  struct Trace: Encodable {
    var text: String
    var teacher: String
    var tokens: Int
  }

  var id: String?
  var problem: String
  var answer: String
  var solution: String
  var traces: [Trace]

  init(_ prepared: PreparedProblem) {
    id = prepared.id
    problem = prepared.problem
    answer = prepared.answer
    solution = prepared.traces.first?.text ?? ""
    traces = prepared.traces.map {
      Trace(text: $0.text, teacher: $0.teacher, tokens: $0.tokens)
    }
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}

/// What was kept and what was dropped, by teacher.
struct PreparationReport {
  let text: String

  init(_ preparation: TracePreparation) {
    let problems = preparation.problems
    var lines = [
      "\(problems.count) of \(preparation.problemsRead) problems have a trace; "
        + "\(problems.count { $0.traces.count > 1 }) have several"
    ]
    for (teacher, count) in preparation.counts.sorted(by: { $0.key < $1.key }) {
      let share = (100 * Double(count.kept) / Double(max(1, count.read))).rounded(to: 1)
      let mean = (Double(count.keptTokens) / Double(max(1, count.kept))).rounded(to: 1)
      lines.append(
        "\(teacher): \(count.kept) of \(count.read) traces kept (\(share) %), \(mean) tokens on average, "
          + "\(count.longest) at most")
      for reason in TracePreparation.Reason.allCases {
        if let dropped = count.dropped[reason] {
          lines.append("  dropped, \(reason.rawValue): \(dropped)")
        }
      }
    }
    text = lines.joined(separator: "\n")
  }
}
