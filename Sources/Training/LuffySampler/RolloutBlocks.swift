internal import LuffyModel

/// Key-value blocks that a rollout of a prompt of P tokens may come to need.
struct RolloutBlocks {
  /// The prompt's, of which the full ones are shared by its rollouts.
  let prompt: Int
  /// The longest rollout's, the shared ones included; its last token does not run.
  let longest: Int
  /// Of its own, beside the shared ones.
  let growth: Int

  init(promptTokens: Int, maxNewTokens: Int) {
    prompt = KeyValueBlockShape.count(positions: promptTokens)
    let (positions, overflow) = promptTokens.addingReportingOverflow(maxNewTokens - 1)
    longest = KeyValueBlockShape.count(positions: overflow ? Int.max - 31 : positions)
    growth = longest - promptTokens / KeyValueBlockShape.positions
  }
}
