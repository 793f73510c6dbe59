import LuffyRollout

/// An update whose rows are known and whose log-probs are not: advantages and denominators.
///
/// `evaluate(row:scores:)` may be called for the rows in any order and any grouping; the gradients
/// of a row are the same bits whatever the grouping, and losses add up. Add them in row order for
/// a sum that is the same to the last bit too.
public struct PreparedUpdate: Sendable {
  /// A row with what the update makes of it.
  struct Row: Sendable {
    var input: ObjectiveRow
    /// Who wrote each trained token; nil elsewhere, and everywhere in a filtered row.
    var sources: [Source?]
    /// The reward with its length penalty.
    var reward: Double
    var advantage: Double
    /// Its reward, before any penalty, exceeds the rule's threshold.
    var isSolved: Bool
    var groupSuccess: Double
    var isKept: Bool
  }

  /// A term's denominators over the update.
  struct Counts: Sendable, Hashable {
    var tokens = 0
    var rows = 0
  }

  public let objective: Objective
  public let step: Int
  /// L of fixed lengths that have none of their own.
  public let longestResponse: Int
  var rows: [Row]
  var counts: [Counts]
  /// Set by `counting` where a term asks for it.
  var isCounted: Bool

  /// One advantage a row; 0 for a row that a filter left out.
  public var advantages: [Double] { rows.map(\.advantage) }

  /// False for a row that a filter left out: it need not be run.
  public var isKept: [Bool] { rows.map(\.isKept) }

  public var rowCount: Int { rows.count }

  /// True where a token mean leaves out tokens by their current probability, so that its
  /// denominator needs a pass over all rows first. Call `counting`; `evaluate` refuses before.
  public var needsCounting: Bool { !isCounted }

  init(
    objective: Objective, rows inputs: [ObjectiveRow], step: Int, longestResponse: Int?
  ) throws(ObjectiveError) {
    for (index, input) in inputs.enumerated() { try input.validate(row: index) }
    self.objective = objective
    self.step = step
    self.longestResponse = max(1, longestResponse ?? inputs.map(\.tokenCount).max() ?? 1)
    self.rows = PreparedUpdate.judged(inputs, by: objective.advantages)
    self.counts = []
    self.isCounted = !objective.terms.contains { $0.needsCounting }
    for (index, row) in rows.enumerated() where !row.advantage.isFinite {
      throw .row(index, reason: "its advantage is \(row.advantage): rewards are out of range")
    }
    self.counts = objective.terms.map { count($0, logprobs: nil) }
  }

  /// The same update with denominators that leave out what `probabilityMax` leaves out, given the
  /// current log-probs of all rows. Changes nothing where `needsCounting` is false.
  public func counting(logprobs: [[Double]]) throws(ObjectiveError) -> PreparedUpdate {
    guard needsCounting else { return self }
    guard logprobs.count == rows.count else {
      throw .row(
        min(rows.count, logprobs.count),
        reason: "\(rows.count) rows, but log-probs for \(logprobs.count)")
    }
    for (index, values) in logprobs.enumerated() {
      try rows[index].input.checkCount(values.count, "log-probs", index)
    }
    var counted = self
    counted.counts = objective.terms.map { count($0, logprobs: logprobs) }
    counted.isCounted = true
    return counted
  }

  private func count(_ term: Term, logprobs: [[Double]]?) -> Counts {
    var counts = Counts()
    for (index, row) in rows.enumerated() where row.isKept {
      let counted = row.countedTokens(of: term, logprobs: logprobs?[index])
      counts.tokens += counted
      switch term.aggregation.scope {
      case .update: counts.rows += 1
      case .selected: counts.rows += row.sources.contains(where: term.tokens.includes) ? 1 : 0
      }
    }
    return counts
  }
}

extension PreparedUpdate.Row {
  /// The tokens of this row that a term's denominator counts.
  func countedTokens(of term: Term, logprobs: [Double]?) -> Int {
    let counted = term.aggregation.scope == .update ? TokenSelection.all : term.tokens
    var total = 0
    for token in sources.indices where counted.includes(sources[token]) {
      if let logprobs, term.drops(probability(logprobs[token])) { continue }
      total += 1
    }
    return total
  }
}
