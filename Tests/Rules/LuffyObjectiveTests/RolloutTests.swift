import Foundation
import LuffyObjective
import LuffyRollout
import Testing

@Suite struct RolloutTests {
  @Test func `a mask ends with the first stop token`() {
    #expect(
      ResponseMask.throughFirst(of: [7], in: [1, 7, 2, 7]).flags == [true, true, false, false])
    #expect(ResponseMask.throughFirst(of: [9], in: [1, 2]).trainedCount == 2)
    #expect(ResponseMask.throughFirst(of: [9], in: []).count == 0)
    #expect(ResponseMask.all(-1).count == 0)
  }

  @Test func `rewards go to rollouts, then traces`() throws {
    var group = RolloutGroup(
      promptIDs: [1], rollouts: [Rollout(ids: [2]), Rollout(ids: [3])], traces: [.trace(ids: [4])])
    try group.setRewards([0, 1, 0.5])
    #expect(group.rollouts.map(\.reward) == [0, 1] && group.traces.map(\.reward) == [0.5])
    #expect(group.rewards == [0, 1, 0.5])
    #expect(throws: RewardCountError(expected: 3, found: 2)) { try group.setRewards([0, 1]) }
  }

  @Test func `rollouts become rows`() {
    let own = ObjectiveRow(
      Rollout(ids: [1, 2], logprobs: [-1, -2], finishReason: .length), group: 3, reward: 1)
    #expect(own.oldLogprobs == [-1, -2] && own.isTruncated && own.offMask == nil)
    let trace = ObjectiveRow(.trace(ids: [1, 2, 3]), group: 3, reward: 1)
    #expect(trace.source == .offPolicy && trace.oldLogprobs == nil && trace.offMask == nil)
    let prefix = ObjectiveRow(
      Rollout(ids: [1, 2, 3], source: .offPolicy, prefixLength: 2), group: 0, reward: 0)
    #expect(prefix.offMask == [true, true, false])
    let replay = ObjectiveRow(
      Rollout(ids: [1], logprobs: [-1], source: .replay), group: 0, reward: 0)
    #expect(replay.behaviorLogprobs == [-1] && replay.oldLogprobs == nil)
  }

  @Test func `every metric has its line in the documentation`() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../docs/metrics.md").path
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for metric in ObjectiveMetric.allCases {
      #expect(text.contains("`\(metric.name)`"), "\(metric.name)")
    }
  }

  @Test func `batch metrics by hand`() throws {
    let rows = [
      ObjectiveRow(group: 0, reward: 1, source: .offPolicy, tokenCount: 4),
      ObjectiveRow(group: 0, reward: 0, tokenCount: 2, isTruncated: true),
      ObjectiveRow(group: 1, reward: 1, tokenCount: 3),
      ObjectiveRow(group: 1, reward: 1, tokenCount: 3),
    ]
    let metrics = try Objective.luffy().prepare(rows).batchMetrics
    let values = Dictionary(uniqueKeysWithValues: metrics.present.map { ($0.name, $0.value) })
    let expected: [String: Double] = [
      "batch/solve_none": 0, "batch/solve_all": 1, "batch/zero_signal_groups": 1,
      "batch/dropped_rows": 0, "batch/solved": 0.75, "batch/failed": 0.25,
      "batch/on_solved": 2.0 / 3, "batch/off_solved": 1, "on_off_metrics/on_score": 2.0 / 3,
      "on_off_metrics/off_score": 1, "on_off_metrics/on_response_length_mean": 8.0 / 3,
      "on_off_metrics/off_response_length_mean": 4, "on_off_metrics/off_on_example_ratio": 1.0 / 3,
      "critic/score/mean": 0.75, "critic/score/max": 1, "critic/score/min": 0,
      "critic/rewards/mean": 0.75, "critic/rewards/max": 1, "critic/rewards/min": 0,
      "critic/advantages/mean": (0.5 * 4 - 0.5 * 2) / 12, "critic/advantages/max": 0.5,
      "critic/advantages/min": -0.5, "response_length/mean": 3, "response_length/max": 4,
      "response_length/min": 2, "response_length/clip_ratio": 0.25,
    ]
    #expect(Set(values.keys) == Set(expected.keys))
    for (name, value) in expected { expectClose(values[name] ?? .nan, value, name) }
    let none = try Objective.luffy().prepare([]).batchMetrics
    #expect(none.solved == nil && none.score == nil && none.offToOwnRatio == nil)
  }
}
