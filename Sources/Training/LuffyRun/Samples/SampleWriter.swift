import LuffyRecords
import LuffyRollout
import LuffyTokenizer
import LuffyTrainer

/// Writes scored groups of some steps to `samples.jsonl`.
package final class SampleWriter {
  private let lines: JSONLinesFile
  private let tokenizer: Tokenizer

  /// Goes on after the first `lines` lines of the file.
  package init(_ path: String, keeping lines: Int = 0, tokenizer: Tokenizer) throws {
    self.lines = try JSONLinesFile(path, keeping: lines)
    self.tokenizer = tokenizer
  }

  /// Lines of the file.
  package var count: Int { lines.count }

  /// Cuts what a step that was given up has left.
  func keep(_ count: Int) throws { if lines.count != count { try lines.keep(count) } }

  /// Steps 1, 2, 4, 8, …: training changes most at the beginning.
  private static func isChosen(_ step: Int) -> Bool { step > 0 && step & (step - 1) == 0 }

  /// Call it before the trainer's step. The group is the step's first.
  package func write(
    _ groups: [RolloutGroup], _ problems: [TrainingProblem], _ trainer: Trainer, stage: String,
    step: Int, arm: String? = nil
  ) throws {
    guard Self.isChosen(step) else { return }
    let scorer = SampleScorer(trainer: trainer, tokenizer: tokenizer)
    for var row in try scorer.rows(
      of: 0, in: groups, problems: problems, stage: stage, step: step)
    {
      row.arm = arm
      try lines.append(row)
    }
  }
}
