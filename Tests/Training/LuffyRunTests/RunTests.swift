import Foundation
import LuffyOptions
import LuffyRollout
import LuffyRun
import Testing

/// A run in a directory that is removed again.
private struct Place {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

  func configuration(_ more: String = "") throws -> RunConfiguration {
    try RunConfiguration.resolved(
      json: """
        {"output": "\(path)", "warmup_steps": 3, "steps": 6, "held_out": 3, "prompts": 2, "group": 3,
         "max_new_tokens": 12, "allow_cut_traces": true, "eval_every": 2, "checkpoint_every": 2 \(more)}
        """
    ).0
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  func names(_ directory: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(directory)")) ?? []).sorted()
  }
}

@Suite(.serialized) struct RunTests {
  private func finish(_ run: Run) throws -> [RunEvent] {
    var events: [RunEvent] = []
    while !run.isDone { events.append(try run.next()) }
    return events
  }

  @Test func eventsComeInOrder() throws {
    let place = Place()
    defer { place.remove() }
    let run = try Run(try place.configuration(#", "eval_every": 4, "checkpoint_every": 3"#))
    let events = try finish(run)
    // Three supervised steps, and the accuracy before; then six steps with groups.
    #expect(Array(events.prefix(5)) == [.step, .step, .step, .checkpoint, .evaluation])
    // The first is the best.
    #expect(Array(events[5..<9]) == [.groups, .step, .evaluation, .checkpoint])
    #expect(events.suffix(2) == [.evaluation, .done] && events.count { $0 == .step } == 9)
    #expect(events.filter { $0 == .groups }.count == 6 && events.last == .done)
    #expect(try run.next() == .done && run.completedSteps == 9 && run.evaluationMoment == .after)
  }

  /// All but the last two and the best go.
  @Test func checkpointsAreKept() throws {
    let place = Place()
    defer { place.remove() }
    let run = try Run(try place.configuration())
    _ = try finish(run)
    let best = try #require(run.best).step
    let kept = Set([6, 8, best]).sorted().map { "step-0000000\($0)" }
    #expect(place.names("checkpoints") == ["best"] + kept)
    #expect(
      RunDirectory(place.path).checkpoints.best == "\(place.path)/checkpoints/step-0000000\(best)")
  }

  /// A step that is given up leaves nothing, and is the same when it is done.
  @Test func aCancelledStepIsDoneAgain() throws {
    let (place, other) = (Place(), Place())
    defer {
      place.remove()
      other.remove()
    }
    let run = try Run(try place.configuration())
    var (stops, patience) = (0, 1)
    while !run.isDone {
      var left = patience
      do {
        _ = try run.next {
          left -= 1
          return left == 0
        }
      } catch {
        stops += 1
        patience += 3  // until a step is done in spite of it
      }
    }
    #expect(stops > 3)
    _ = try finish(try Run(try other.configuration()))
    for name in ["model/model.safetensors", "samples.jsonl", "state/arrays.bin"] {
      let files = [place, other].map { FileManager.default.contents(atPath: "\($0.path)/\(name)") }
      #expect(files[0] != nil && files[0] == files[1], "\(name)")
    }
  }

  @Test func rewardsAreSetBetweenGroupsAndTheNextEvent() throws {
    let place = Place()
    defer { place.remove() }
    let run = try Run(try place.configuration())
    #expect(throws: RunError.self) { try run.setRewards([1, 0, 1], group: 0) }
    while try run.next() != .groups {}
    #expect(run.groups.count == 2 && run.groups[0].count == 3)
    #expect(throws: RunError.self) { try run.setRewards([1, 0], group: 0) }
    #expect(throws: RunError.self) { try run.setRewards([1, 0, 1], group: 2) }
    try run.setRewards([1, 0, .nan], group: 1)
    #expect(run.groups[1].rewards[0] == 1 && run.expectsCallerRewards)
    #expect(try run.next() == .step && run.groups.isEmpty)
    #expect(run.lastMetrics.contains { $0.name == "batch/unrewarded_rollouts" && $0.value == 1 })
  }

  /// config.yaml of version 0.1.0, whose checkpoints carry no configuration: its scales and answer form are kept.
  @Test func aDirectoryOfTheFirstVersionKeepsWhatItBeganWith() throws {
    let place = Place()
    defer { place.remove() }
    try FileManager.default.createDirectory(
      atPath: place.path, withIntermediateDirectories: true)
    try Data("steps: 5\n".utf8).write(to: URL(fileURLWithPath: "\(place.path)/config.yaml"))
    let error = #expect(throws: RunError.self) {
      _ = try Run.resumedConfiguration(place.path, changes: [], yaml: nil)
    }
    #expect(error?.description.contains("luffy-train run --resume") == true)
    let read = try Run.resumedConfiguration(place.path, changes: []) { path in
      #expect(path.hasSuffix("config.yaml"))
      return .map([.init(key: "steps", value: .int(5))])
    }
    let value = try read.configurationValue()
    #expect(value["format"] == .int(1) && value["steps"] == .int(5))
    #expect(value["answer_form"] == .string("anywhere") && value["allow_cut_traces"] == .bool(true))
    #expect(throws: ConfigurationError.self) {
      _ = try Run.resumedConfiguration(
        place.path, changes: [.init(key: "lr", value: .double(1))], yaml: { _ in .map([]) })
    }
  }
}
