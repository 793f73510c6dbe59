import ArgumentParser
import Foundation
import LuffyCheckpoint
import LuffyKernels
import LuffyModel
import LuffyTokenizer
import LuffyTrainer

/// Every arm on every seed, measured, summed up and judged.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Train all arms of the paper from one base and compare them over seeds.",
    discussion: """
      Writes compare.jsonl (every measurement), summary.json and summary.md (means with 95 % intervals, paired \
      differences, the paper's claims judged by a stated rule). `luffy-train report` draws them.
      """)

  @OptionGroup var settings: CompareSettings

  func run() throws {
    if settings.threads > 0 { Threads.set(settings.threads) }
    let directory = try CompareDirectory(settings.output)
    let arms = try settings.chosenArms()
    // Its lock first: another process may be writing this comparison.
    let lines = try JSONLines(directory.measurements)
    let resolved = try JSONSerialization.data(
      withJSONObject: settings.resolved,
      options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    try FileSystem.replace(
      directory.settings.path, with: String(decoding: resolved, as: UTF8.self))
    let timings = try JSONLines(directory.timings)
    var measurements: [Measurement] = []
    let progress = ProgressLine(
      "point", total: settings.seedCount * arms.count * settings.pointCount)
    var samples: SampleWriter?
    for seed in 0..<settings.seedCount {
      let (probe, base) = try makeBase(seed, directory)
      if seed == 0 {
        samples = try SampleWriter(
          SampleWriter.url(in: directory.url), tokenizer: probe.tokenizer)
      }
      for (index, arm) in arms.enumerated() {
        let run = ArmRun(
          arm, seed: seed, model: try Model.load(path: directory.base(seed).path), base: base,
          probe: probe, settings: settings,
          samples: samples.flatMap { showsShaping(arm, seed) ? $0 : nil })
        let done = (seed * arms.count + index) * settings.pointCount
        let timing = try timed(run) { measurement in
          try lines.append(measurement)
          if measurement.point > 0 {
            progress.show(done + measurement.point, Self.line(measurement))
          }
        }
        try timings.append(timing)
        measurements += run.measurements
      }
    }
    try finish(measurements, directory, arms)
  }

  /// Tokens are kept of the arms whose difference is the shaping, for the first seed.
  private func showsShaping(_ arm: Arm, _ seed: Int) -> Bool {
    seed == 0 && ["luffy", "mixed_policy"].contains(arm.name)
  }

  private func timed(
    _ run: ArmRun, report: @escaping (Measurement) throws -> Void
  ) throws -> ArmTiming {
    let start = ContinuousClock.now
    try run.run(report: report)
    return run.timing(total: (ContinuousClock.now - start) / .seconds(1))
  }

  private static func line(_ measurement: Measurement) -> String {
    "\(measurement.arm), seed \(measurement.seed): held-out \((100 * measurement.heldOutPass1).rounded(to: 1)) %, "
      + "longer \((100 * measurement.longerPass1).rounded(to: 1)) %"
  }

  // MARK: The base

  /// A model from the seed, warmed up to a base, saved for the arms to copy; and its measurement.
  private func makeBase(_ seed: Int, _ directory: CompareDirectory) throws -> (Probe, Measurement) {
    let url = directory.base(seed)
    let tokenizer = try CharacterVocabulary.write(to: url)
    let task = try CompareTask(
      seed: UInt64(seed), pool: settings.pool, heldOut: settings.heldOutCount, tokenizer: tokenizer)
    let model = try Model(configuration: TrainingSetup.embedded, seed: UInt64(seed))
    try warmUp(model, task, tokenizer, seed: seed)
    try model.save(directory: url.path)
    let probe = try Probe(base: model, tokenizer: tokenizer, task: task, options: settings)
    return (probe, try probe.measure(model))
  }

  private func warmUp(
    _ model: Model, _ task: CompareTask, _ tokenizer: Tokenizer, seed: Int
  ) throws {
    var stage = Stage(.warmup)
    stage.steps = settings.baseSteps
    stage.lr = settings.warmupLr
    if stage.steps == 0 { return }
    try StageRunner(
      model: model, tokenizer: tokenizer, task: task, stage: stage, seed: UInt64(seed)
    ).run { _ in }
  }

  // MARK: The end

  private func finish(
    _ measurements: [Measurement], _ directory: CompareDirectory, _ arms: [Arm]
  ) throws {
    let summary = ComparisonSummary(measurements, titles: arms.titles)
    try FileSystem.replace(directory.summary.path, with: try CompareDirectory.json(summary))
    let text = SummaryMarkdown(summary).text
    try FileSystem.replace(directory.markdown.path, with: text)
    print(text)
    print(
      "wrote \(directory.url.path): compare.jsonl, summary.json, summary.md, samples.jsonl, timing.jsonl"
    )
  }
}
