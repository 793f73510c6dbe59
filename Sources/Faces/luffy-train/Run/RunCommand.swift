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
    if let resume {
      try goOn(RunDirectory(resume))
      return
    }
    let (configuration, notes) = try resolved()
    if printConfig {
      try show(configuration)
      return
    }
    if !notes.isEmpty { print("defaults for a model of yours: \(notes.joined(separator: ", "))") }
    StopSignal.install()
    let directory = RunDirectory(configuration.output)
    try run(configuration, directory, metrics: try directory.begin(), from: nil)
  }

  /// The lock comes before anything is read or removed: another process may be writing the run.
  private func goOn(_ directory: RunDirectory) throws {
    if config != nil { throw ValidationError("--resume has the run's own configuration") }
    guard FileManager.default.fileExists(atPath: directory.url.path) else {
      throw RunError("\(directory.url.path): there is no such run directory")
    }
    if printConfig {
      try show(try continued(directory))
      return
    }
    StopSignal.install()
    let metrics = try RecordFile(locking: directory.metrics)
    try directory.checkpoints.removeRemains()
    let configuration = try continued(directory)
    let checkpoint = try RunCheckpoint.last(of: directory, configuration) { report($0) }
    guard let checkpoint else {
      print("\(directory.url.path) is finished; --steps n makes it longer")
      return
    }
    print("resumed after step \(checkpoint.position.total)")
    try run(configuration, directory, metrics: metrics, from: checkpoint)
  }

  private func show(_ configuration: RunConfiguration) throws {
    print(try ConfigurationFile.text(try configuration.configurationValue()), terminator: "")
  }

  private func run(
    _ configuration: RunConfiguration, _ directory: RunDirectory, metrics: RecordFile,
    from checkpoint: RunCheckpoint?
  ) throws {
    let run = try TrainingRun(configuration, directory, metrics: metrics, from: checkpoint)
    do { try run.run() } catch ModelError.cancelled where StopSignal.isReceived {
      try stop(run, directory)
    }
  }

  /// Defaults, then the file, then the flags, then what suits the model; and what was chosen for the model.
  private func resolved() throws -> (RunConfiguration, notes: [String]) {
    var configuration = RunConfiguration()
    if let config { try ConfigurationFile.read(config, into: &configuration) }
    for flag in try options.given() { try configuration.override(flag.key, flag.value) }
    let notes = try configuration.resolveDefaults()
    try configuration.validate()
    try configuration.checkTraces()
    return (configuration, notes)
  }

  /// The run's own, then the flags that may change it.
  private func continued(_ directory: RunDirectory) throws -> RunConfiguration {
    var configuration = try RunConfiguration(
      of: directory, saved: try RunCheckpoint.configuration(of: directory)?.checked())
    for flag in try options.given() {
      if !RunConfiguration.mayChange.contains(flag.key) {
        throw ConfigurationError(
          "--\(flag.key.replacing("_", with: "-")): a run that goes on keeps it; what may change is "
            + RunConfiguration.mayChange.sorted().joined(separator: ", "))
      }
      try configuration.override(flag.key, flag.value)
    }
    try configuration.validate()
    return configuration
  }

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
