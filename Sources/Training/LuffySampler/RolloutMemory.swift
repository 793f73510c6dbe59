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
  ///
  /// No number of tokens, prompts or rollouts is more than 2^24, and nor is prompts · `options.count`.
  package init?(
    _ shape: ModelShape, prompts: Int, promptTokens: Int, options: SamplingOptions, bytes: Int
  ) {
    let each = RolloutBlocks(promptTokens: promptTokens, maxNewTokens: options.maxNewTokens)
    /// Nil where it is more than can be counted.
    func keyValueBytes(_ slots: Int) -> Int? {
      let running = (slots - 1) / options.count + 1
      let (blocks, overflow) = (running * each.prompt).addingReportingOverflow(slots * each.growth)
      let (bytes, more) = blocks.multipliedReportingOverflow(by: shape.blockBytes)
      return overflow || more ? nil : bytes
    }
    // The most that fit: `fits` do, `fails` do not.
    var (fits, fails) = (0, min(options.maximumBatch, prompts * options.count) + 1)
    var held = 0
    while fails - fits > 1 {
      let slots = fits + (fails - fits) / 2
      if let needed = keyValueBytes(slots), needed <= bytes {
        (fits, held) = (slots, needed)
      } else {
        fails = slots
      }
    }
    if fits == 0 { return nil }
    let slots = fits
    self.slots = slots
    self.keyValueBytes = held
    let running = min(prompts, (slots - 1) / options.count + 1)
    let prefill = min(running * promptTokens, max(promptTokens, RolloutBatch.prefillTokens))
    let positions = promptTokens + options.maxNewTokens
    let passes = [(prefill, promptTokens), (slots, positions)].map { tokens, positions in
      PassLengths(
        sequences: [.init(tokens: tokens), .init(tokens: positions)], units: [])
    }
    if !passes.allSatisfy(shape.canMeasure) { return nil }
    scratch = PassMemory.inference(
      shape, tokens: prefill, sequences: running, positions: promptTokens
    ).union(.inference(shape, tokens: slots, sequences: slots, positions: positions))
    rowBytes = 4 * shape.configuration.vocabularySize * (slots + running)
  }

  /// Bytes of keys and values without which not even one rollout runs; `Int.max` where they are more.
  package static func leastBytes(
    _ shape: ModelShape, promptTokens: Int, maxNewTokens: Int
  ) -> Int {
    let each = RolloutBlocks(promptTokens: promptTokens, maxNewTokens: maxNewTokens)
    let (bytes, overflow) = (each.prompt + each.growth).multipliedReportingOverflow(
      by: shape.blockBytes)
    return overflow ? Int.max : bytes
  }
}
