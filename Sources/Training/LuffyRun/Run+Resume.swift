import LuffyCheckpoint
import LuffyOptions
import LuffyRecords

extension Run {
  /// Goes on with the run of a directory from its last checkpoint that can be read.
  ///
  /// - Parameter changes: keys of `RunConfiguration.mayChange` with new values.
  /// - Returns: nil where the run is finished and `changes` ask for no more steps.
  public static func resume(
    _ path: String, changes: [ConfigurationValue.Member] = []
  ) throws -> Run? {
    try resume(path, changes: changes, yaml: nil)
  }

  /// - Parameter yaml: reads the `config.yaml` of a run of version 0.1.0.
  package static func resume(
    _ path: String, changes: [ConfigurationValue.Member], yaml: RunConfiguration.YAMLReader?
  ) throws -> Run? {
    let directory = try existing(path)
    // The lock comes before anything is read or removed: another process may be writing the run.
    let metrics = try RecordFile(locking: directory.metrics)
    try directory.checkpoints.removeRemains()
    let configuration = try configuration(of: directory, changes, yaml)
    var unread: [String] = []
    let checkpoint = try RunCheckpoint.last(of: directory, configuration) { unread.append($0) }
    guard let checkpoint else { return nil }
    try directory.checkpoints.settle(checkpoint.position, keepingLast: configuration.keepLast)
    let run = try Run(configuration, directory, metrics: metrics, from: checkpoint)
    run.notes = unread + run.notes
    return run
  }

  /// The configuration with which `resume` would go on.
  package static func resumedConfiguration(
    _ path: String, changes: [ConfigurationValue.Member], yaml: RunConfiguration.YAMLReader?
  ) throws -> RunConfiguration {
    try configuration(of: try existing(path), changes, yaml)
  }

  private static func existing(_ path: String) throws -> RunDirectory {
    let directory = RunDirectory(path)
    guard FileSystem.isDirectory(path) else {
      throw RunError("\(path): there is no such run directory")
    }
    return directory
  }

  private static func configuration(
    of directory: RunDirectory, _ changes: [ConfigurationValue.Member],
    _ yaml: RunConfiguration.YAMLReader?
  ) throws -> RunConfiguration {
    let saved = try RunCheckpoint.newestPosition(of: directory)?.configuration?.checked()
    var configuration = try RunConfiguration(of: directory, saved: saved, yaml: yaml)
    for change in changes {
      guard RunConfiguration.mayChange.contains(change.key) else {
        throw ConfigurationError(
          "\(change.key): a run that goes on keeps it; what may change is "
            + RunConfiguration.mayChange.sorted().joined(separator: ", "))
      }
      try configuration.override(change.key, change.value)
    }
    try configuration.validate()
    return configuration
  }
}
