import LuffyCheckpoint

/// Where a comparison leaves what it found; docs/comparison.md describes each file.
package struct ComparisonDirectory {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// The settings.
  package var settings: String { file("compare.json") }
  /// Every measurement of every arm and seed.
  package var measurements: String { file("compare.jsonl") }
  /// Time and memory of every arm and seed.
  package var timings: String { file("timing.jsonl") }
  package var samples: String { file("samples.jsonl") }
  package var summary: String { file("summary.json") }
  package var markdown: String { file("summary.md") }
  /// The base of a seed.
  func base(_ seed: Int) -> String { file("base-\(seed)") }

  private func file(_ name: String) -> String { FileSystem.join(path, name) }

  /// It has a file that only comparisons have.
  package var isComparison: Bool { FileSystem.exists(measurements) }
}
