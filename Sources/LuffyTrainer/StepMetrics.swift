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
  public let batch: BatchStatistics

  private var updates: [UpdateResult] = []

  init(_ groups: [RolloutGroup]) { batch = BatchStatistics(groups) }

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
    advantages = Summary(updates.flatMap(\.advantages))
  }

  private var advantages: Summary?

  /// True where no gradient came of any reward: every group's rewards are equal.
  public var hasNoSignal: Bool { batch.uniformGroups == batch.groups }

  /// Names and values, in a fixed order.
  public var present: [(name: String, value: Double)] {
    var all: [(name: String, value: Double)] = [("training/global_step", Double(step))]
    all += objective.present
    all.removeAll { $0.name == ObjectiveMetric.loss.name }
    all.append((ObjectiveMetric.loss.name, loss))
    all.append(("actor/grad_norm", gradientNorm))
    all.append(("actor/lr", learningRate))
    all += batch.present
    all += advantages?.named("critic/advantages") ?? []
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

/// Mean, largest and smallest of some numbers.
struct Summary: Sendable {
  let mean, maximum, minimum: Double

  init?(_ values: [Double]) {
    guard let maximum = values.max(), let minimum = values.min() else { return nil }
    self.maximum = maximum
    self.minimum = minimum
    mean = values.reduce(0, +) / Double(values.count)
  }

  func named(_ prefix: String) -> [(name: String, value: Double)] {
    [("\(prefix)/mean", mean), ("\(prefix)/max", maximum), ("\(prefix)/min", minimum)]
  }
}
