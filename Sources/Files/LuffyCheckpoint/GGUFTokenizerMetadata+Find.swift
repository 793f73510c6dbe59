extension GGUFTokenizerMetadata {
  /// The tokenizer inside a GGUF model: of a GGUF file, which is known by its first bytes (of a split model any part), or
  /// of a directory without tokenizer.json whose only model is a GGUF file. Nil for everything else.
  package static func find(path: String) throws(CheckpointError) -> GGUFTokenizerMetadata? {
    guard let path = try file(path: path) else { return nil }
    let file = try GGUFSplit.open(path: path)
    guard file.metadata["tokenizer.ggml.model"] != nil else {
      throw CheckpointError(.missing, file: path, "the file has no tokenizer")
    }
    return try GGUFTokenizerMetadata(file)
  }

  /// The GGUF file that `find` reads; nil where it is none.
  package static func file(path: String) throws(CheckpointError) -> String? {
    guard FileSystem.isDirectory(path) else { return GGUFFile.isOne(path: path) ? path : nil }
    let directory = try ModelDirectory(path)
    return directory.names.contains("tokenizer.json") ? nil : try directory.onlyGGUF()
  }
}
