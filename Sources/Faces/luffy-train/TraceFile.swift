import Foundation
import LuffyTrainer

/// Worked solutions of a JSON Lines file.
struct TraceFile {
  let records: [Record]

  /// One line: what one or several teachers wrote on a problem.
  struct Record: Decodable {
    var id: Text?
    var problem: String
    var answer: Text
    var teacher: String?
    var solution: String?
    var traces: [Trace]?

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
  struct Trace: Decodable {
    var text: String
    var teacher: String?

    private enum Keys: String, CodingKey { case text, teacher }

    init(from decoder: any Decoder) throws {
      if let text = try? decoder.singleValueContainer().decode(String.self) {
        self.text = text
        return
      }
      let fields = try decoder.container(keyedBy: Keys.self)
      text = try fields.decode(String.self, forKey: .text)
      teacher = try fields.decodeIfPresent(String.self, forKey: .teacher)
    }
  }

  init(path: String) throws {
    let text = try readText(path)
    records = try text.split(separator: "\n").enumerated().map { number, line in
      do { return try JSONDecoder().decode(Record.self, from: Data(line.utf8)) } catch {
        throw ProblemFileError(path: path, line: number + 1, reason: PlainError.text(of: error))
      }
    }
  }

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
