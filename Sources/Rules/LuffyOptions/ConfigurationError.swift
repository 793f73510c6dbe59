/// What is wrong with a configuration, and where.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }

  /// An unknown name, with the known one that is meant or nearest.
  public static func unknown(
    _ name: String, _ what: String, among known: [String], in place: String = ""
  ) -> ConfigurationError {
    ConfigurationError("\(place)\(name): unknown \(what); \(hint(name, among: known))")
  }
}

/// What people write who know another library.
private let synonyms: [String: [String]] = [
  "learning_rate": ["lr"], "max_tokens": ["max_new_tokens"],
  "max_completion_length": ["max_new_tokens"], "beta": ["kl_coefficient"],
  "epsilon": ["clip_low"], "epsilon_low": ["clip_low"], "epsilon_high": ["clip_high"],
  "num_generations": ["group", "n"], "max_steps": ["steps"],
  "num_iterations": ["updates_per_step"],
  "train_dataset": ["data"], "eval_dataset": ["eval_data"], "output_dir": ["output"],
  "eval_steps": ["eval_every"], "save_steps": ["checkpoint_every"],
  "save_total_limit": ["keep_last"], "ref_model": ["reference"], "precision": ["dtype"],
  "torch_dtype": ["dtype"], "batch_size": ["prompts"],
]

/// What to write instead of an unknown name: the one that is meant, the nearest known one, or all of them where none is near.
public func hint(_ name: String, among known: [String]) -> String {
  if let synonym = synonyms[name]?.first(where: known.contains) {
    return "did you mean \(synonym)?"
  }
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
