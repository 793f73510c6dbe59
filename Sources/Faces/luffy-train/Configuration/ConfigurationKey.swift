/// A key of a configuration: its name and where its value is kept.
struct ConfigurationKey<Root>: Sendable {
  let name: String
  let expected: String
  /// False where the value is of another type.
  private let assign: @Sendable (inout Root, ConfigurationValue) -> Bool
  private let read: @Sendable (Root) -> ConfigurationValue
  /// Whole numbers that are allowed; nil: the type says it all.
  private let range: ClosedRange<Int>?

  init<Value: ConfigurationScalar>(
    _ name: String, _ path: WritableKeyPath<Root, Value> & Sendable,
    in range: ClosedRange<Int>? = nil
  ) {
    self.name = name
    self.range = range
    expected =
      Value.expected + (range.map { " of \($0.lowerBound) to \($0.upperBound)" } ?? "")
    assign = { root, value in
      guard let typed = Value(value) else { return false }
      root[keyPath: path] = typed
      return true
    }
    read = { $0[keyPath: path].configurationValue }
  }

  func set(_ root: inout Root, _ value: ConfigurationValue, in place: String) throws {
    var isAllowed = true
    if let range, case .int(let number) = value { isAllowed = range.contains(number) }
    if !isAllowed || !assign(&root, value) {
      throw ConfigurationError(
        "\(place)\(name): expected \(expected), found \(value.description)")
    }
  }

  func value(of root: Root) -> ConfigurationValue { read(root) }
}

extension ClosedRange<Int> {
  /// How often something may happen in a run.
  static var counts: Self { 1...Int(Int32.max) }
  static var countsFromZero: Self { 0...Int(Int32.max) }
  /// Things that are in memory at once: problems, rollouts, tokens of one.
  static var sizes: Self { 1...1 << 24 }
}

/// What is wrong with a configuration, and where.
struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }

  /// An unknown name, with the nearest known one.
  static func unknown(
    _ name: String, _ what: String, among known: [String], in place: String = ""
  ) -> ConfigurationError {
    let ranked = known.map { (name: $0, distance: editDistance(name, $0)) }
    let nearest = ranked.min { ($0.distance, $0.name) < ($1.distance, $1.name) }
    let hint: String =
      if let nearest, nearest.distance <= max(2, name.count / 3) {
        "did you mean \(nearest.name)?"
      } else {
        "known are \(known.sorted().joined(separator: ", "))"
      }
    return ConfigurationError("\(place)\(name): unknown \(what); \(hint)")
  }
}

/// Insertions, deletions and replacements of characters that make one text of the other (Levenshtein); a
/// hyphen counts as an underscore.
func editDistance(_ a: String, _ b: String) -> Int {
  let left = a.map { $0 == "-" ? "_" : $0 }
  let right = b.map { $0 == "-" ? "_" : $0 }
  var row = Array(0...right.count)
  for (i, character) in left.enumerated() {
    var next = [i + 1]
    for (j, other) in right.enumerated() {
      next.append(min(row[j + 1] + 1, next[j] + 1, row[j] + (character == other ? 0 : 1)))
    }
    row = next
  }
  return row[right.count]
}
