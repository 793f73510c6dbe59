public import LuffyModel
public import LuffyRollout
internal import LuffyTensor

/// Writes rollouts: continuous batching over all prompts and rollouts of a call, each prompt run once.
///
/// A rollout depends on the model, its prompt, the options' seed and step, and its place (prompt, rollout): not on
/// the batch, the number of slots or the threads.
public final class Sampler {
  private let model: Model

  /// Of one call; more is taken for a mistake.
  private static let mostRollouts = 1 << 22

  public init(_ model: Model) { self.model = model }

  /// `options.count` rollouts of each prompt.
  ///
  /// - Throws: `ModelError.argument` for an empty prompt, a token out of range or an option out of range,
  ///   `.nonFinite` where logits are not finite, `.outOfMemory` where not even one rollout fits, `.cancelled`.
  public func generate(
    _ prompts: [[TokenID]], _ options: SamplingOptions,
    isCancelled: @escaping () -> Bool = { false }
  ) throws -> [[Rollout]] {
    try options.validate()
    try model.check(prompts, 1)
    if prompts.isEmpty { return [] }
    let (total, overflow) = prompts.count.multipliedReportingOverflow(by: options.count)
    if overflow || total > Self.mostRollouts {
      throw ModelError.argument(
        "\(prompts.count) prompts with n = \(options.count) are more than \(Self.mostRollouts) rollouts"
      )
    }
    return try model.withWorkspace { workspace in
      let batch = try RolloutBatch(model, workspace, prompts, options)
      defer { batch.releaseAll() }
      while try batch.advance(isCancelled) {}
      return batch.rollouts
    }
  }
}
