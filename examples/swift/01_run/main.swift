// A whole training run: the built-in task, or the model and data of a JSON configuration given as the first argument.
// swift run -c release example-run '{"output": "runs/swift", "steps": 100}'
import LuffyReport
import LuffyRollout
import LuffyRun

let given =
  CommandLine.arguments.dropFirst().first
  ?? #"{"output": "runs/swift", "steps": 100, "caller_rewards": true}"#
let (configuration, notes) = try RunConfiguration.resolved(json: given)
notes.forEach { print($0) }
let run = try Run(configuration)

/// A reward of our own: a tenth for brevity beside the verifier's verdict.
func setRewards(_ run: Run) throws {
  for (index, group) in run.groups.enumerated() {
    let rewards = group.members.map { ($0.reward ?? 0) + ($0.ids.count < 16 ? 0.1 : 0) }
    try run.setRewards(rewards, group: index)
  }
}

while !run.isDone {
  switch try run.next() {
  case .groups: try setRewards(run)
  case .step:
    let loss = run.lastMetrics.first { $0.name == "actor/loss" }?.value ?? 0
    if run.completedSteps % 50 == 0 {
      print("\(run.stageName) \(run.completedSteps)/\(run.totalSteps): loss \(loss)")
    }
  case .evaluation: print("held-out pass@1: \(run.evaluation?.text ?? "")")
  case .checkpoint, .done: break
  }
}
for example in try run.examples() { print(example.prompt, example.response) }
print("drew", try Report(directory: configuration.output).write())
