internal import LuffyCheckpoint
internal import LuffyJSON
public import LuffyModel

extension ModelConfiguration {
  /// Of a model on disk, whose weights are not read: a directory, a `.gguf` file, or a `config.json`, whose weights need
  /// not be there.
  public static func load(path: String) throws -> ModelConfiguration {
    try DirectoryReading.consistent(path) { path throws in try opened(path) }
  }

  private static func opened(_ path: String) throws -> ModelConfiguration {
    let description = try ModelDescription.open(path: path)
    // Where the configuration does not say, the weights do; without them, transformers' default.
    let configuration = try ModelConfiguration(description, tiedByDefault: false)
    guard description.configuration.root["tie_word_embeddings"] == nil,
      let checkpoint = try? description.checkpoint()
    else { return configuration }
    return try ModelConfiguration(description, checkpoint)
  }

  static let embeddingName = "model.embed_tokens.weight"
  static let headName = "lm_head.weight"

  /// Of a model with its weights: a head that differs from the embedding is a weight of its own, whatever the
  /// configuration says.
  init(_ description: ModelDescription, _ checkpoint: ModelCheckpoint) throws {
    let hasHead = checkpoint.contains(Self.headName)
    try self.init(description, tiedByDefault: !hasHead)
    if tiedEmbeddings, hasHead, checkpoint.contains(Self.embeddingName) {
      tiedEmbeddings = try checkpoint.areEqual(Self.embeddingName, Self.headName)
    }
  }

  /// Errors name the file.
  init(_ description: ModelDescription, tiedByDefault: Bool) throws {
    do throws(ModelError) {
      try self.init(description.configuration.root, tiedByDefault: tiedByDefault)
    } catch {
      throw error.inFile(description.configurationFile)
    }
  }
}

extension ModelError {
  /// The same, with the file before the text of what is wrong in it.
  fileprivate func inFile(_ path: String) -> ModelError {
    switch self {
    case .configuration(let text): .configuration("\(path): \(text)")
    case .unsupported(let text): .unsupported("\(path): \(text)")
    default: self
    }
  }
}
