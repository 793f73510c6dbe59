import ArgumentParser
import LuffyModel
import LuffyOptions
import LuffyRecords
import LuffyRun

/// Every arm on every seed, measured, summed up and judged.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Train all arms of the paper from one base and compare them over seeds.",
    discussion: """
      Writes compare.jsonl (every measurement), summary.json and summary.md (means with 95 % intervals, paired \
      differences, the paper's claims judged by a stated rule). `luffy-train report` draws them.
      """)

  @OptionGroup var options: CompareOptions

  func run() throws {
    let comparison = try Comparison(try options.settings())
    StopSignal.install()
    let progress = ProgressLine("point", total: comparison.measurementCount)
    var done = 0
    do {
      let summary = try comparison.run(isCancelled: { StopSignal.isReceived }) { measurement in
        guard measurement.point > 0 else { return }
        done += 1
        progress.show(done, Self.line(measurement))
      }
      print(SummaryMarkdown(summary).text)
      print(
        "wrote \(comparison.directory.path): compare.jsonl, summary.json, summary.md, samples.jsonl, timing.jsonl"
      )
    } catch ModelError.cancelled where StopSignal.isReceived {
      report("\nstopped after \(done) of \(comparison.measurementCount) measurements")
      throw ExitCode(StopSignal.exitCode)
    }
  }

  private static func line(_ measurement: Measurement) -> String {
    "\(measurement.arm), seed \(measurement.seed): held-out \((100 * measurement.heldOutPass1).rounded(to: 1)) %, "
      + "longer \((100 * measurement.longerPass1).rounded(to: 1)) %"
  }
}

/// Every key of a comparison as a flag; `ComparisonSettings.keys` says what they mean.
struct CompareOptions: ParsableArguments {
  @Option(help: .comparison("output")) var output: String?
  @Option(help: .comparison("seeds")) var seeds: Int?
  @Option(help: .comparison("arms")) var arms: String?
  @Flag(help: .comparison("quick")) var quick = false
  @Option(help: .comparison("threads")) var threads: Int?
  @Option(help: .comparison("budget")) var budget: Int?
  @Option(help: .comparison("points")) var points: Int?
  @Option(help: .comparison("warmup_steps")) var warmupSteps: Int?
  @Option(help: .comparison("pool")) var pool: Int?
  @Option(help: .comparison("held_out")) var heldOut: Int?
  @Option(help: .comparison("prompts")) var prompts: Int?
  @Option(help: .comparison("group")) var group: Int?
  @Option(help: .comparison("batch")) var batch: Int?
  @Option(help: .comparison("lr")) var lr: Double?
  @Option(help: .comparison("sft_lr")) var sftLr: Double?
  @Option(help: .comparison("after_sft_lr")) var afterSftLr: Double?
  @Option(help: .comparison("warmup_lr")) var warmupLr: Double?
  @Option(help: .comparison("temperature")) var temperature: Double?
  @Option(help: .comparison("max_new_tokens")) var maxNewTokens: Int?

  func validate() throws {
    _ = try settings().chosenArms()
  }

  func settings() throws -> ComparisonSettings {
    var settings = ComparisonSettings()
    for flag in givenFlags {
      do { try ComparisonSettings.keys.set(flag.key, flag.value, of: &settings) } catch let error
        as ConfigurationError
      {
        throw ValidationError(error.asFlag.description)
      }
    }
    return settings
  }
}

extension ArgumentHelp {
  fileprivate static func comparison(_ name: String) -> ArgumentHelp {
    .key(name, ComparisonSettings.keys, ComparisonSettings())
  }
}
