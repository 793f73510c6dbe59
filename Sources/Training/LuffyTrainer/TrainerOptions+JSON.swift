public import LuffyJSON
import LuffyOptimizer
import LuffyOptions

/// The names that trainer options have outside Swift.
extension TrainerOptions {
  public static let keys = [
    "lr", "beta1", "beta2", "eps", "weight_decay", "lr_schedule", "warmup_steps", "total_steps",
    "minimum_lr_factor", "max_grad_norm", "updates_per_step", "micro_batch_tokens", "temperature",
    "recompute_activations", "share_prompts", "recompute_old_logprobs",
    "memory_limit", "entropy_band",
  ]

  /// Sets every member of a JSON object.
  public mutating func set(_ json: JSONNode) throws(TrainerError) {
    guard json.kind == .object else { throw .option("expected an object of options") }
    for (key, value) in json.members { try set(key, value) }
    try validate()
  }

  private mutating func set(_ key: String, _ value: JSONNode) throws(TrainerError) {
    switch key {
    case "lr": optimizer.learningRate = try Self.number(key, value)
    case "beta1": optimizer.beta1 = try Self.number(key, value)
    case "beta2": optimizer.beta2 = try Self.number(key, value)
    case "eps": optimizer.epsilon = try Self.number(key, value)
    case "weight_decay": optimizer.weightDecay = try Self.number(key, value)
    case "lr_schedule":
      guard let shape = value.string.flatMap(LearningRateSchedule.Shape.init) else {
        throw .option("lr_schedule: expected constant, linear or cosine")
      }
      optimizer.schedule.shape = shape
    case "warmup_steps": optimizer.schedule.warmupSteps = try Self.integer(key, value)
    case "total_steps": optimizer.schedule.totalSteps = try Self.integer(key, value)
    case "minimum_lr_factor": optimizer.schedule.minimumFactor = try Self.number(key, value)
    case "max_grad_norm": maxGradNorm = value.isNull ? nil : try Self.number(key, value)
    case "updates_per_step": updatesPerStep = try Self.integer(key, value)
    case "micro_batch_tokens": microBatchTokens = try Self.integer(key, value)
    case "temperature": temperature = Float(try Self.number(key, value))
    case "recompute_activations": recomputesActivations = try Self.boolean(key, value)
    case "share_prompts": sharesPrompts = try Self.boolean(key, value)
    case "recompute_old_logprobs": recomputesOldLogprobs = try Self.boolean(key, value)
    case "entropy_band": entropyBand = try Self.number(key, value)
    case "memory_limit": memoryLimit = value.isNull ? nil : try Self.integer(key, value)
    default:
      throw .option("\(key): unknown option; \(hint(key, among: Self.keys))")
    }
  }

  private static func number(_ key: String, _ value: JSONNode) throws(TrainerError) -> Double {
    guard let number = value.double else { throw .option("\(key): expected a number") }
    return number
  }

  private static func integer(_ key: String, _ value: JSONNode) throws(TrainerError) -> Int {
    guard let number = value.int else { throw .option("\(key): expected an integer") }
    return number
  }

  private static func boolean(_ key: String, _ value: JSONNode) throws(TrainerError) -> Bool {
    guard let flag = value.bool else { throw .option("\(key): expected true or false") }
    return flag
  }

  /// Every option as a member of the object that is open; `set` reads them back to an equal value.
  public func write(_ writer: JSONWriter) {
    for (key, value) in [
      ("lr", optimizer.learningRate), ("beta1", optimizer.beta1), ("beta2", optimizer.beta2),
      ("eps", optimizer.epsilon), ("weight_decay", optimizer.weightDecay),
      ("minimum_lr_factor", optimizer.schedule.minimumFactor), ("temperature", Double(temperature)),
      ("entropy_band", entropyBand),
    ] {
      writer.key(key)
      writer.write(value)
    }
    for (key, value) in [
      ("warmup_steps", optimizer.schedule.warmupSteps),
      ("total_steps", optimizer.schedule.totalSteps), ("updates_per_step", updatesPerStep),
      ("micro_batch_tokens", microBatchTokens),
    ] {
      writer.key(key)
      writer.write(value)
    }
    writer.key("lr_schedule")
    writer.write(optimizer.schedule.shape.rawValue)
    writer.key("max_grad_norm")
    if let maxGradNorm { writer.write(maxGradNorm) } else { writer.null() }
    writer.key("recompute_activations")
    writer.write(recomputesActivations)
    writer.key("share_prompts")
    writer.write(sharesPrompts)
    writer.key("recompute_old_logprobs")
    writer.write(recomputesOldLogprobs)
    writer.key("memory_limit")
    if let memoryLimit { writer.write(memoryLimit) } else { writer.null() }
  }
}
