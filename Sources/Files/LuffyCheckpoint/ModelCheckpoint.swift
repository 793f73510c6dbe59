import LuffyJSON

/// The weights and configuration of a model on disk: a Hugging Face directory or a `.gguf` file,
/// one face for both.
///
/// Immutable once open; every method may be called from several threads at once.
package final class ModelCheckpoint: Sendable {
  package let path: String
  /// In Hugging Face's layout; made from the metadata for a GGUF file.
  package let configuration: JSONDocument
  package let generationConfiguration: JSONDocument?
  /// Under Hugging Face names, in the order of the files.
  package let tensors: [TensorDescription]
  /// What a GGUF file says about its tokenizer; nil for a directory, which has `tokenizer.json`.
  package let tokenizer: GGUFTokenizerMetadata?
  let stored: [String: StoredTensor]

  /// Opens a directory (`config.json`, safetensors, sharded or not, or one GGUF model) or a GGUF file
  /// (split or not) and checks all headers.
  package static func open(path: String) throws(CheckpointError) -> ModelCheckpoint {
    try DirectoryReading.consistent(path) { (path) throws(CheckpointError) in
      try ModelDescription.open(path: path).checkpoint()
    }
  }

  package func contains(_ name: String) -> Bool { stored[name] != nil }

  /// Reads a whole tensor as Float, row-major.
  ///
  /// Throws `.missing` for an unknown name, `.shape` where the file's shape is not `expectedShape`
  /// or the output's size is not its product, `.unsupported` for a type that is not decoded.
  package func read(
    _ name: String, expectedShape: [Int], into output: UnsafeMutableBufferPointer<Float>
  ) throws(CheckpointError) {
    let tensor = try tensor(name, expectedShape)
    try tensor.read(rows: 0..<tensor.rowCount, into: output)
  }

  /// Reads some rows (of the outermost dimension): one large tensor can be read by several threads.
  package func read(
    _ name: String, expectedShape: [Int], rows: Range<Int>,
    into output: UnsafeMutableBufferPointer<Float>
  ) throws(CheckpointError) {
    try tensor(name, expectedShape).read(rows: rows, into: output)
  }

  /// Throws as `read` does, without reading.
  func requireReadable(_ name: String, _ shape: [Int]) throws(CheckpointError) {
    try tensor(name, shape).requireReadable()
  }

  private func tensor(
    _ name: String, _ expectedShape: [Int]
  ) throws(CheckpointError) -> StoredTensor {
    guard let tensor = stored[name] else {
      throw CheckpointError(.missing, file: path, tensor: name, "there is no such tensor")
    }
    guard tensor.shape == expectedShape else {
      throw tensor.failure(
        .shape, "expected shape \(expectedShape), found \(tensor.shape)")
    }
    return tensor
  }

  init(_ description: ModelDescription) throws(CheckpointError) {
    path = description.path
    configuration = description.configuration
    generationConfiguration = description.generationConfiguration
    let found: [(name: String, stored: StoredTensor)]
    switch description.source {
    case .configuration:
      throw CheckpointError(
        .unsupported, file: path,
        "a configuration without weights: write the path of its directory "
          + "(\(FileSystem.parent(of: path)))")
    case .directory(let directory):
      found = try SafetensorsIndex.tensors(inDirectory: directory).map { ($0.name, $0) }
      tokenizer = nil
    case .gguf(let model):
      found = model.tensors
      let hasTokenizer = model.gguf.metadata["tokenizer.ggml.model"] != nil
      tokenizer = hasTokenizer ? try GGUFTokenizerMetadata(model.gguf) : nil
    }
    tensors = found.map {
      TensorDescription(name: $0.name, shape: $0.stored.shape, storedType: $0.stored.type)
    }
    // Names are unique in a file, and no two of them map to one.
    stored = Dictionary(found.map { ($0.name, $0.stored) }, uniquingKeysWith: { first, _ in first })
  }
}
