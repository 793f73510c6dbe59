import LuffyTokenizer
import LuffyTrainer
import LuffyVerifier

/// The problems of a comparison: chained additions of 3 to 5 numbers, and longer ones.
///
/// The warm-up teaches one rewriting at a time for chains of up to 7 numbers, so that every single step of the longer
/// problems is known, too; their composition is only ever shown for 3 to 5. All arms of a seed train on one finite
/// pool of problems, in one order.
struct CompareTask {
  let task: ChainedAddition
  /// Trained on, over and over.
  let pool: [TrainingProblem]
  let heldOut: [TrainingProblem]
  /// Chains of 6 and 7 numbers, on the held-out side of the split.
  let longer: [TrainingProblem]
  private let tokenizer: Tokenizer

  init(seed: UInt64, pool: Int, heldOut: Int, tokenizer: Tokenizer) throws {
    var task = ChainedAddition(seed: seed)
    task.warmupTerms = 3...7
    self.task = task
    self.tokenizer = tokenizer
    let training = task
    self.pool = try (0..<pool).map { try training.training($0).tokenized(tokenizer) }
    self.heldOut = try task.heldOut(heldOut).map { try $0.tokenized(tokenizer) }
    longer = try task.heldOut(heldOut, terms: 6...7).map { try $0.tokenized(tokenizer) }
  }

  /// `count` problems from the `index`-th of the endless repetition of the pool.
  func problems(from index: Int, count: Int) -> [TrainingProblem] {
    (index..<index + count).map { pool[$0 % pool.count] }
  }

  /// A batch of the warm-up.
  func warmup(_ indices: Range<Int>) throws -> [Supervised] {
    try indices.compactMap { task.warmup($0) }.map {
      Supervised(try $0.tokenized(tokenizer))
    }
  }

  /// Prompt and trace tokens of a problem of the pool, on average.
  var meanTraceTokens: Double {
    let total = pool.reduce(0) { $0 + $1.promptIDs.count + ($1.traces.first?.count ?? 0) }
    return Double(total) / Double(max(1, pool.count))
  }
}

/// What a supervised step takes.
struct Supervised {
  let prompt: [Int32]
  let response: [Int32]

  init(_ problem: TrainingProblem) {
    prompt = problem.promptIDs
    response = problem.traces.first ?? []
  }
}

extension Trainer {
  func supervisedStep(_ examples: [Supervised]) throws -> StepMetrics {
    try supervisedStep(examples.map { (prompt: $0.prompt, response: $0.response) })
  }
}
