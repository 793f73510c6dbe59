/// What a run has just done. The caller may read it, and some of it change, before it asks for the next one.
public enum RunEvent: Int32, Sendable {
  /// Rollouts and traces of a step are there and judged: `Run.groups`. Rewards may be set until the next call.
  case groups = 1
  /// A step is done: `Run.lastStep`.
  case step = 2
  /// An evaluation is done: `Run.evaluation`.
  case evaluation = 3
  /// A checkpoint is on the disk.
  case checkpoint = 4
  /// The run is complete; its model and state are on the disk.
  case done = 5
}
