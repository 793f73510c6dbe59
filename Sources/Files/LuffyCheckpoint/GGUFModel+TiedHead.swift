extension GGUFModel {
  /// Some quantisers write a tied matrix twice, as embedding and as head, each in a type of its own.
  ///
  /// Two matrices are one where every number of both can be the rounding of one original: the finer stands for both.
  /// Any other head, however near, is a weight of its own.
  static func tyingCopies(
    _ tensors: [(name: String, stored: StoredTensor)]
  ) throws(CheckpointError) -> [(name: String, stored: StoredTensor)] {
    guard let embedding = tensors.first(where: { $0.name == embeddingName })?.stored,
      let head = tensors.first(where: { $0.name == headName })?.stored,
      embedding.shape.count == 2, try embedding.isCopy(of: head)
    else { return tensors }
    let finer = head.byteCount > embedding.byteCount ? head : embedding
    return tensors.filter { $0.name != headName }.map {
      $0.name == embeddingName ? (embeddingName, finer) : $0
    }
  }

  private static let embeddingName = "model.embed_tokens.weight"
  private static let headName = "lm_head.weight"
}
