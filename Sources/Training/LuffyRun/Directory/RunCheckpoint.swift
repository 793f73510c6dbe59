import LuffyCheckpoint
import LuffyTrainer

/// A saved trainer and where its run stood.
struct RunCheckpoint {
  let trainer: Trainer
  let position: RunPosition

  /// The last checkpoint of a run that can be read. Those that cannot are named through `warn`.
  ///
  /// - Returns: nil where the run is finished and its configuration asks for no more.
  static func last(
    of directory: RunDirectory, _ configuration: RunConfiguration, warn: (String) -> Void
  ) throws -> RunCheckpoint? {
    let checkpoints = directory.checkpoints
    if FileSystem.exists(directory.state) {
      let finished = try position(directory.state)
      let stages = try configuration.resolvedStages()
      if finished.stage == stages.count - 1, finished.step >= stages[finished.stage].steps {
        return nil
      }
      try checkpoints.adopt(directory.state, finished)
    }
    for total in try checkpoints.totals().reversed() {
      do { return try load(checkpoints.path(total), configuration) } catch {
        warn("\(checkpoints.path(total)) is left out: \(error)")
      }
    }
    throw RunError(
      "\(directory.path): no checkpoint to go on from; checkpoint_every makes them")
  }

  /// The end of a run that is complete.
  static func finished(
    _ directory: RunDirectory, _ configuration: RunConfiguration
  ) throws -> RunCheckpoint { try load(directory.state, configuration) }

  /// The newest position of a run that can be read.
  static func newestPosition(of directory: RunDirectory) throws -> RunPosition? {
    let checkpoints = directory.checkpoints
    let paths = try checkpoints.totals().reversed().map { checkpoints.path($0) }
    for path in [directory.state] + paths {
      if let position = try? position(path) { return position }
    }
    return nil
  }

  private static func position(_ path: String) throws -> RunPosition {
    try RunPosition(try Trainer.userState(of: path), of: path)
  }

  private static func load(
    _ path: String, _ configuration: RunConfiguration
  ) throws -> RunCheckpoint {
    let position = try position(path)
    let stages = try configuration.resolvedStages()
    guard stages.indices.contains(position.stage) else {
      throw RunError(
        "it is of stage \(position.stage + 1), but the configuration has \(stages.count)")
    }
    let trainer = try Trainer.load(path, reference: try configuration.referenceModel())
    guard trainer.step == position.step else {
      throw RunError("its trainer has done \(trainer.step) steps, its run \(position.step)")
    }
    return RunCheckpoint(trainer: trainer, position: position)
  }
}
