import ArgumentParser
import Foundation
import LuffyModel

/// Stage after stage, and the held-out accuracy before and after.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Train; the default.",
    discussion: """
      Every key of a run comes from its default, then from --config's file, then from its flag. Ctrl-C saves a \
      checkpoint of the last complete step; --resume goes on from it to the same bits.
      """)

  @Option(help: "A YAML file of keys: those of --print-config.") var config: String?
  @Option(help: "Go on with the run in this directory from its last checkpoint.")
  var resume: String?
  @Flag(help: "Print the configuration as it would run, and stop.") var printConfig = false
  @OptionGroup var options: RunOptions

  func run() throws {
    let (configuration, notes) = try resolved()
    if printConfig {
      print(try ConfigurationFile.text(try configuration.configurationValue()), terminator: "")
      return
    }
    if !notes.isEmpty { print("defaults for a model of yours: \(notes.joined(separator: ", "))") }
    StopSignal.install()
    let directory = RunDirectory(configuration.output)
    var checkpoint: RunCheckpoint?
    if resume != nil {
      checkpoint = try RunCheckpoint.last(of: directory, configuration) { report($0) }
      guard let checkpoint else {
        print("\(directory.url.path) is finished; --steps n makes it longer")
        return
      }
      print("resumed after step \(checkpoint.position.total)")
    }
    let run = try TrainingRun(configuration, directory, from: checkpoint)
    do { try run.run() } catch ModelError.cancelled where StopSignal.isReceived {
      try stop(run, directory)
    }
  }

  /// Defaults, then the file or the run that goes on, then the flags; and what was chosen for the model.
  private func resolved() throws -> (RunConfiguration, notes: [String]) {
    var configuration = RunConfiguration()
    if let resume {
      if config != nil { throw ValidationError("--resume has the run's own configuration") }
      let directory = RunDirectory(resume)
      try ConfigurationFile.read(directory.configuration.path, into: &configuration)
      configuration.output = resume
      if !configuration.given.contains("format") {
        (configuration.format, configuration.allowCutTraces) = (1, true)
      }
    } else if let config {
      try ConfigurationFile.read(config, into: &configuration)
    }
    for flag in try options.given() {
      if resume != nil, !Self.mayChange.contains(flag.key) {
        throw ConfigurationError(
          "--\(flag.key.replacing("_", with: "-")): a run that goes on keeps it; what may change is "
            + Self.mayChange.sorted().joined(separator: ", "))
      }
      try configuration.override(flag.key, flag.value)
    }
    let notes = resume == nil ? try configuration.resolveDefaults() : []
    try configuration.validate()
    if resume == nil { try configuration.checkTraces() }
    return (configuration, notes)
  }

  /// Keys that do not change what a step computes.
  private static let mayChange: Set<String> = [
    "threads", "steps", "held_out", "eval_every", "checkpoint_every", "keep_last",
    "stop_on_entropy",
  ]

  private func stop(_ run: TrainingRun, _ directory: RunDirectory) throws {
    if try run.saveCheckpoint() {
      report(
        "\nstopped: a checkpoint of step \(run.completedSteps) is saved; "
          + "go on with luffy-train run --resume \(directory.url.path)")
    } else {
      report("\nstopped before a step was complete: nothing to save")
    }
    throw ExitCode(StopSignal.exitCode)
  }
}
