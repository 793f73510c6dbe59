import LuffyCheckpoint
import LuffyKernels
import LuffyModel
import LuffyOptions
import LuffyRecords
import LuffyTensor
import LuffyTokenizer
import LuffyTrainer

/// Every arm on every seed, measured, summed up and judged.
package struct Comparison {
  package let settings: ComparisonSettings
  package let arms: [Arm]
  package let directory: ComparisonDirectory

  package init(_ settings: ComparisonSettings) throws {
    self.settings = settings
    arms = try settings.chosenArms()
    directory = ComparisonDirectory(settings.output)
  }

  /// Measurements that `run` will make after those of the bases.
  package var measurementCount: Int { settings.seedCount * arms.count * settings.pointCount }

  /// Trains and measures; `report` sees every measurement as it is made.
  ///
  /// - Returns: the summary, which is on the disk, too.
  package func run(
    isCancelled: @escaping () -> Bool = { false }, report: (Measurement) throws -> Void
  ) throws -> ComparisonSummary {
    if settings.threads > 0 { Threads.set(settings.threads) }
    try FileSystem.createDirectory(directory.path)
    // Its lock first: another process may be writing this comparison.
    let lines = try JSONLinesFile(directory.measurements)
    try FileSystem.replace(directory.settings, with: settings.stored(arms).prettyJSON)
    let timings = try JSONLinesFile(directory.timings)
    var measurements: [Measurement] = []
    var samples: SampleWriter?
    for seed in 0..<settings.seedCount {
      let (probe, base) = try makeBase(seed, isCancelled)
      if seed == 0 {
        samples = try SampleWriter(directory.samples, tokenizer: probe.tokenizer)
      }
      for arm in arms {
        let run = ArmRun(
          arm, seed: seed, model: try Model.load(path: directory.base(seed)), base: base,
          probe: probe, samples: showsShaping(arm, seed) ? samples : nil)
        let timing = try timed(run, isCancelled) { measurement in
          try lines.append(measurement)
          try report(measurement)
        }
        try timings.append(timing)
        measurements += run.measurements
      }
    }
    return try finish(measurements)
  }

  /// Tokens are kept of the arms whose difference is the shaping, for the first seed.
  private func showsShaping(_ arm: Arm, _ seed: Int) -> Bool {
    seed == 0 && ["luffy", "mixed_policy"].contains(arm.name)
  }

  private func timed(
    _ run: ArmRun, _ isCancelled: @escaping () -> Bool, report: (Measurement) throws -> Void
  ) throws -> ArmTiming {
    let start = ContinuousClock.now
    try run.run(isCancelled: isCancelled, report: report)
    return run.timing(total: (ContinuousClock.now - start) / .seconds(1))
  }

  /// A model from the seed, warmed up to a base, saved for the arms to copy; and its measurement.
  private func makeBase(
    _ seed: Int, _ isCancelled: @escaping () -> Bool
  ) throws -> (Probe, Measurement) {
    let tokenizer = try CharacterVocabulary.write(to: directory.base(seed))
    let task = try CompareTask(
      seed: UInt64(seed), pool: settings.pool, heldOut: settings.heldOutCount, tokenizer: tokenizer)
    let model = try Model(configuration: TrainingSetup.embedded, seed: UInt64(seed))
    var stage = Stage(.warmup)
    stage.steps = settings.baseSteps
    stage.lr = settings.warmupLr
    if stage.steps > 0 {
      try StageRunner(
        model: model, tokenizer: tokenizer, task: task, stage: stage, seed: UInt64(seed)
      ).run(isCancelled: isCancelled) { _ in }
    }
    try model.save(directory: directory.base(seed))
    let probe = try Probe(base: model, tokenizer: tokenizer, task: task, settings: settings)
    return (probe, try probe.measure(model))
  }

  private func finish(_ measurements: [Measurement]) throws -> ComparisonSummary {
    let summary = ComparisonSummary(measurements, titles: arms.titles)
    try FileSystem.replace(directory.summary, with: summary.prettyJSON)
    try FileSystem.replace(directory.markdown, with: SummaryMarkdown(summary).text)
    return summary
  }
}
