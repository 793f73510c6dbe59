import LuffyTokenizer
import LuffyTrainer
import LuffyVerifier

/// The problems of a comparison: chained additions of 3 or 4 numbers, and longer ones.
///
/// The warm-up teaches one rewriting at a time for chains of up to 6 numbers, so that every single step of the longer
/// problems is known, too; their composition is only ever shown for 3 and 4. All arms of a seed train on one finite
/// pool of problems, in one order.
package struct CompareTask: TrainingTask {
  private let task: ChainedAddition
  private let pool: [TaskProblem]
  /// The first of the pool, whose teacher tokens are watched.
  package let watched: [TrainingProblem]
  package let heldOut: [TrainingProblem]
  /// Chains of 5 and 6 numbers, on the held-out side of the split.
  package let longer: [TrainingProblem]
  /// Prompt and trace tokens of a problem of the pool, on average.
  package let meanTraceTokens: Double

  package init(seed: UInt64, pool: Int, heldOut: Int, tokenizer: Tokenizer) throws {
    var task = ChainedAddition(seed: seed)
    task.terms = 3...4
    task.warmupTerms = 3...6
    self.task = task
    let drawn = (0..<pool).map { [task] in task.training($0) }
    self.pool = drawn
    let tokenized = try drawn.map { try $0.tokenized(tokenizer) }
    watched = Array(tokenized.prefix(256))
    let total = tokenized.reduce(0) { $0 + $1.promptIDs.count + ($1.traces.first?.count ?? 0) }
    meanTraceTokens = Double(total) / Double(max(1, pool))
    self.heldOut = try task.heldOut(heldOut).map { try $0.tokenized(tokenizer) }
    longer = try task.heldOut(heldOut, terms: 5...6).map { try $0.tokenized(tokenizer) }
  }

  package var name: String { task.name }
  package var verifier: MathVerifier { task.verifier }

  /// The pool over and over.
  package func training(_ index: Int) -> TaskProblem { pool[index % pool.count] }
  package func heldOut(_ count: Int) -> [TaskProblem] { task.heldOut(count) }
  package func warmup(_ index: Int) -> TaskProblem? { task.warmup(index) }
}
