import CLuffy
import LuffyModel
import LuffyRollout
import LuffySampler

/// Rollouts whose arrays C may borrow: all ids, all log-probs and all full log-probs one after another.
final class RolloutsHandle: Handle {
  static let tag: UInt64 = 0x6c75_6666_7972_6f6c
  static let name = "luffy_rollouts"

  private let ids: UnsafeMutableBufferPointer<Int32>
  private let logprobs: UnsafeMutableBufferPointer<Float>
  /// Of rollouts from a cut distribution; empty where none is.
  private let fullLogprobs: UnsafeMutableBufferPointer<Float>
  private let records: UnsafeMutableBufferPointer<luffy_sampling_record>
  private let rollouts: [Rollout]
  private let starts: [Int]

  init(_ rollouts: [Rollout]) {
    let total = rollouts.reduce(0) { $0 + $1.count }
    ids = .allocate(capacity: max(1, total))
    logprobs = .allocate(capacity: max(1, total))
    let isCut = rollouts.contains { $0.fullLogprobs != nil }
    fullLogprobs = .allocate(capacity: isCut ? max(1, total) : 0)
    records = .allocate(capacity: max(1, rollouts.count))
    var starts = [0]
    for (place, rollout) in rollouts.enumerated() {
      let start = starts[starts.count - 1]
      records.initializeElement(
        at: place, to: luffy_sampling_record(rollout.sampling ?? SamplingRecord()))
      for (index, id) in rollout.ids.enumerated() { ids[start + index] = id }
      for (index, logprob) in rollout.logprobs.enumerated() { logprobs[start + index] = logprob }
      for (index, logprob) in (rollout.fullLogprobs ?? []).enumerated() {
        fullLogprobs[start + index] = logprob
      }
      starts.append(start + rollout.count)
    }
    self.starts = starts
    self.rollouts = rollouts
  }

  deinit {
    ids.deallocate()
    logprobs.deallocate()
    fullLogprobs.deallocate()
    records.deallocate()
  }

  var count: Int { rollouts.count }

  func view(_ index: Int) throws(CallError) -> luffy_rollout {
    guard rollouts.indices.contains(index) else {
      throw CallError.invalid(
        "index is \(UInt(bitPattern: index)), there are \(count) rollouts")
    }
    let rollout = rollouts[index]
    var view = luffy_rollout.initial
    view.source = Int32(rollout.source.number)
    view.ids = ids.baseAddress.map { UnsafePointer($0 + starts[index]) }
    view.length = UInt64(rollout.count)
    // A trace has no log-probs of the policy, and was not drawn.
    if rollout.logprobs.count == rollout.count && rollout.source != .offPolicy {
      view.logprobs = logprobs.baseAddress.map { UnsafePointer($0 + starts[index]) }
      view.sampling = records.baseAddress.map { UnsafePointer($0 + index) }
    }
    if rollout.fullLogprobs != nil {
      view.full_logprobs = fullLogprobs.baseAddress.map { UnsafePointer($0 + starts[index]) }
    }
    view.finish_reason = Int32(rollout.finishReason.number)
    if let reward = rollout.reward { view.reward = reward }
    return view
  }
}

extension Source {
  fileprivate var number: Int {
    switch self {
    case .onPolicy: LUFFY_SOURCE_ON_POLICY
    case .offPolicy: LUFFY_SOURCE_OFF_POLICY
    case .replay: LUFFY_SOURCE_REPLAY
    }
  }
}

extension FinishReason {
  fileprivate var number: Int {
    switch self {
    case .stop: LUFFY_FINISH_STOP
    case .length: LUFFY_FINISH_LENGTH
    case .cancelled: LUFFY_FINISH_CANCELLED
    }
  }
}

extension luffy_generate_options: VersionedStruct {
  static let typeName = "luffy_generate_options"
  static var initial: Self {
    Self(
      struct_size: UInt32(size), n: 1, max_new_tokens: 128, top_k: 0, temperature: 1, top_p: 1,
      seed: 0, step: 0, maximum_batch: 128, stop_ids: nil, stop_id_count: 0, kv_memory: 0)
  }

  func samplingOptions() throws(CallError) -> SamplingOptions {
    SamplingOptions(
      count: Int(n), maxNewTokens: Int(max_new_tokens), temperature: temperature,
      topK: Int(top_k), topP: top_p, seed: seed, step: step,
      stopIDs: try countedArray(stop_ids, stop_id_count, "stop_ids").map { Set($0) },
      maximumBatch: Int(maximum_batch),
      keyValueMemory: kv_memory == 0 ? nil : Int(clamping: kv_memory))
  }
}

@_cdecl("luffy_fresh_seed") @implementation
public func luffy_fresh_seed() -> UInt64 { SamplingOptions.freshSeed() }

@_cdecl("luffy_model_generate") @implementation
public func luffy_model_generate(
  _ model: OpaquePointer?, _ ids: UnsafePointer<Int32>?, _ lengths: UnsafePointer<Int>?,
  _ count: Int, _ options: UnsafePointer<luffy_generate_options>?,
  _ rollouts: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let handle = try ModelHandle.require(model)
    let out = try require(rollouts, "rollouts")
    let prompts = try sequences(ids, lengths, count)
    let options = try luffy_generate_options.read(options).samplingOptions()
    let written = try handle.access.shared {
      try Sampler(handle.model).generate(
        prompts, options, isCancelled: handle.cancellation.watch())
    }
    try Memory.expect(written.joined().reduce(0) { $0 + $1.count }, times: 16)
    out.pointee = RolloutsHandle(written.flatMap { $0 }).makeHandle()
  }
}

@_cdecl("luffy_rollouts_destroy") @implementation
public func luffy_rollouts_destroy(_ rollouts: OpaquePointer?) { RolloutsHandle.destroy(rollouts) }

@_cdecl("luffy_rollouts_count") @implementation
public func luffy_rollouts_count(_ rollouts: OpaquePointer?) -> Int {
  RolloutsHandle.find(rollouts)?.count ?? 0
}

@_cdecl("luffy_rollouts_get") @implementation
public func luffy_rollouts_get(
  _ rollouts: OpaquePointer?, _ index: Int, _ rollout: UnsafeMutablePointer<luffy_rollout>?
) -> luffy_status {
  call {
    try RolloutsHandle.require(rollouts).view(index).write(rollout, "rollout")
  }
}
