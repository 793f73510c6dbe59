import Foundation
import LuffyEvaluation
import LuffyRecords
import LuffyRollout
import LuffyTrainer

/// One line a data set, in columns.
struct EvaluationTable {
  private var rows = [
    [
      "data", "answers", "problems", "k", "avg@k %", "pass@k %", "maj@k %", "no answer", "cut",
      "tokens",
    ]
  ]
  private var means: [[Double]] = []

  mutating func add(_ name: String, _ kind: String, _ samples: Int, _ evaluation: Evaluation) {
    let estimates: [Estimate?] = [
      evaluation.accuracy, evaluation.passEstimate(at: samples), evaluation.majority(at: samples),
    ]
    means.append(estimates.map { $0?.mean ?? 0 })
    rows.append(
      [name, kind, "\(evaluation.problems.count)", "\(samples)"] + estimates.map(Self.text) + [
        "\((100 * evaluation.share { $0.extracted == nil }).rounded(to: 1)) %",
        "\((100 * evaluation.share { $0.finishReason == .length }).rounded(to: 1)) %",
        evaluation.meanLength.rounded(to: 1),
      ])
  }

  private static func text(_ estimate: Estimate?) -> String {
    guard let estimate else { return "" }
    let numbers = [estimate.mean, estimate.low, estimate.high].map { (100 * $0).rounded(to: 1) }
    return "\(numbers[0]) [\(numbers[1]), \(numbers[2])]"
  }

  /// Several sets end in their unweighted mean, as in the paper's tables.
  var text: String {
    var rows = rows
    if means.count > 1 {
      let mean = (0..<3).map { column in
        (100 * means.reduce(0) { $0 + $1[column] } / Double(means.count)).rounded(to: 1)
      }
      rows.append(["mean of \(means.count)", "", "", ""] + mean + ["", "", ""])
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
        .joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
