import LuffyModel
import LuffyRollout

/// How rows lie in a pass: consecutive rows of one prompt run it once, and a response's last token, which predicts
/// nothing, does not run.
struct RowPacking {
  private(set) var sequences: [PackedSequence] = []
  /// One for each response token, rows in order.
  private(set) var predictions: [TrainingPass.Prediction] = []
  /// Tokens that run.
  private(set) var tokens = 0

  init(_ rows: [TrainingRows.Row], sharesPrompts: Bool) {
    for range in Self.families(rows, sharesPrompts: sharesPrompts) {
      if range.count == 1 {
        addWhole(rows[range.lowerBound])
      } else {
        addFamily(rows[range])
      }
    }
  }

  /// Consecutive rows with one prompt.
  private static func families(
    _ rows: [TrainingRows.Row], sharesPrompts: Bool
  ) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for index in rows.indices {
      if sharesPrompts, let last = ranges.last, rows[last.lowerBound].prompt == rows[index].prompt {
        ranges[ranges.count - 1] = last.lowerBound..<index + 1
      } else {
        ranges.append(index..<index + 1)
      }
    }
    return ranges
  }

  private mutating func addWhole(_ row: TrainingRows.Row) {
    let start = tokens
    add(row.prompt + row.response.dropLast(), parent: nil)
    for (index, id) in row.response.enumerated() {
      predictions.append(
        .init(
          row: start + row.prompt.count + index - 1, target: id, temperature: row.temperature))
    }
  }

  private mutating func addFamily(_ rows: ArraySlice<TrainingRows.Row>) {
    guard let prompt = rows.first?.prompt else { return }
    let parent = sequences.count
    add(prompt, parent: nil)
    let lastOfPrompt = tokens - 1
    for row in rows {
      let start = tokens
      if row.response.count > 1 { add(Array(row.response.dropLast()), parent: parent) }
      for (index, id) in row.response.enumerated() {
        predictions.append(
          .init(
            row: index == 0 ? lastOfPrompt : start + index - 1, target: id,
            temperature: row.temperature))
      }
    }
  }

  private mutating func add(_ ids: [TokenID], parent: Int?) {
    sequences.append(PackedSequence(ids: ids, parent: parent))
    tokens += ids.count
  }

  // MARK: Micro-batches

  /// Rows that run together: whole groups while they fit the budget of tokens; one whose responses alone are more is cut
  /// between its rows. The prompt that its rows share does not count there: cutting would only run it more often.
  static func microBatches(
    _ rows: [TrainingRows.Row], budget: Int, sharesPrompts: Bool
  ) -> [Range<Int>] {
    var batches: [Range<Int>] = []
    var start = 0
    var tokens = 0
    for family in families(rows, sharesPrompts: sharesPrompts) {
      let prompt = rows[family.lowerBound].prompt.count
      let whole = rows[family].reduce(prompt) { $0 + $1.response.count }
      if family.lowerBound > start && tokens + whole > budget {
        batches.append(start..<family.lowerBound)
        (start, tokens) = (family.lowerBound, 0)
      }
      var responses = 0
      for index in family {
        let count = rows[index].response.count
        if index > family.lowerBound && responses + count > budget {
          batches.append(start..<index)
          (start, tokens, responses) = (index, 0, 0)
        }
        responses += count
      }
      tokens += prompt + responses
    }
    if start < rows.count { batches.append(start..<rows.count) }
    return batches
  }
}
