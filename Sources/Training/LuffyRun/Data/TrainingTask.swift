import LuffyTokenizer
import LuffyTrainer
import LuffyVerifier

/// One question as text, with its answer and teachers' worked solutions.
package struct TaskProblem: Sendable, Hashable {
  package var prompt: String
  package var answer: String
  package var traces: [String]
  /// As the data have it, without a template; empty: the prompt is the question.
  package var question = ""
  /// A JSON object of what else the data say of it.
  package var columns = "{}"

  package init(prompt: String, answer: String, traces: [String]) {
    self.prompt = prompt
    self.answer = answer
    self.traces = traces
  }
}

/// Where problems come from. Training and held-out problems are disjoint.
package protocol TrainingTask: Sendable {
  var name: String { get }
  /// What the person who starts a run should know of its problems.
  var note: String? { get }
  /// What judges a response.
  var verifier: MathVerifier { get }
  /// The i-th training problem; any i.
  func training(_ index: Int) -> TaskProblem
  /// Every trace; of a task without an end, those of its first problems.
  var everyTrace: [String] { get }
  /// Problems that are never trained on.
  func heldOut(_ count: Int) -> [TaskProblem]
  /// The i-th example of the warm-up: the component skills, not their composition. Nil: there is no warm-up.
  func warmup(_ index: Int) -> TaskProblem?
}

extension TrainingTask {
  package var note: String? { nil }
  package var everyTrace: [String] { (0..<256).flatMap { training($0).traces } }
}

extension TaskProblem {
  /// As token ids; a trace ends with the token that ends a response.
  package func tokenized(_ tokenizer: Tokenizer) throws -> TrainingProblem {
    let end = tokenizer.eosID.map { [$0] } ?? []
    return TrainingProblem(
      promptIDs: try tokenizer.encode(prompt), reference: answer,
      traces: try traces.map { try tokenizer.encode($0) + end })
  }
}

/// A small generator with a fixed sequence for each seed (Steele, Lea & Flood 2014).
package struct SplitMix: RandomNumberGenerator {
  package var state: UInt64

  package init(_ seed: UInt64, _ stream: Int) {
    state =
      seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(bitPattern: Int64(stream)) &* 0xD1B5_4A32_D192_ED03
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
