extension ModelCheckpoint {
  /// Checks that the file has exactly the tensors of a model, before any memory is taken for them: each is there, in its
  /// shape, in a type that becomes Float, and no other is there.
  ///
  /// - Parameter allowed: names that may be there too, and are not read.
  /// - Throws: `.missing`, `.shape` or `.unsupported`, naming the tensors.
  package func requireExactly(
    _ expected: [(name: String, shape: [Int])], allowing allowed: Set<String> = []
  ) throws(CheckpointError) {
    let left = leftOver(Set(expected.map(\.name)).union(allowed))
    for (name, shape) in expected {
      guard contains(name) else { throw absent(name, left) }
      try requireReadable(name, shape)
    }
    guard left.isEmpty else {
      throw CheckpointError(
        .unsupported, file: path, tensor: left[0],
        "the model that the configuration describes has no place for \(left.count) of the file's tensors: "
          + "\(left.excerpt()). Without them it would be another model")
    }
  }

  /// Both are there and hold the same numbers.
  package func areEqual(_ name: String, _ other: String) throws(CheckpointError) -> Bool {
    guard let first = stored[name], let second = stored[other] else { return false }
    return try first.equals(second)
  }

  /// Under the names of the file. Buffers that are computed from the configuration do not count.
  private func leftOver(_ known: Set<String>) -> [String] {
    tensors.filter { !known.contains($0.name) && !$0.name.hasSuffix("rotary_emb.inv_freq") }
      .map { stored[$0.name]?.name ?? $0.name }
  }

  private func absent(_ name: String, _ left: [String]) -> CheckpointError {
    var message = "there is no such tensor"
    if left.contains(where: { $0.hasPrefix("base_model.model.") }) {
      message += "; the file holds a PEFT adapter: merge it into its base model first"
    } else if !left.isEmpty {
      message += "; of the file's tensors, \(left.count) are not of this model: \(left.excerpt(3))"
    }
    return CheckpointError(.missing, file: path, tensor: name, message)
  }
}
