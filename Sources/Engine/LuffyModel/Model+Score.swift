internal import LuffyTensor

/// Log-probs and entropies of one sequence, a number a token, in nats.
public struct SequenceScore: Sendable, Equatable {
  /// log p(x_t | x_<t); 0 for the first token, which nothing predicts.
  public var logProbs: [Float]
  /// Entropy of the distribution that x_t was drawn from; 0 for the first token.
  public var entropies: [Float]
}

extension Model {
  /// Tokens of one pass: sequences are packed up to this many, without padding.
  package static let tokensPerPass = 4096

  /// Scores whole sequences under softmax(logits / temperature).
  ///
  /// A sequence's numbers do not depend on what else is scored with it, bit for bit.
  /// - Throws: `ModelError.argument` for a token out of range or an empty sequence, `.nonFinite`, `.cancelled`.
  public func score(
    _ sequences: [[Int32]], temperature: Float = 1, isCancelled: @escaping () -> Bool = { false }
  ) throws -> [SequenceScore] {
    try check(sequences, temperature)
    try checkTargets(sequences, from: 1)
    var scores: [SequenceScore] = []
    try withWorkspace { workspace in
      for range in Self.passes(sequences.map(\.count), budget: Self.tokensPerPass) {
        let batch = Array(sequences[range])
        let pass = try TrainingPass(
          self, workspace, sequences: batch.map { PackedSequence(ids: $0) }, keeping: false,
          isCancelled: isCancelled)
        let result = try pass.score(Self.predictions(batch), temperature: temperature)
        scores += Self.scores(batch, result.logProbs, result.entropies)
      }
    }
    try Self.checkFinite(scores)
    return scores
  }

  /// Adds Σ dLogProbs · ∂logprob/∂θ + Σ dEntropies · ∂entropy/∂θ over all tokens to the gradients.
  ///
  /// Arrays are shaped like `score`'s result; the first entry of each is ignored.
  public func backward(
    _ sequences: [[Int32]], dLogProbs: [[Float]], dEntropies: [[Float]]? = nil,
    temperature: Float = 1, recomputing: Bool = false,
    isCancelled: @escaping () -> Bool = { false }
  ) throws {
    try check(sequences, temperature)
    try checkTargets(sequences, from: 1)
    try checkShape(dLogProbs, sequences, "dlogprobs")
    if let dEntropies { try checkShape(dEntropies, sequences, "dentropies") }
    try withWorkspace { workspace in
      for range in Self.passes(sequences.map(\.count), budget: Self.tokensPerPass) {
        let batch = Array(sequences[range])
        let pass = try TrainingPass(
          self, workspace, sequences: batch.map { PackedSequence(ids: $0) }, keeping: true,
          recomputing: recomputing, isCancelled: isCancelled)
        let dLogProb = dLogProbs[range].flatMap { $0.dropFirst() }
        let dEntropy =
          dEntropies?[range].flatMap { $0.dropFirst() }
          ?? [Float](repeating: 0, count: dLogProb.count)
        try pass.train(
          Self.predictions(batch), units: batch.map { $0.count - 1 }, temperature: temperature
        ) { predictions, scores in
          try Self.checkFinite(scores, of: predictions, sequences, from: range.lowerBound)
          return .init(
            dLogProbs: Array(dLogProb[predictions]), dEntropies: Array(dEntropy[predictions]))
        }
      }
    }
  }

  /// Consecutive sequences whose tokens fit the budget; at least one a pass.
  package static func passes(_ lengths: [Int], budget: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    var tokens = 0
    for (index, length) in lengths.enumerated() {
      if index > start && tokens + length > budget {
        ranges.append(start..<index)
        start = index
        tokens = 0
      }
      tokens += length
    }
    if start < lengths.count { ranges.append(start..<lengths.count) }
    return ranges
  }

  /// Every token but the first of each packed sequence, predicted by the row before it.
  private static func predictions(_ sequences: [[Int32]]) -> [TrainingPass.Prediction] {
    var predictions: [TrainingPass.Prediction] = []
    var row = 0
    for sequence in sequences {
      for (index, id) in sequence.enumerated().dropFirst() {
        predictions.append(TrainingPass.Prediction(row: row + index - 1, target: id))
      }
      row += sequence.count
    }
    return predictions
  }

  private static func scores(
    _ sequences: [[Int32]], _ logProbs: [Float], _ entropies: [Float]
  ) -> [SequenceScore] {
    var next = 0
    return sequences.map { sequence in
      let range = next..<next + sequence.count - 1
      next = range.upperBound
      return SequenceScore(logProbs: [0] + logProbs[range], entropies: [0] + entropies[range])
    }
  }

  private static func checkFinite(_ scores: [SequenceScore]) throws(ModelError) {
    for (index, score) in scores.enumerated() {
      for (token, value) in score.logProbs.enumerated()
      where !value.isFinite || !score.entropies[token].isFinite {
        throw .nonFinite("log-prob of sequence \(index), token \(token)")
      }
    }
  }

  /// The same for some predictions of the sequences from `first` on.
  private static func checkFinite(
    _ scores: TrainingPass.Scores, of predictions: Range<Int>, _ sequences: [[Int32]],
    from first: Int
  ) throws(ModelError) {
    guard
      let bad = scores.logProbs.indices.first(where: {
        !scores.logProbs[$0].isFinite || !scores.entropies[$0].isFinite
      })
    else { return }
    var index = first
    var token = predictions.lowerBound + bad + 1
    while token >= sequences[index].count {
      token -= sequences[index].count - 1
      index += 1
    }
    throw .nonFinite("log-prob of sequence \(index), token \(token)")
  }

  package func check(_ sequences: [[Int32]], _ temperature: Float) throws(ModelError) {
    if !(temperature > 0 && temperature.isFinite && (1 / temperature).isFinite) {
      throw .argument("temperature is \(temperature), expected a positive number")
    }
    for (index, sequence) in sequences.enumerated() {
      if sequence.isEmpty { throw .argument("sequence \(index) is empty") }
      for (token, id) in sequence.enumerated()
      where id < 0 || Int(id) >= configuration.vocabularySize {
        throw .argument(
          "sequence \(index), token \(token): id \(id) is not in 0..<\(configuration.vocabularySize)"
        )
      }
    }
  }

  private func checkShape(
    _ values: [[Float]], _ sequences: [[Int32]], _ name: String
  ) throws(ModelError) {
    if values.count != sequences.count {
      throw .argument("\(name) has \(values.count) rows, expected \(sequences.count)")
    }
    for index in sequences.indices {
      if values[index].count != sequences[index].count {
        throw .argument(
          "\(name), row \(index) has \(values[index].count) numbers, expected "
            + "\(sequences[index].count)")
      }
      if let bad = values[index].firstIndex(where: { !$0.isFinite }) {
        throw .nonFinite("\(name), row \(index), token \(bad)")
      }
    }
  }
}
