import LuffyJSON
import LuffyRecords
import LuffyTrainer

/// Where a run stands: saved in a checkpoint's `user_state`.
package struct RunPosition: Equatable {
  /// The stage whose trainer is saved, from 0.
  package var stage = 0
  /// Its steps done, and those of all stages.
  package var step = 0
  package var total = 0
  /// Lines of `metrics.jsonl` that belong to these steps.
  package var metricsLines = 0
  /// Lines of `samples.jsonl` that do.
  package var sampleLines = 0
  /// Held-out accuracy before the first stage that is no warm-up.
  package var before: HeldOutAccuracy?
  package var best: Best?
  /// What the run computes; nil in checkpoints of version 0.1.0.
  package var configuration: Configuration?
  /// The line of the last step, where a stop came before its evaluation was done.
  package var pending: String?
  /// The program that drives the run has set rewards of its own: whoever goes on with it has to set them, too.
  package var hasCallerRewards = false

  package struct Best: Equatable, Sendable {
    package var total: Int
    package var accuracy: Double
  }

  /// A run's configuration as JSON, without what does not change its results: `output` and `threads`.
  package struct Configuration: Equatable, Sendable {
    package var text: String
    /// XXH64 of the text, 16 hexadecimal digits.
    package var hash: String
  }

  /// The same position has the same bytes.
  package var encoded: [UInt8] { Array(json.utf8) }

  package init() {}

  package init(_ bytes: [UInt8], of path: String) throws {
    guard let root = try? JSONDocument(parsing: bytes).root, let position = RunPosition(root) else {
      throw RunError("\(path): holds no position of a run")
    }
    self = position
  }
}

extension RunPosition: JSONWritable {
  package func write(to writer: JSONWriter) {
    writer.object {
      if let before {
        writer.key("before")
        before.write(to: writer)
      }
      if let best {
        writer.key("best")
        writer.object {
          writer.member("accuracy", best.accuracy)
          writer.member("total", best.total)
        }
      }
      if hasCallerRewards { writer.member("callerRewards", true) }
      if let configuration {
        writer.key("configuration")
        writer.object {
          writer.member("hash", configuration.hash)
          writer.member("text", configuration.text)
        }
      }
      writer.member("metricsLines", metricsLines)
      if let pending { writer.member("pending", pending) }
      writer.member("sampleLines", sampleLines)
      writer.member("stage", stage)
      writer.member("step", step)
      writer.member("total", total)
    }
  }

  /// Nil where something is missing or of another type.
  fileprivate init?(_ root: JSONNode) {
    guard let stage = root["stage"]?.int, let step = root["step"]?.int,
      let total = root["total"]?.int, let metricsLines = root["metricsLines"]?.int,
      let sampleLines = root["sampleLines"]?.int,
      [stage, step, total, metricsLines, sampleLines].allSatisfy({ $0 >= 0 })
    else { return nil }
    (self.stage, self.step, self.total) = (stage, step, total)
    (self.metricsLines, self.sampleLines) = (metricsLines, sampleLines)
    if let node = root["before"] {
      guard let read = HeldOutAccuracy(node) else { return nil }
      before = read
    }
    if let node = root["best"] {
      guard let total = node["total"]?.int, let accuracy = node["accuracy"]?.double else {
        return nil
      }
      best = Best(total: total, accuracy: accuracy)
    }
    if let node = root["configuration"] {
      guard let text = node["text"]?.string, let hash = node["hash"]?.string else { return nil }
      configuration = Configuration(text: text, hash: hash)
    }
    pending = root["pending"]?.string
    hasCallerRewards = root["callerRewards"]?.bool ?? false
  }
}
