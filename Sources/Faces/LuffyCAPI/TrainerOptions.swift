import CLuffy
import LuffyOptimizer
import LuffyTrainer

extension luffy_trainer_options: VersionedStruct {
  static let typeName = "luffy_trainer_options"
  static var initial: Self {
    Self(
      struct_size: UInt32(size), lr_schedule: Int32(LUFFY_SCHEDULE_CONSTANT), lr: 1e-6, beta1: 0.9,
      beta2: 0.999, eps: 1e-8, weight_decay: 0.01, max_grad_norm: 1, minimum_lr_factor: 0,
      temperature: 1, warmup_steps: 0, total_steps: 0, updates_per_step: 1,
      micro_batch_tokens: 640, recompute_activations: 0, recompute_old_logprobs: 0,
      memory_limit: 0,
      share_prompts: 1, reserved: 0, entropy_band: 1)
  }

  func trainerOptions() throws(CallError) -> TrainerOptions {
    try checkReserved(reserved, Self.typeName)
    let shape: LearningRateSchedule.Shape
    switch Int(lr_schedule) {
    case LUFFY_SCHEDULE_CONSTANT: shape = .constant
    case LUFFY_SCHEDULE_LINEAR: shape = .linear
    case LUFFY_SCHEDULE_COSINE: shape = .cosine
    default: throw CallError.invalid("lr_schedule is \(lr_schedule), expected LUFFY_SCHEDULE_…")
    }
    let schedule = LearningRateSchedule(
      shape, warmupSteps: Int(clamping: warmup_steps), totalSteps: Int(clamping: total_steps),
      minimumFactor: minimum_lr_factor)
    return TrainerOptions(
      optimizer: AdamWOptions(
        learningRate: lr, beta1: beta1, beta2: beta2, epsilon: eps, weightDecay: weight_decay,
        schedule: schedule),
      maxGradNorm: max_grad_norm == 0 ? nil : max_grad_norm,
      updatesPerStep: Int(clamping: updates_per_step),
      microBatchTokens: Int(clamping: micro_batch_tokens), temperature: Float(temperature),
      recomputesActivations: try flag(recompute_activations, "recompute_activations"),
      sharesPrompts: try flag(share_prompts, "share_prompts"),
      recomputesOldLogprobs: try flag(recompute_old_logprobs, "recompute_old_logprobs"),
      memoryLimit: memory_limit == 0 ? nil : Int(clamping: memory_limit),
      entropyBand: entropy_band)
  }
}
