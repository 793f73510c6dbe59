import LuffyObjective
import LuffyRecords
import LuffyRun
import LuffyTrainer

/// The progress of a run's stages, a line each.
struct RunProgress {
  private var stage: String?
  private var line = ProgressLine("", total: 0)
  /// Of the steps that were shown.
  private(set) var summary = RunSummary()

  /// After a step.
  mutating func show(_ run: Run) {
    guard let step = run.lastStep else { return }
    summary.add(step)
    let (done, all) = run.stageSteps
    let label = step.stage.kind == .warmup ? "warm-up" : step.stage.label
    if stage != label || done <= 1 {
      line = ProgressLine(label, total: all, first: done - 1)
      stage = label
    }
    line.show(done, Self.text(step))
  }

  private static func text(_ step: StageStep) -> String {
    let metrics = step.metrics
    if step.isSupervised { return "loss \(metrics.loss.rounded(to: 3))" }
    let fields: [(String, Double?)] = [
      ("reward", metrics.batch.ownReward), ("entropy", metrics.objective[.entropy]),
      ("teacher p", metrics.objective[.offPolicyProbability]),
      ("length", metrics.batch.ownLength),
    ]
    var parts = fields.compactMap { name, value in value.map { "\(name) \($0.rounded(to: 2))" } }
    let (skipped, updates) = (metrics.skippedUpdates, step.stage.updatesPerStep)
    if skipped > 0 {
      parts.append("no signal: \(skipped == updates ? "" : "\(skipped) of \(updates) ")skipped")
    }
    return parts.joined(separator: "  ")
  }
}
