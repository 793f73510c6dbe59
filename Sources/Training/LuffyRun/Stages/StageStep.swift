import LuffyRollout
import LuffyTrainer

/// What a step will train on.
package struct StageBatch {
  /// Judged groups in the problems' order; their rewards may be changed. Empty in a supervised step.
  package var groups: [RolloutGroup] = []
  package private(set) var problems: [TaskProblem] = []
  private(set) var tokenized: [TrainingProblem] = []
  private(set) var examples: [(prompt: [TokenID], response: [TokenID])] = []

  package var isSupervised: Bool { groups.isEmpty }

  init(examples: [(prompt: [TokenID], response: [TokenID])]) { self.examples = examples }

  init(groups: [RolloutGroup], problems: [TaskProblem], tokenized: [TrainingProblem]) {
    self.groups = groups
    self.problems = problems
    self.tokenized = tokenized
  }
}

/// What one step of a stage was made of and what it measured.
package struct StageStep {
  package let stage: Stage
  /// From 1, in the stage.
  package let step: Int
  package let isSupervised: Bool
  /// The judged groups that were trained on, with the log-probs that the sampler recorded; empty in a
  /// supervised step.
  package let groups: [RolloutGroup]
  package let metrics: StepMetrics
}
