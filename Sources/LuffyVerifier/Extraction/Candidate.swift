/// A stretch of the response that may hold the answer.
struct Candidate {
  enum Content {
    /// LaTeX environments joined by commas or "and"; `boxed` for the raw box pattern.
    case latex([Environment])
    case rawBox(Range<Int>)
    case number(NumberMatch)
    case expression(Range<Int>)
    case choice(Int)
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
