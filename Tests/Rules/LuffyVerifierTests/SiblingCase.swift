/// Rows of the kinds that people report of math graders, with the verdict that mathematics gives.
enum SiblingCase {
  /// Rows as in `ReadingCase.rows`; ⏎ stands for a new line of the response.
  static func rows(_ table: String) -> [ReadingCase] {
    ReadingCase.rows(table).map { row in
      ReadingCase(
        reference: row.reference, response: row.response.replacing("⏎", with: "\n"),
        isRight: row.isRight)
    }
  }

  static let all = forms + marks + notations + choices + prose
}
