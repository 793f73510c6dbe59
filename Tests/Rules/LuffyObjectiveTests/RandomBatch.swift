import Testing
import LuffyObjective
import LuffyRollout
import LuffyTestSupport

/// Random rows of every kind: rollouts, whole traces, partial prefixes, replayed rollouts, masks.
struct RandomBatch {
  var rows: [ObjectiveRow] = []
  var scores: [TokenScores] = []

  enum Member: CaseIterable { case own, trace, prefix, replay }

  init(seed: UInt64, groups: Int = 3, rowsPerGroup: Int = 5, members: [Member] = [.own, .trace]) {
    var random = SeededGenerator(seed)
    for group in 0..<groups {
      for position in 0..<rowsPerGroup {
        // The last rows of a group are by others, the first two always the policy's own.
        let kind = position < 2 ? .own : members[(position + group) % members.count]
        add(kind, group: group, position, &random)
      }
    }
  }

  private mutating func add(
    _ kind: Member, group: Int, _ position: Int, _ random: inout SeededGenerator
  ) {
    let count = Int.random(in: 1...7, using: &random)
    func values(_ range: ClosedRange<Double>) -> [Double] {
      (0..<count).map { _ in Double.random(in: range, using: &random) }
    }
    let logprobs = values(-4 ... -0.05)
    let near = zip(logprobs, values(-0.6...0.6)).map { min(0, $0 + $1) }
    let other = zip(logprobs, values(-1...1)).map { min(0, $0 + $1) }
    // Distinct rewards in every group: a good first row, a bad second one.
    let isGood = position == 0 || (position > 1 && Bool.random(using: &random))
    let reward = isGood ? 1 : Double.random(in: 0...0.5, using: &random)
    var row = ObjectiveRow(
      group: group,
      reward: reward,
      source: kind == .own ? .onPolicy : kind == .replay ? .replay : .offPolicy,
      tokenCount: count, oldLogprobs: near, behaviorLogprobs: other,
      referenceLogprobs: zip(logprobs, values(-0.5...0.5)).map { min(0, $0 + $1) })
    if kind == .prefix { row.offMask = (0..<count).map { $0 < (count + 1) / 2 } }
    if Bool.random(using: &random) { row.responseMask = ResponseMask((0..<count).map { $0 != 1 }) }
    rows.append(row)
    scores.append(TokenScores(logprobs: logprobs, entropies: values(0.1...2)))
  }

  /// Every trained token, as (row, token).
  var trained: [(row: Int, token: Int)] {
    rows.indices.flatMap { row in
      (0..<rows[row].tokenCount).filter { rows[row].responseMask?.flags[$0] ?? true }
        .map { (row, $0) }
    }
  }

  func isOff(_ row: Int, _ token: Int) -> Bool {
    rows[row].offMask.map { $0[token] } ?? (rows[row].source != .onPolicy)
  }

  /// The trained tokens of the policy's own, or of others.
  func tokens(off: Bool) -> [(row: Int, token: Int)] {
    trained.filter { isOff($0.row, $0.token) == off }
  }

  func ownRow(_ row: Int) -> Bool {
    !(rows[row].offMask?.contains(true) ?? (rows[row].source != .onPolicy))
  }

  /// Rewards of a row's group; of own rows only where asked.
  func rewards(groupOf row: Int, ownOnly: Bool) -> [Double] {
    rows.indices.filter { rows[$0].group == rows[row].group && (!ownOnly || ownRow($0)) }
      .map { rows[$0].reward }
  }

  /// (R − mean)/(std + 1e-6), or without the division.
  func advantage(_ row: Int, ownOnly: Bool = false, std: Bool = false) -> Double {
    let values = rewards(groupOf: row, ownOnly: ownOnly)
    let mean = values.reduce(0, +) / Double(values.count)
    var square = 0.0
    for value in values { square += (value - mean) * (value - mean) }
    let sigma = (square / Double(values.count - 1)).squareRoot()
    return (rows[row].reward - mean) / (std ? (sigma == 0 ? 1 : sigma) + 1e-6 : 1)
  }

  /// How many rows hold one of these tokens.
  func rowCount(_ tokens: [(row: Int, token: Int)]) -> Int { Set(tokens.map(\.row)).count }
}

typealias Logprobs = [[Double]]

/// Checks an objective's loss against a formula, and its gradient against central differences of
/// that formula. The formula takes the log-probs that gradients flow through; what is detached
/// it reads from the batch.
func expectMatches(
  _ objective: Objective, _ batch: RandomBatch, step: Int = 0, _ what: String,
  formula: (RandomBatch, Logprobs) -> Double
) throws {
  let result = try objective.evaluate(batch.rows, scores: batch.scores, step: step)
  let base = batch.scores.map(\.logprobs)
  expectClose(result.loss, formula(batch, base), "\(what): loss", relative: 1e-12)
  let h = 1e-5
  for (row, token) in batch.trained {
    var (up, down) = (base, base)
    up[row][token] += h
    down[row][token] -= h
    let slope = (formula(batch, up) - formula(batch, down)) / (2 * h)
    expectClose(
      result.dLogprobs[row][token], slope, "\(what): gradient \(row),\(token)", relative: 1e-6,
      absolute: 1e-9)
  }
}
