/// A stretch of the response that may hold the answer.
struct Candidate {
  enum Content {
    /// LaTeX environments joined by commas or "and".
    case latex([Environment])
    /// From the first `\boxed{` to the last `}`.
    case rawBox(Range<Int>)
    case number(NumberMatch)
    case expression(Range<Int>)
    /// Plain text that reads as one answer.
    case phrase(PlainPhrase)
  }

  let start: Int
  let end: Int
  let content: Content

  /// The text that is read.
  var source: Range<Int> {
    switch content {
    case .latex(let environments):
      (environments.first?.content.lowerBound ?? start)..<(environments.last?.content.upperBound
        ?? end)
    case .rawBox(let range), .expression(let range): range
    case .number(let match):
      min(match.integer.lowerBound, match.decimals.lowerBound)..<match.end
    case .phrase(let phrase): phrase.range
    }
  }

  /// Numbers and phrases in plain text.
  var isPlain: Bool {
    switch content {
    case .latex, .rawBox: false
    case .number, .expression, .phrase: true
    }
  }
}

/// One LaTeX environment: what is inside, and whether a percent sign follows.
struct Environment {
  let content: Range<Int>
  let end: Int
  let isPercent: Bool
}

/// A plain number: its integer part (with separators), its decimals, and whether it is a percentage.
struct NumberMatch {
  let integer: Range<Int>
  let decimals: Range<Int>
  let end: Int
  let isPercent: Bool
}
