import LuffyEvaluation
import LuffyJSON
import LuffyRecords
import LuffyTrainer

/// pass@1 on held-out problems.
public struct HeldOutAccuracy: Equatable, Sendable {
  public var accuracy: Double
  /// Half of the 95 % interval over problems.
  public var halfInterval: Double
  /// Tokens.
  public var meanLength: Double

  package init(_ evaluation: Evaluation) {
    accuracy = evaluation.meanAccuracy
    halfInterval = evaluation.halfInterval
    meanLength = evaluation.meanLength
  }

  /// Nil where something is missing.
  init?(_ node: JSONNode) {
    guard let accuracy = node["accuracy"]?.double, let half = node["halfInterval"]?.double,
      let length = node["meanLength"]?.double
    else { return nil }
    (self.accuracy, halfInterval, meanLength) = (accuracy, half, length)
  }

  func write(to writer: JSONWriter) {
    writer.object {
      writer.member("accuracy", accuracy)
      writer.member("halfInterval", halfInterval)
      writer.member("meanLength", meanLength)
    }
  }

  /// In percent.
  public var text: String {
    "\((100 * accuracy).rounded(to: 1)) % ± \((100 * halfInterval).rounded(to: 1))"
  }

  /// Names and values of a line of `metrics.jsonl`.
  package var members: [(name: String, value: Double)] {
    [
      ("eval/pass@1", accuracy), ("eval/half_interval", halfInterval),
      ("eval/length_mean", meanLength),
    ]
  }
}
