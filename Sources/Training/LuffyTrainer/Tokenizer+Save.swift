internal import LuffyCheckpoint
public import LuffyTokenizer

extension Tokenizer {
  /// Writes the tokenizer's files into a directory, which is made where it is missing. Files of another tokenizer there go.
  ///
  /// Each file is replaced as a whole. `tokenizer.json` comes last, so that a reader meets it with the files beside it.
  ///
  /// - Throws: a `CheckpointError` where the operating system refuses.
  public func save(directory: String) throws {
    try FileSystem.createDirectory(directory)
    let files = documents.files()
    for name in TokenizerDocuments.names where !files.contains(where: { $0.name == name }) {
      try FileSystem.remove(FileSystem.join(directory, name))
    }
    for file in files.reversed() {
      try FileSystem.replace(FileSystem.join(directory, file.name), with: file.bytes)
    }
  }
}
