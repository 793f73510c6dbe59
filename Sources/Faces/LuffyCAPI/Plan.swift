import CLuffy
import LuffyModel
import LuffySampler
import LuffyTensor
import LuffyTrainer

extension luffy_workload: VersionedStruct {
  static let typeName = "luffy_workload"
  static var initial: Self {
    Self(
      struct_size: UInt32(size), dtype: Int32(LUFFY_DTYPE_FLOAT32), prompts: 16, rollouts: 7,
      traces: 1, prompt_tokens: 128, response_tokens: 512, kv_memory: 0, maximum_batch: 128,
      has_reference: 0)
  }

  func stepWorkload() -> StepWorkload {
    StepWorkload(
      prompts: Int(clamping: prompts), rollouts: Int(clamping: rollouts),
      traces: Int(clamping: traces), promptTokens: Int(clamping: prompt_tokens),
      responseTokens: Int(clamping: response_tokens))
  }

  func samplingOptions() -> SamplingOptions {
    SamplingOptions(
      maximumBatch: Int(maximum_batch),
      keyValueMemory: kv_memory == 0 ? nil : Int(clamping: kv_memory))
  }
}

extension luffy_plan_t: VersionedStruct {
  static let typeName = "luffy_plan"
  static var initial: Self {
    Self(
      struct_size: UInt32(size), recompute_activations: 0, weight_bytes: 0, gradient_bytes: 0,
      optimizer_bytes: 0, kv_bytes: 0, rollout_bytes: 0, update_bytes: 0, peak_bytes: 0, slots: 0,
      micro_batch_tokens: 0, rollout_tokens_per_second: 0, update_tokens_per_second: 0,
      step_seconds: 0)
  }

  init(_ plan: TrainingPlan) {
    self.init(
      struct_size: UInt32(Self.size), recompute_activations: plan.recomputesActivations ? 1 : 0,
      weight_bytes: UInt64(clamping: plan.weightBytes),
      gradient_bytes: UInt64(clamping: plan.gradientBytes),
      optimizer_bytes: UInt64(clamping: plan.optimizerBytes),
      kv_bytes: UInt64(clamping: plan.keyValueBytes),
      rollout_bytes: UInt64(clamping: plan.rolloutBytes),
      update_bytes: UInt64(clamping: plan.updateBytes),
      peak_bytes: UInt64(clamping: plan.peakBytes), slots: UInt64(clamping: plan.slots),
      micro_batch_tokens: UInt64(clamping: plan.microBatchTokens),
      rollout_tokens_per_second: plan.rolloutTokensPerSecond,
      update_tokens_per_second: plan.updateTokensPerSecond, step_seconds: plan.stepSeconds)
  }
}

@_cdecl("luffy_plan") @implementation
public func luffy_plan(
  _ path: UnsafePointer<CChar>?, _ workload: UnsafePointer<luffy_workload>?,
  _ options: UnsafePointer<luffy_trainer_options>?, _ plan: UnsafeMutablePointer<luffy_plan_t>?
) -> luffy_status {
  call {
    let work = try luffy_workload.read(workload)
    var model = luffy_model_options.initial
    model.dtype = work.dtype
    let made = try TrainingPlan(
      try ModelConfiguration.load(path: try text(path, "path")), precision: try model.precision(),
      workload: work.stepWorkload(),
      options: try luffy_trainer_options.read(options).trainerOptions(),
      sampling: work.samplingOptions(), hasReference: try flag(work.has_reference, "has_reference"))
    try luffy_plan_t(made).write(plan, "plan")
  }
}
