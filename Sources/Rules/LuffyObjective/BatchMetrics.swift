import LuffyRollout

/// What an update's rows say before any log-prob is known. `docs/metrics.md` defines each.
public struct BatchMetrics: Sendable, Hashable {
  /// Groups none, or all, of whose rows are solved; and groups without any advantage.
  public var unsolvedGroups = 0
  public var solvedGroups = 0
  public var zeroSignalGroups = 0
  public var droppedRows = 0
  /// Shares of rows that are solved: all, own, others'.
  public var solved: Double?
  public var ownSolved: Double?
  public var offSolved: Double?
  /// Mean reward and length of own rows and of others'.
  public var ownReward: Double?
  public var offReward: Double?
  public var ownLength: Double?
  public var offLength: Double?
  /// Others' rows for one own.
  public var offToOwnRatio: Double?
  public var score: Spread?
  public var rewards: Spread?
  /// Over trained tokens.
  public var advantages: Spread?
  public var lengths: Spread?
  /// Share of rows that were cut at the longest length.
  public var truncated: Double?

  /// The metrics that are there, in this fixed order.
  public var present: [(name: String, value: Double)] {
    let scalars: [(String, Double?)] = [
      ("batch/solve_none", Double(unsolvedGroups)), ("batch/solve_all", Double(solvedGroups)),
      ("batch/zero_signal_groups", Double(zeroSignalGroups)),
      ("batch/dropped_rows", Double(droppedRows)),
      ("batch/solved", solved), ("batch/failed", solved.map { 1 - $0 }),
      ("batch/on_solved", ownSolved), ("batch/off_solved", offSolved),
      ("on_off_metrics/on_score", ownReward), ("on_off_metrics/off_score", offReward),
      ("on_off_metrics/on_response_length_mean", ownLength),
      ("on_off_metrics/off_response_length_mean", offLength),
      ("on_off_metrics/off_on_example_ratio", offToOwnRatio),
    ]
    let spreads: [(String, Spread?)] = [
      ("critic/score", score), ("critic/rewards", rewards), ("critic/advantages", advantages),
      ("response_length", lengths),
    ]
    let expanded: [(String, Double?)] = spreads.flatMap { name, spread in
      [
        ("\(name)/mean", spread?.mean), ("\(name)/max", spread?.max), ("\(name)/min", spread?.min),
      ]
    }
    return (scalars + expanded + [("response_length/clip_ratio", truncated)]).compactMap {
      name, value in value.map { (name, $0) }
    }
  }
}

extension PreparedUpdate {
  /// Rewards, lengths and solved shares of the rows, dropped ones included.
  public var batchMetrics: BatchMetrics {
    var metrics = BatchMetrics()
    for group in PreparedUpdate.members(of: rows.map(\.input)) {
      let members = group.map { rows[$0] }
      metrics.unsolvedGroups += members.contains(where: \.isSolved) ? 0 : 1
      metrics.solvedGroups += members.allSatisfy(\.isSolved) ? 1 : 0
      metrics.zeroSignalGroups += members.allSatisfy { $0.advantage == 0 } ? 1 : 0
    }
    let own = rows.filter { !$0.input.isOff }
    let off = rows.filter { $0.input.isOff }
    metrics.droppedRows = rows.count { !$0.isKept }
    (metrics.solved, metrics.ownSolved, metrics.offSolved) = (
      solvedShare(rows), solvedShare(own), solvedShare(off)
    )
    metrics.ownReward = Spread(own.map(\.reward))?.mean
    metrics.offReward = Spread(off.map(\.reward))?.mean
    metrics.ownLength = Spread(own.map(\.length))?.mean
    metrics.offLength = Spread(off.map(\.length))?.mean
    metrics.offToOwnRatio = own.isEmpty ? nil : Double(off.count) / Double(own.count)
    metrics.score = Spread(rows.map(\.input.reward))
    metrics.rewards = Spread(rows.map(\.reward))
    metrics.advantages = Spread(
      rows.flatMap { row in row.sources.compactMap { $0 == nil ? nil : row.advantage } })
    metrics.lengths = Spread(rows.map(\.length))
    metrics.truncated = Spread(rows.map { $0.input.isTruncated ? 1 : 0 })?.mean
    return metrics
  }

  private func solvedShare(_ rows: [Row]) -> Double? {
    Spread(rows.map { $0.isSolved ? 1 : 0 })?.mean
  }
}

extension PreparedUpdate.Row {
  /// Tokens of the response that the response mask allows.
  var length: Double { Double(input.responseMask?.trainedCount ?? input.tokenCount) }
}
