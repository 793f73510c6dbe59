import LuffyKernels

/// How the learning rate goes over the updates, as a factor of its peak.
///
/// Update t counts from 1. Warm-up rises linearly: the first of w warm-up updates has 1/w, the w-th has 1.
public struct LearningRateSchedule: Sendable, Equatable {
  public enum Shape: String, Sendable, CaseIterable { case constant, linear, cosine }

  public var shape: Shape
  public var warmupSteps: Int
  /// Where `linear` and `cosine` reach `minimumFactor`.
  public var totalSteps: Int
  public var minimumFactor: Double

  public init(
    _ shape: Shape = .constant, warmupSteps: Int = 0, totalSteps: Int = 0,
    minimumFactor: Double = 0
  ) {
    self.shape = shape
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
    self.minimumFactor = minimumFactor
  }

  /// The factor of update `step` >= 1.
  public func factor(step: Int) -> Double {
    if step < warmupSteps { return Double(step) / Double(warmupSteps) }
    guard shape != .constant, totalSteps > warmupSteps else { return 1 }
    let progress = min(1, Double(step - warmupSteps) / Double(totalSteps - warmupSteps))
    let falling =
      shape == .linear ? 1 - progress : (1 + Elementary.cosineAndSine(.pi * progress).cosine) / 2
    return minimumFactor + (1 - minimumFactor) * falling
  }

  /// What is wrong with it, or nil.
  package var fault: String? {
    if warmupSteps < 0 { return "warmup_steps is \(warmupSteps), expected 0 or more" }
    if totalSteps < 0 { return "total_steps is \(totalSteps), expected 0 or more" }
    if !(minimumFactor >= 0 && minimumFactor <= 1) {
      return "minimum_lr_factor is \(minimumFactor), expected 0 to 1"
    }
    if shape != .constant && totalSteps <= warmupSteps {
      return "a \(shape.rawValue) schedule needs total_steps beyond warmup_steps"
    }
    return nil
  }
}
