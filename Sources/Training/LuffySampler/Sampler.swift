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
  /// - Throws: `ModelError.argument` for an empty prompt, a token or an option out of range, a prompt that leaves fewer
  ///   positions than `maxNewTokens` where the model limits them,
  ///   `.nonFinite` where logits are not finite, `.outOfMemory` where not even one rollout fits, `.cancelled`.
  public func generate(
    _ prompts: [[TokenID]], _ options: SamplingOptions,
    isCancelled: @escaping () -> Bool = { false }
  ) throws -> [[Rollout]] {
    try options.validate()
    for (index, prompt) in prompts.enumerated() { try check(prompt, index, options) }
    try check(options.stopIDs ?? [])
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

  /// A prompt that can be continued by so many tokens.
  private func check(
    _ prompt: [TokenID], _ index: Int, _ options: SamplingOptions
  ) throws(ModelError) {
    try model.check(prompt, "prompt \(index)")
    guard let limit = model.configuration.longestSequence else { return }
    let room = limit - prompt.count
    if options.maxNewTokens > room {
      throw .argument(
        "prompt \(index) has \(prompt.count) tokens, which with max_new_tokens = \(options.maxNewTokens) are "
          + "more than the model's max_position_embeddings (\(limit)): "
          + (room > 0 ? "use max_new_tokens \(room) at most" : "shorten the prompt")
          + ", or load the model with allow_long_sequences")
    }
  }

  private func check(_ stopIDs: Set<TokenID>) throws(ModelError) {
    let size = model.configuration.vocabularySize
    if let id = stopIDs.filter({ $0 < 0 || Int($0) >= size }).min() {
      throw .argument(
        "stop_ids: id \(id) is not in 0..<\(size), the ids of this model's vocabulary")
    }
  }
}
