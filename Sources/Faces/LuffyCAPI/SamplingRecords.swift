import CLuffy
import LuffyRollout

extension luffy_sampling_record: VersionedStruct {
  static let typeName = "luffy_sampling_record"
  static var initial: Self {
    Self(
      struct_size: UInt32(size), max_new_tokens: 0, temperature: 1, top_p: 1, top_k: 0, step: 0,
      seed: 0, prompt: 0, rollout: 0)
  }

  init(_ record: SamplingRecord) {
    self = .initial
    max_new_tokens = UInt32(clamping: record.maxNewTokens)
    temperature = record.temperature
    top_p = record.topP
    top_k = UInt32(clamping: record.topK)
    step = record.step
    seed = record.seed
    prompt = UInt64(clamping: record.prompt)
    rollout = UInt64(clamping: record.rollout)
  }

  func record(_ place: String) throws(CallError) -> SamplingRecord {
    let record = SamplingRecord(
      temperature: temperature, topK: Int(top_k), topP: top_p, seed: seed, step: step,
      maxNewTokens: Int(max_new_tokens), prompt: Int(clamping: prompt),
      rollout: Int(clamping: rollout))
    if let fault = record.fault { throw CallError.invalid("\(place): sampling: \(fault)") }
    return record
  }
}
