/// A stretch of plain text that reads as one answer: `2, 3 and 7`, `7*sqrt(3)`, `[2, 5)`.
struct PlainPhrase {
  /// Where it stands in the text.
  let range: Range<Int>
  /// The same as LaTeX.
  let latex: Bytes
  /// False where words take part in it ("2 + the first", "4 hours 30 minutes"): no answer then.
  let isWhole: Bool
  /// Where the first of several counts of different things ends: "18 eggs" of "18 eggs and 3 hens".
  var countEnd: Int?
}
