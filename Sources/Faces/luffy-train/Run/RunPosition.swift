import Foundation
import LuffyTrainer

/// Where a run stands: saved in a checkpoint's `user_state`.
struct RunPosition: Codable, Equatable {
  /// The stage whose trainer is saved, from 0.
  var stage = 0
  /// Its steps done, and those of all stages.
  var step = 0
  var total = 0
  /// Lines of `metrics.jsonl` that belong to these steps.
  var metricsLines = 0
  /// Lines of `samples.jsonl` that do.
  var sampleLines = 0
  /// Held-out accuracy before the first stage that is no warm-up.
  var before: HeldOutAccuracy?
  var best: Best?
  /// What the run computes; nil in checkpoints of version 0.1.0.
  var configuration: Configuration?
  /// The line of the last step, where a signal came before its evaluation was done.
  var pending: String?

  struct Best: Codable, Equatable {
    var total: Int
    var accuracy: Double
  }

  /// A run's configuration as YAML, without what does not change its results: `output` and `threads`.
  struct Configuration: Codable, Equatable {
    var text: String
    /// XXH64 of the text, 16 hexadecimal digits.
    var hash: String
  }

  /// The same position has the same bytes.
  func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self))
  }

  init() {}

  init(_ bytes: [UInt8], of path: String) throws {
    do { self = try JSONDecoder().decode(Self.self, from: Data(bytes)) } catch {
      throw RunError("\(path): holds no position of a run")
    }
  }
}

/// pass@1 on held-out problems.
struct HeldOutAccuracy: Codable, Equatable {
  var accuracy: Double
  /// Half of the 95 % interval over problems.
  var halfInterval: Double
  var meanLength: Double

  init(_ evaluation: Evaluation) {
    accuracy = evaluation.meanAccuracy
    halfInterval = evaluation.halfInterval
    meanLength = evaluation.meanLength
  }

  var text: String {
    "\((100 * accuracy).rounded(to: 1)) % ± \((100 * halfInterval).rounded(to: 1))"
  }

  /// Members of a line of `metrics.jsonl`.
  var json: String {
    "\"eval/pass@1\":\(accuracy),\"eval/half_interval\":\(halfInterval),\"eval/length_mean\":\(meanLength)"
  }
}
