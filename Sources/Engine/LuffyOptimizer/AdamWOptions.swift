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

  /// What is wrong with them, or nil.
  package var fault: String? {
    if !(learningRate >= 0 && learningRate.isFinite) {
      return "lr is \(learningRate), expected 0 or a positive number"
    }
    for (name, beta) in [("beta1", beta1), ("beta2", beta2)] where !(beta >= 0 && beta < 1) {
      return "\(name) is \(beta), expected a number in [0, 1)"
    }
    if !(epsilon > 0 && epsilon.isFinite) { return "eps is \(epsilon), expected a positive number" }
    if !(weightDecay >= 0 && weightDecay.isFinite) {
      return "weight_decay is \(weightDecay), expected 0 or a positive number"
    }
    return schedule.fault
  }
}
