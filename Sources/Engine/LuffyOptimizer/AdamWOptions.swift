/// AdamW (Loshchilov & Hutter 2019) with bias correction and decoupled decay.
public struct AdamWOptions: Sendable, Equatable {
  /// Peak learning rate.
  public var learningRate: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  /// Of matrices; norms and biases do not decay.
  public var weightDecay: Double
  public var schedule: LearningRateSchedule

  public init(
    learningRate: Double = 1e-6, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0.01,
    schedule: LearningRateSchedule = LearningRateSchedule()
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.schedule = schedule
  }

  /// The rate of update `step` >= 1.
  public func rate(step: Int) -> Double { learningRate * schedule.factor(step: step) }

  /// What is wrong with them, or nil. They are looked at as the update uses them, in float32.
  package var fault: String? {
    let range = "to \(Float.greatestFiniteMagnitude)"
    for (name, value) in [("lr", learningRate), ("weight_decay", weightDecay)] {
      let used = Float(value)
      if !(used >= 0 && used.isFinite) || (value > 0 && used == 0) {
        return "\(name) is \(value), expected 0, or \(Float.leastNonzeroMagnitude) \(range)"
      }
    }
    if !(Float(learningRate) * Float(weightDecay)).isFinite {
      return "lr × weight_decay is \(learningRate * weightDecay), expected 0 \(range)"
    }
    for (name, beta) in [("beta1", beta1), ("beta2", beta2)]
    where !(beta >= 0 && Float(beta) < 1) {
      return "\(name) is \(beta), expected 0 to \(Float(1).nextDown)"
    }
    let used = Float(epsilon)
    if !(used > 0 && used.isFinite) {
      return "eps is \(epsilon), expected \(Float.leastNonzeroMagnitude) \(range)"
    }
    return schedule.fault
  }
}
