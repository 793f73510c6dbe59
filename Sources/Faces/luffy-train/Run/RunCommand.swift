import ArgumentParser
import LuffyModel
import LuffyOptions
import LuffyRecords
import LuffyReport
import LuffyRun
import LuffyTensor

/// Stage after stage, and the held-out accuracy before and after.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Train; the default.",
    discussion: """
      Every key of a run comes from its default, then from --config's file, then from its flag. Ctrl-C saves a \
      checkpoint of the last complete step; --resume goes on from it to the same bits.
      """)

  @Option(help: "A YAML or JSON file of keys: those of --print-config.") var config: String?
  @Option(help: "Go on with the run in this directory from its last checkpoint.")
  var resume: String?
  @Flag(help: "Print the configuration as it would run, and stop.") var printConfig = false
  @OptionGroup var options: RunOptions

  func run() throws {
    if let resume {
      try goOn(resume)
      return
    }
    let (configuration, notes) = try options.configuration(config).resolved()
    if printConfig {
      try show(configuration)
      return
    }
    if !notes.isEmpty { print("defaults for a model of yours: \(notes.joined(separator: ", "))") }
    StopSignal.install()
    try drive(try Run(configuration))
  }

  private func goOn(_ directory: String) throws {
    if config != nil { throw ValidationError("--resume has the run's own configuration") }
    let changes = try options.given()
    if printConfig {
      try show(
        try Run.resumedConfiguration(directory, changes: changes, yaml: ConfigurationFile.read))
      return
    }
    StopSignal.install()
    let run = try Run.resume(directory, changes: changes, yaml: ConfigurationFile.read)
    guard let run else {
      print("\(directory) is finished; --steps n makes it longer")
      return
    }
    for note in run.takeNotes() { report(note) }
    print("resumed after step \(run.completedSteps)")
    try drive(run)
  }

  private func show(_ configuration: RunConfiguration) throws {
    print(try ConfigurationFile.text(try configuration.configurationValue()), terminator: "")
  }

  private func drive(_ run: Run) throws {
    if run.expectsCallerRewards {
      throw ValidationError(
        "\(run.directory.path): its rewards come from the program that drives it, which has to go on with it"
      )
    }
    print(
      "task \(run.taskName), model of \(run.model.parameterCount) parameters, "
        + run.model.precision.rawValue)
    for note in run.takeNotes() { print(note) }
    var progress = RunProgress()
    do {
      while try show(run, try run.next(isCancelled: { StopSignal.isReceived }), &progress) {}
    } catch ModelError.cancelled where StopSignal.isReceived { try stop(run) }
    if let text = progress.summary.text { print(text) }
    draw(run)
  }

  /// The run is whole without its picture, so that one that cannot be drawn is only said.
  private func draw(_ run: Run) {
    do {
      print("drew \(try Report(directory: run.directory.path).write())")
    } catch {
      report("\(run.directory.path): the report is not drawn: \(error)")
    }
  }

  /// False where the run is done.
  private func show(_ run: Run, _ event: RunEvent, _ progress: inout RunProgress) throws -> Bool {
    switch event {
    case .groups, .checkpoint: break
    case .step: progress.show(run)
    case .evaluation:
      guard let accuracy = run.evaluation?.text else { break }
      switch run.evaluationMoment {
      case .before: print("before: held-out pass@1 \(accuracy)")
      case .between: break
      case .after:
        let before = run.before.map { ", before \($0.text)" } ?? ""
        print("after:  held-out pass@1 \(accuracy)\(before)")
      }
    case .done:
      for example in try run.examples() {
        print("  \(example.prompt) \(example.response)   (answer \(example.answer))")
      }
      print("wrote \(run.directory.path): metrics.jsonl, samples.jsonl, model/, state/")
    }
    for note in run.takeNotes() { report("\n\(note)") }
    return event != .done
  }

  private func stop(_ run: Run) throws {
    if try run.checkpoint() {
      report(
        "\nstopped: a checkpoint of step \(run.completedSteps) is saved; "
          + "go on with luffy-train run --resume \(run.directory.path)")
    } else {
      report("\nstopped before a step was complete: nothing to save")
    }
    throw ExitCode(StopSignal.exitCode)
  }
}
