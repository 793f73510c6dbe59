import LuffyJSON
import LuffyRecords
import LuffyRun

/// The lines of a run's `metrics.jsonl`, by stage.
struct MetricsFile {
  struct Stage {
    var name: String
    /// A dictionary a step.
    var lines: [[String: Double]]

    /// Values of a metric with the stage's own step numbers, from 1.
    func values(_ name: String) -> [(step: Int, value: Double)] {
      lines.enumerated().compactMap { index, line in line[name].map { (index + 1, $0) } }
    }
  }

  let stages: [Stage]

  /// Lines that follow each other with one stage's name make a stage.
  init(_ path: String) throws {
    var stages: [Stage] = []
    for line in try DataLine.all(path) {
      let name = line.root["stage"]?.string ?? ""
      var values: [String: Double] = [:]
      for (key, value) in line.root.members { values[key] = value.double }
      if stages.last?.name == name {
        stages[stages.count - 1].lines.append(values)
      } else {
        stages.append(Stage(name: name, lines: [values]))
      }
    }
    self.stages = stages
  }
}

extension MetricsFile.Stage {
  /// Steps in at most `bins` bins: their mean, and its 95 % t-interval by the spread of the steps in a bin.
  func curve(_ name: String, bins: Int = 50) -> [LineChart.Point] {
    let all = values(name)
    let size = max(1, (all.count + bins - 1) / bins)
    return stride(from: 0, to: all.count, by: size).compactMap { start in
      let chosen = all[start..<min(start + size, all.count)]
      let middle = Double(chosen.reduce(0) { $0 + $1.step }) / Double(chosen.count)
      return SeedMean(chosen.map(\.value)).map { LineChart.Point(middle, $0) }
    }
  }
}
