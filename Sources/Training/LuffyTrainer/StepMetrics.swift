internal import LuffyJSON
import LuffyObjective
import LuffyRollout
import LuffyTensor

/// What one step reports. `docs/metrics.md` defines every name; what nothing was counted for is absent, never NaN.
public struct StepMetrics: Sendable {
  /// The step's number, from 1.
  public private(set) var step = 0
  /// The objective's loss, summed over the step's updates and divided by their number.
  public private(set) var loss = 0.0
  /// Before clipping; the mean over updates.
  public private(set) var gradientNorm = 0.0
  /// Of the last update.
  public private(set) var learningRate = 0.0
  /// Wall time of the step.
  public private(set) var seconds = 0.0
  /// Prompt and response tokens trained on.
  public private(set) var tokens = 0
  public private(set) var objective = ObjectiveMetrics(MetricSums())
  /// Rewards, lengths and solved shares of the groups.
  public let batch: BatchMetrics

  private let groups: Int
  private let promptLengths: [Double]
  /// Own rollouts, and those among them that were cut at the longest length.
  private let rollouts: Int
  private let truncatedRollouts: Int
  /// Rollouts and traces that were left out for want of a reward.
  private let unrewarded: Int
  private var updates: [UpdateResult] = []
  /// The entropy of own tokens is above its start by more than the band; nil without own tokens.
  public private(set) var isEntropyRising: Bool?

  init(_ given: [RolloutGroup], _ batch: BatchMetrics) {
    self.batch = batch
    let groups = given.map(\.rewarded).filter { $0.count > 0 }
    unrewarded = given.reduce(0) { $0 + $1.count } - groups.reduce(0) { $0 + $1.count }
    self.groups = groups.count
    promptLengths = groups.map { Double($0.promptIDs.count) }
    rollouts = groups.reduce(0) { $0 + $1.rollouts.count }
    truncatedRollouts = groups.reduce(0) { sum, group in
      sum + group.rollouts.count { $0.finishReason == .length }
    }
  }

  mutating func add(_ result: UpdateResult) { updates.append(result) }

  mutating func finish(step: Int, seconds: Double, tokens: Int) {
    self.step = step
    self.seconds = seconds
    self.tokens = tokens
    var sums = MetricSums()
    for update in updates { sums.add(update.sums) }
    objective = ObjectiveMetrics(sums)
    let count = Double(max(1, updates.count))
    loss = (objective[.loss] ?? 0) / count
    gradientNorm = updates.reduce(0) { $0 + $1.gradientNorm } / count
    learningRate = updates.last?.rate ?? 0
  }

  mutating func compareEntropy(start: Double?, band: Double) {
    guard let start, let entropy = objective[.onEntropy] else { return }
    isEntropyRising = entropy > start + band
  }

  /// Updates that were left out because nothing in them taught.
  public var skippedUpdates: Int { updates.count(where: \.isSkipped) }

  /// True where no gradient came of any reward: every group's rewards are equal.
  public var hasNoSignal: Bool { batch.zeroSignalGroups == groups }

  /// Why a step may have taught nothing: 1 where it is so, else 0.
  private var signals: [(name: String, value: Double)] {
    var signals: [(name: String, value: Double)] = [
      ("signal/all_groups_equal", hasNoSignal ? 1 : 0)
    ]
    if rollouts > 0 {
      signals.append(("signal/all_truncated", truncatedRollouts == rollouts ? 1 : 0))
    }
    signals.append(("signal/zero_gradient", gradientNorm == 0 ? 1 : 0))
    signals.append(("signal/skipped_updates", Double(skippedUpdates)))
    if let isEntropyRising { signals.append(("signal/entropy_rising", isEntropyRising ? 1 : 0)) }
    return signals
  }

  /// Names and values, in a fixed order.
  public var present: [(name: String, value: Double)] {
    var all: [(name: String, value: Double)] = [("training/global_step", Double(step))]
    all += objective.present
    all.removeAll { $0.name == ObjectiveMetric.loss.name }
    all.append((ObjectiveMetric.loss.name, loss))
    all.append(("actor/grad_norm", gradientNorm))
    all.append(("actor/lr", learningRate))
    all += batch.present
    all.append(("batch/unrewarded_rollouts", Double(unrewarded)))
    all += signals
    if let longest = promptLengths.max(), let shortest = promptLengths.min() {
      let mean = promptLengths.reduce(0, +) / Double(promptLengths.count)
      all += [
        ("prompt_length/mean", mean), ("prompt_length/max", longest),
        ("prompt_length/min", shortest),
      ]
    }
    all.append(("timing_s/step", seconds))
    all.append(("perf/tokens_per_second", seconds > 0 ? Double(tokens) / seconds : 0))
    all.append(("memory/peak_bytes", Double(MemoryStatistics.current.peak)))
    return all
  }

  public subscript(name: String) -> Double? { present.first { $0.name == name }?.value }

  /// One JSON object, for a line of a metrics file.
  public var json: String {
    let writer = JSONWriter()
    writer.object {
      for (name, value) in present {
        writer.key(name)
        if let whole = Int(exactly: value) { writer.write(whole) } else { writer.write(value) }
      }
    }
    return writer.text
  }
}
