import Glibc
import LuffyJSON

/// Saves a model as a Hugging Face directory that transformers loads: `config.json`,
/// `generation_config.json`, and `model.safetensors` or shards with an index.
///
/// The directory appears whole or not at all (`DirectoryReplacement`). Files that this does not write
/// stay; weights of an earlier save in another sharding, and files of another tokenizer where there is one, end with it.
package struct ModelDirectoryWriter {
  package let directory: String
  package let configuration: JSONDocument
  package let generationConfiguration: JSONDocument?
  /// Names, shapes and stored types (F32 or BF16), in the order of the file.
  package let tensors: [TensorDescription]
  /// No file holds more bytes of tensors than this, unless one tensor alone does.
  package let shardLimit: Int
  /// Files that are written beside the weights as they are, and every name that such a file may have: those of an
  /// earlier set go.
  package let documents: [Document]
  package let documentNames: [String]

  package struct Document: Sendable {
    let name: String
    let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  package init(
    directory: String, configuration: JSONDocument, generationConfiguration: JSONDocument?,
    tensors: [TensorDescription], shardLimit: Int = 4 << 30, documents: [Document] = [],
    documentNames: [String] = []
  ) {
    self.directory = directory
    self.configuration = configuration
    self.generationConfiguration = generationConfiguration
    self.tensors = tensors
    self.shardLimit = shardLimit
    self.documents = documents
    self.documentNames = documentNames
  }

  /// Calls `values` once a tensor, in order; it passes the elements, row-major, whole or in pieces,
  /// to its writer.
  package func save(
    _ values: (
      _ name: String, _ write: (UnsafeBufferPointer<Float>) throws(CheckpointError) -> Void
    ) throws -> Void
  ) throws {
    let shards = try shards()
    let replacement = try DirectoryReplacement(
      of: directory, mayReplaceFiles: true, isOwned: isOwned)
    for (index, shard) in shards.enumerated() {
      let name = Self.shardName(index, of: shards.count)
      let writer = try SafetensorsWriter(
        creating: replacement.file(name), tensors: shard)
      for tensor in shard where !tensor.shape.contains(0) {
        try values(tensor.name) { piece throws(CheckpointError) in
          try writer.write(tensor.name, piece)
        }
      }
      try writer.finish()
    }
    if shards.count > 1 {
      try FileSystem.create(
        replacement.file(SafetensorsIndex.indexName), with: try index(shards))
    }
    try FileSystem.create(replacement.file("config.json"), with: try configurationText())
    if let generationConfiguration {
      let writer = JSONWriter(pretty: true)
      guard writer.write(copying: generationConfiguration.root) else { throw tooDeep }
      try FileSystem.create(
        replacement.file("generation_config.json"), with: try writer.text(of: directory) + "\n")
    }
    for document in documents {
      try FileSystem.create(replacement.file(document.name), with: document.bytes)
    }
    try replacement.commit()
  }

  /// Names that end with the earlier save. Where there are no documents, files of their names stay.
  private func isOwned(_ name: String) -> Bool {
    Self.isWeights(name) || (!documents.isEmpty && documentNames.contains(name))
  }

  static func shardName(_ index: Int, of count: Int) -> String {
    if count == 1 { return SafetensorsIndex.singleName }
    func digits(_ number: Int) -> String {
      let text = "\(number)"
      return String(repeating: "0", count: max(0, 5 - text.count)) + text
    }
    return "model-\(digits(index + 1))-of-\(digits(count)).safetensors"
  }

  /// Fills files in order up to the limit. At least one, perhaps empty.
  private func shards() throws(CheckpointError) -> [[TensorDescription]] {
    var shards: [[TensorDescription]] = [[]]
    var size = 0
    for tensor in tensors {
      let bytes = try byteCount(tensor)
      if bytes > shardLimit - size, !shards[shards.count - 1].isEmpty {
        shards.append([])
        size = 0
      }
      shards[shards.count - 1].append(tensor)
      size = min(size + min(bytes, shardLimit), shardLimit)
    }
    return shards
  }

  private func byteCount(_ tensor: TensorDescription) throws(CheckpointError) -> Int {
    guard let bytes = tensor.storedType.byteCount(shape: tensor.shape) else {
      throw CheckpointError(
        .shape, file: directory, tensor: tensor.name, "shape \(tensor.shape) has no size")
    }
    return bytes
  }

  private func index(_ shards: [[TensorDescription]]) throws(CheckpointError) -> String {
    var total = 0
    for tensor in tensors { total += try byteCount(tensor) }
    let writer = JSONWriter(pretty: true)
    writer.object {
      writer.key("metadata")
      writer.object {
        writer.member("total_size", total)
      }
      writer.key("weight_map")
      writer.object {
        for (index, shard) in shards.enumerated() {
          for tensor in shard {
            writer.member(tensor.name, Self.shardName(index, of: shards.count))
          }
        }
      }
    }
    return try writer.text(of: directory) + "\n"
  }

  /// The configuration with the type that the weights are stored in: readers convert to what it
  /// says.
  private func configurationText() throws(CheckpointError) -> String {
    let writer = JSONWriter(pretty: true)
    var whole = true
    writer.object {
      for (key, value) in configuration.root.members
      where key != "dtype" && key != "torch_dtype" {
        writer.key(key)
        if !writer.write(copying: value) { whole = false }
      }
      let isSingle = tensors.contains { $0.storedType == .f32 }
      writer.member("torch_dtype", isSingle ? "float32" : "bfloat16")
    }
    guard whole else { throw tooDeep }
    return try writer.text(of: directory) + "\n"
  }

  private var tooDeep: CheckpointError {
    CheckpointError(.unsupported, file: directory, "a configuration nested beyond reason")
  }

  /// Weight files of the two standard names, and their index.
  private static func isWeights(_ name: String) -> Bool {
    let isShard =
      name.hasPrefix("model-") && name.hasSuffix(".safetensors") && name.contains("-of-")
    return isShard || name == SafetensorsIndex.singleName || name == SafetensorsIndex.indexName
  }
}
