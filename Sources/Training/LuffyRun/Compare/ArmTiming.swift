import LuffyJSON
import LuffyRecords

/// What an arm of one seed cost on this machine: a line of `timing.jsonl`.
package struct ArmTiming: JSONWritable, Sendable {
  package var arm: String
  package var seed: Int
  /// Training without measuring, and measuring.
  package var trainingSeconds: Double
  package var measuringSeconds: Double
  package var steps: Int
  package var trainedTokens: Int
  package var sampledTokens: Int
  /// Of the process so far.
  package var peakBytes: Int

  package func write(to writer: JSONWriter) {
    writer.object {
      writer.member("arm", arm)
      writer.member("measuring_seconds", measuringSeconds)
      writer.member("peak_bytes", peakBytes)
      writer.member("sampled_tokens", sampledTokens)
      writer.member("seed", seed)
      writer.member("steps", steps)
      writer.member("trained_tokens", trainedTokens)
      writer.member("training_seconds", trainingSeconds)
    }
  }
}

extension ArmTiming {
  init(_ line: DataLine) throws {
    arm = try line.text("arm")
    seed = try line.whole("seed")
    trainingSeconds = try line.number("training_seconds")
    measuringSeconds = try line.number("measuring_seconds")
    steps = try line.whole("steps")
    trainedTokens = try line.whole("trained_tokens")
    sampledTokens = try line.whole("sampled_tokens")
    peakBytes = try line.whole("peak_bytes")
  }

  /// Every line of `timing.jsonl`; none where there is no file.
  package static func all(_ path: String) throws -> [ArmTiming] {
    try DataLine.all(path).map(ArmTiming.init)
  }
}
