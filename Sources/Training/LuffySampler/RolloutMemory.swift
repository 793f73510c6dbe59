package import LuffyModel
internal import LuffyTensor

/// Memory of a call's rollouts, before anything is allocated.
package struct RolloutMemory: Sendable {
  /// Rollouts that run at once.
  package var slots: Int
  package var keyValueBytes: Int
  /// What the workspace holds.
  package var scratch: PassMemory
  /// Rows of logits and probabilities beside it.
  package var rowBytes: Int

  /// The most rollouts at once of prompts of one length that `bytes` of keys and values allow; nil: not even one.
  package init?(
    _ shape: ModelShape, prompts: Int, promptTokens: Int, options: SamplingOptions, bytes: Int
  ) {
    let each = RolloutBlocks(promptTokens: promptTokens, maxNewTokens: options.maxNewTokens)
    func blocks(_ slots: Int) -> Int {
      let running = (slots + options.count - 1) / options.count
      return running * each.prompt + slots * each.growth
    }
    var slots = min(options.maximumBatch, prompts * options.count)
    while slots > 0 && blocks(slots) * shape.blockBytes > bytes { slots -= 1 }
    if slots == 0 { return nil }
    self.slots = slots
    keyValueBytes = blocks(slots) * shape.blockBytes
    let running = min(prompts, (slots + options.count - 1) / options.count)
    let prefill = min(running * promptTokens, max(promptTokens, RolloutBatch.prefillTokens))
    let positions = promptTokens + options.maxNewTokens
    scratch = PassMemory.inference(
      shape, tokens: prefill, sequences: running, positions: promptTokens
    ).union(.inference(shape, tokens: slots, sequences: slots, positions: positions))
    rowBytes = 4 * shape.configuration.vocabularySize * (slots + running)
  }
}
