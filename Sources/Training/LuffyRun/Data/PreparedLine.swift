import LuffyJSON
import LuffyRecords
import LuffyTrainer

/// A line of prepared data: `solution` is the first of `traces`, for readers that know only one.
package struct PreparedLine: JSONWritable {
  private let problem: PreparedProblem

  package init(_ problem: PreparedProblem) { self.problem = problem }

  package func write(to writer: JSONWriter) {
    writer.object {
      writer.member("answer", problem.answer)
      if let id = problem.id { writer.member("id", id) }
      writer.member("problem", problem.problem)
      writer.member("solution", problem.traces.first?.text ?? "")
      writer.key("traces")
      writer.array {
        for trace in problem.traces {
          writer.object {
            writer.member("teacher", trace.teacher)
            writer.member("text", trace.text)
            writer.member("tokens", trace.tokens)
          }
        }
      }
    }
  }
}
