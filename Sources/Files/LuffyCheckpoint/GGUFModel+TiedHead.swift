extension GGUFModel {
  /// Some quantisers write a tied matrix twice, as embedding and as head, each in a type of its own.
  ///
  /// Two quantised matrices that differ by no more than quantisation does are one: the finer stands for both. An
  /// untied head has nothing to do with the embedding, and differs by more than its own size.
  static func tyingCopies(
    _ tensors: [(name: String, stored: StoredTensor)]
  ) throws(CheckpointError) -> [(name: String, stored: StoredTensor)] {
    guard let embedding = tensors.first(where: { $0.name == embeddingName })?.stored,
      let head = tensors.first(where: { $0.name == headName })?.stored,
      embedding.shape == head.shape, embedding.shape.count == 2,
      embedding.type.isQuantized, head.type.isQuantized,
      try relativeDistance(embedding, head) <= largestDistance
    else { return tensors }
    let finer = head.byteCount > embedding.byteCount ? head : embedding
    return tensors.filter { $0.name != headName }.map {
      $0.name == embeddingName ? (embeddingName, finer) : $0
    }
  }

  private static let embeddingName = "model.embed_tokens.weight"
  private static let headName = "lm_head.weight"
  /// Four bits differ from eight by about 0.1; unrelated matrices by 1.4.
  private static let largestDistance = 0.2
  private static let rowsCompared = 64

  /// |a - b| / |b| of rows spread over both.
  private static func relativeDistance(
    _ a: StoredTensor, _ b: StoredTensor
  ) throws(CheckpointError) -> Double {
    var difference = 0.0
    var size = 0.0
    let count = min(rowsCompared, a.rowCount)
    for index in 0..<count {
      let row = index * a.rowCount / count
      for (x, y) in zip(try a.floats(rows: row..<row + 1), try b.floats(rows: row..<row + 1)) {
        difference += Double(x - y) * Double(x - y)
        size += Double(y) * Double(y)
      }
    }
    return size > 0 ? (difference / size).squareRoot() : .infinity
  }
}
