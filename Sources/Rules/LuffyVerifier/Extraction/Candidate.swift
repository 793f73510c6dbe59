/// A stretch of the response that may hold the answer.
struct Candidate {
  enum Content {
    /// LaTeX environments joined by commas or "and".
    case latex([Environment])
    /// From the first `\boxed{` to the last `}`.
    case rawBox(Range<Int>)
    case number(NumberMatch)
    case expression(Range<Int>)
  }

  let start: Int
  let end: Int
  let content: Content
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
