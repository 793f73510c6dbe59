import LuffyRecords
import LuffyTrainer

/// What was kept and what was dropped, by teacher.
package struct PreparationReport {
  package let text: String

  package init(_ preparation: TracePreparation) {
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

extension TracePreparation {
  /// Judges the traces of a file's lines. Its name is the teacher where a line names none.
  package mutating func add(file path: String) throws {
    for record in try TraceFile(path: path).records {
      try add(
        id: record.id, problem: record.problem, answer: record.answer,
        traces: record.teacherTraces(TraceFile.name(path)))
    }
  }

  /// The kept problems as a JSON Lines file's text.
  package var lines: String { problems.map { PreparedLine($0).json + "\n" }.joined() }
}
