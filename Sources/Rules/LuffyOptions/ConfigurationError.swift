/// What is wrong with a configuration, and where.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }

  /// An unknown name, with the nearest known one.
  public static func unknown(
    _ name: String, _ what: String, among known: [String], in place: String = ""
  ) -> ConfigurationError {
    return ConfigurationError("\(place)\(name): unknown \(what); \(hint(name, among: known))")
  }
}

/// What to write instead of an unknown name: the nearest known one, or all of them where none is near.
public func hint(_ name: String, among known: [String]) -> String {
  let ranked = known.map { (name: $0, distance: editDistance(name, $0)) }
  let nearest = ranked.min { ($0.distance, $0.name) < ($1.distance, $1.name) }
  if let nearest, nearest.distance <= max(2, name.count / 3) {
    return "did you mean \(nearest.name)?"
  }
  return "known are \(known.sorted().joined(separator: ", "))"
}

/// Insertions, deletions and replacements of characters that make one text of the other (Levenshtein); a
/// hyphen counts as an underscore.
public func editDistance(_ a: String, _ b: String) -> Int {
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
