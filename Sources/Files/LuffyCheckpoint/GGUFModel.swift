import LuffyJSON

/// A GGUF file seen as a Hugging Face checkpoint: names, row order, configuration.
struct GGUFModel: Sendable {
  let gguf: GGUFFile
  let architecture: Architecture
  /// Under Hugging Face names.
  private(set) var tensors: [(name: String, stored: StoredTensor)]
  let ropeFactors: [Float]?

  enum Architecture: String, Sendable {
    case llama, qwen2, qwen3

    var className: String {
      switch self {
      case .llama: "LlamaForCausalLM"
      case .qwen2: "Qwen2ForCausalLM"
      case .qwen3: "Qwen3ForCausalLM"
      }
    }
  }

  init(_ gguf: GGUFFile) throws(CheckpointError) {
    self.gguf = gguf
    guard let name = gguf.metadata["general.architecture"]?.string,
      let architecture = Architecture(rawValue: name)
    else {
      throw CheckpointError(
        .missing, file: gguf.path,
        "general.architecture is absent; llama, qwen2 and qwen3 are read")
    }
    self.architecture = architecture
    var tensors: [(name: String, stored: StoredTensor)] = []
    var factors: [Float]?
    for tensor in gguf.tensors {
      if tensor.name == GGUFTensorNames.ropeFactors {
        factors = try Self.floats(tensor)
        continue
      }
      // A tensor that no such model has keeps its name: whoever loads the weights refuses it.
      let name = GGUFTensorNames.huggingFace(tensor.name) ?? "GGUF \(tensor.name)"
      tensors.append((name, tensor))
    }
    ropeFactors = factors
    tensors = try Self.tyingCopies(tensors)
    self.tensors = tensors
    if architecture == .llama { self.tensors = try restoringRowOrder(tensors) }
    try refuseOptions()
  }

  /// Llama's converter lays each head's rows of q and k (weights and biases) out as rotated pairs:
  /// undone on reading.
  private func restoringRowOrder(
    _ tensors: [(name: String, stored: StoredTensor)]
  ) throws(CheckpointError) -> [(name: String, stored: StoredTensor)] {
    var result = tensors
    for (index, entry) in tensors.enumerated() {
      let heads: Int
      if entry.name.contains(".q_proj.") {
        heads = try count("attention.head_count")
      } else if entry.name.contains(".k_proj.") {
        heads = try keyValueHeads()
      } else {
        continue
      }
      let rows = entry.stored.rowCount
      guard rows % heads == 0, rows / heads % 2 == 0 else {
        throw entry.stored.failure(.shape, "\(rows) rows are not \(heads) heads of even width")
      }
      result[index].stored.rowOrder = .interleavedHalves(rows: rows / heads)
    }
    return result
  }

  private static func floats(_ tensor: StoredTensor) throws(CheckpointError) -> [Float] {
    guard tensor.shape.count == 1, tensor.rowCount <= 1 << 16 else {
      throw tensor.failure(.shape, "rope factors of shape \(tensor.shape)")
    }
    return try tensor.floats(rows: 0..<tensor.rowCount)
  }

  // MARK: Metadata under the architecture's prefix

  func value(_ key: String) -> GGUFValue? { gguf.metadata["\(architecture.rawValue).\(key)"] }

  /// A positive integer that may be absent. Anything else under the key is refused, arrays by layer
  /// too.
  func optionalCount(_ key: String) throws(CheckpointError) -> Int? {
    guard let value = value(key) else { return nil }
    guard let count = value.int, count > 0, count <= 1 << 32 else {
      throw failure(value.array == nil ? .corrupt : .unsupported, "\(key) is no positive integer")
    }
    return count
  }

  func count(_ key: String) throws(CheckpointError) -> Int {
    guard let count = try optionalCount(key) else { throw failure(.missing, "\(key) is absent") }
    return count
  }

  /// As many as query heads where the file does not say.
  func keyValueHeads() throws(CheckpointError) -> Int {
    if let heads = try optionalCount("attention.head_count_kv") { return heads }
    return try count("attention.head_count")
  }

  /// A finite positive number that may be absent.
  func optionalNumber(_ key: String) throws(CheckpointError) -> Double? {
    guard let value = value(key) else { return nil }
    guard let number = value.number, number.isFinite, number > 0 else {
      throw failure(.corrupt, "\(key) is no positive number")
    }
    return number
  }

  func failure(_ kind: CheckpointError.Kind, _ message: String) -> CheckpointError {
    CheckpointError(kind, file: gguf.path, "\(architecture.rawValue).\(message)")
  }

  func has(_ name: String) -> Bool { tensors.contains { $0.name == name } }
}
