import CLuffy
import CLuffyHost
import LuffyJSON
import LuffyOptions
import LuffyReport
import LuffyRollout
import LuffyRun
import LuffyTrainer

final class RunHandle: Handle {
  static let tag = UInt64(LUFFY_RUN_TAG)
  static let name = "luffy_run"

  let run: Run
  let model: ModelHandle
  let cancellation = Cancellation()
  var cancellations: UnsafeMutablePointer<UInt64>? { cancellation.count }
  /// Views of the step's groups, made when somebody looks at them.
  private var groups: [RolloutsHandle]?
  /// What `luffy_run_status` and `luffy_run_problem` gave last.
  private var lent: [CText] = []
  private let access = Access("run")

  init(_ run: Run) {
    self.run = run
    model = ModelHandle(run.model)
  }

  /// Alone with the run and its model.
  func next() throws -> RunEvent {
    let isCancelled = cancellation.watch()
    return try access.exclusive {
      (groups, lent) = (nil, [])
      return try model.access.exclusive { try run.next(isCancelled: isCancelled) }
    }
  }

  /// Alone with the run; its model is only read.
  func use<R>(_ body: (Run) throws -> R) throws -> R {
    try access.exclusive { try model.access.shared { try body(run) } }
  }

  /// A group's members, as views until the next step or the next rewards.
  func members(_ group: Int) throws -> RolloutsHandle {
    try access.exclusive {
      let views = groups ?? run.groups.map { RolloutsHandle($0.members) }
      groups = views
      guard views.indices.contains(group) else { throw Self.noGroup(group, of: views.count) }
      return views[group]
    }
  }

  func setRewards(_ rewards: [Double], group: Int) throws {
    try access.exclusive {
      guard run.groups.indices.contains(group) else {
        throw Self.noGroup(group, of: run.groups.count)
      }
      groups = nil
      try run.setRewards(rewards, group: group)
    }
  }

  /// A text until the next event.
  func lend(_ text: (Run) throws -> String) throws -> UnsafePointer<CChar> {
    try access.exclusive {
      let text = CText(try text(run))
      lent.append(text)
      return text.pointer
    }
  }

  private static func noGroup(_ group: Int, of count: Int) -> CallError {
    .invalid(
      "group is \(UInt(bitPattern: group)), there are \(count) (groups are there after LUFFY_RUN_GROUPS)"
    )
  }
}

@_cdecl("luffy_run_open") @implementation
public func luffy_run_open(
  _ configuration: UnsafePointer<CChar>?, _ run: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let out = try require(run, "run")
    out.pointee = RunHandle(try Run.open(json: try text(configuration, "configuration")))
      .makeHandle()
  }
}

@_cdecl("luffy_run_destroy") @implementation
public func luffy_run_destroy(_ run: OpaquePointer?) { RunHandle.destroy(run) }

@_cdecl("luffy_run_next") @implementation
public func luffy_run_next(
  _ run: OpaquePointer?, _ event: UnsafeMutablePointer<Int32>?
) -> luffy_status {
  call {
    let handle = try RunHandle.require(run)
    let out = try require(event, "event")
    out.pointee = try handle.next().rawValue
  }
}

@_cdecl("luffy_run_group_count") @implementation
public func luffy_run_group_count(_ run: OpaquePointer?) -> Int {
  guard let handle = RunHandle.find(run) else { return 0 }
  return (try? handle.use { $0.groups.count }) ?? 0
}

@_cdecl("luffy_run_rollout_count") @implementation
public func luffy_run_rollout_count(_ run: OpaquePointer?, _ group: Int) -> Int {
  guard let handle = RunHandle.find(run) else { return 0 }
  return (try? handle.members(group).count) ?? 0
}

@_cdecl("luffy_run_rollout") @implementation
public func luffy_run_rollout(
  _ run: OpaquePointer?, _ group: Int, _ index: Int,
  _ rollout: UnsafeMutablePointer<luffy_rollout>?
) -> luffy_status {
  call {
    try RunHandle.require(run).members(group).view(index).write(rollout, "rollout")
  }
}

@_cdecl("luffy_run_problem") @implementation
public func luffy_run_problem(
  _ run: OpaquePointer?, _ group: Int, _ json: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> luffy_status {
  call {
    let handle = try RunHandle.require(run)
    let out = try require(json, "json")
    out.pointee = try handle.lend { try $0.problemJSON(group) }
  }
}

@_cdecl("luffy_run_set_rewards") @implementation
public func luffy_run_set_rewards(
  _ run: OpaquePointer?, _ group: Int, _ rewards: UnsafePointer<Double>?, _ count: Int
) -> luffy_status {
  call {
    let handle = try RunHandle.require(run)
    let rewards = Array(try array(rewards, count, "rewards"))
    if let index = rewards.firstIndex(where: \.isInfinite) {
      throw CallError.invalid(
        "rewards[\(index)] is \(rewards[index]), expected a finite number or NaN")
    }
    try handle.setRewards(rewards, group: group)
  }
}

@_cdecl("luffy_run_metrics") @implementation
public func luffy_run_metrics(
  _ run: OpaquePointer?, _ metrics: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let handle = try RunHandle.require(run)
    let out = try require(metrics, "metrics")
    let found = try handle.use { $0.lastMetrics }
    if found.isEmpty {
      throw CallError(
        LUFFY_ERROR_NOT_FOUND, "no step is done: metrics are there after LUFFY_RUN_STEP")
    }
    out.pointee = MetricsHandle(found).makeHandle()
  }
}

@_cdecl("luffy_run_status") @implementation
public func luffy_run_status(
  _ run: OpaquePointer?, _ json: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> luffy_status {
  call {
    let handle = try RunHandle.require(run)
    let out = try require(json, "json")
    out.pointee = try handle.lend { $0.statusJSON }
  }
}

@_cdecl("luffy_run_checkpoint") @implementation
public func luffy_run_checkpoint(
  _ run: OpaquePointer?, _ saved: UnsafeMutablePointer<Int32>?
) -> luffy_status {
  call {
    let isSaved = try RunHandle.require(run).use { try $0.checkpoint() }
    saved?.pointee = isSaved ? 1 : 0
  }
}

@_cdecl("luffy_run_model") @implementation
public func luffy_run_model(
  _ run: OpaquePointer?, _ model: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let handle = try RunHandle.require(run)
    try require(model, "model").pointee = handle.model.makeHandle()
  }
}

@_cdecl("luffy_run_tokenizer") @implementation
public func luffy_run_tokenizer(
  _ run: OpaquePointer?, _ tokenizer: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let handle = try RunHandle.require(run)
    try require(tokenizer, "tokenizer").pointee = TokenizerHandle(handle.run.tokenizer).makeHandle()
  }
}

@_cdecl("luffy_run_configuration") @implementation
public func luffy_run_configuration(
  _ configuration: UnsafePointer<CChar>?, _ json: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ length: UnsafeMutablePointer<Int>?
) -> luffy_status {
  call {
    let resolved = try Run.configuration(json: try text(configuration, "configuration"))
    try give(text: Array(resolved.utf8), json, capacity, length)
  }
}

@_cdecl("luffy_report") @implementation
public func luffy_report(
  _ directory: UnsafePointer<CChar>?, _ output: UnsafePointer<CChar>?
) -> luffy_status {
  call {
    let output = output == nil ? nil : try text(output, "output")
    try Report(directory: try text(directory, "directory")).write(to: output)
  }
}
