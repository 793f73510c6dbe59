/// What an objective refuses, and where.
public enum ObjectiveError: Error, Hashable, CustomStringConvertible {
  /// An option outside its range. `key` is the option's name, `reason` says what was expected.
  case option(key: String, reason: String)
  /// A row that is malformed: arrays of different lengths, a reward that is not finite, ….
  case row(Int, reason: String)
  /// A value that a term needs and a row does not carry.
  case missing(row: Int, value: String, neededBy: String)
  /// A number that is not finite at a trained token of a row.
  case notFinite(row: Int, token: Int, value: String, found: Double)
  /// A normaliser depends on current log-probs: call `PreparedUpdate.counting` first.
  case needsCounting(key: String)

  /// The row that it is about; nil where it is about no row.
  package var row: Int? {
    switch self {
    case .row(let row, _), .missing(let row, _, _), .notFinite(let row, _, _, _): row
    case .option, .needsCounting: nil
    }
  }

  public var description: String { description(ofRow: row.map { "row \($0)" } ?? "") }

  /// The same with another name of the row: "group 3, rollout 1".
  package func description(ofRow place: String) -> String {
    switch self {
    case .option(let key, let reason): "option \(key): \(reason)"
    case .row(_, let reason): "\(place): \(reason)"
    case .missing(_, let value, let neededBy):
      "\(place): \(neededBy) needs \(value), and the row has none"
    case .notFinite(_, let token, let value, let found):
      "\(place), token \(token): \(value) is \(found), not a finite number"
    case .needsCounting(let key):
      "\(key) makes a token mean depend on current log-probs: count all rows before evaluating one"
    }
  }
}

/// Throws an option error unless `holds`.
func require(
  _ holds: Bool, _ key: String, _ reason: @autoclosure () -> String
) throws(ObjectiveError) {
  if !holds { throw .option(key: key, reason: reason()) }
}
