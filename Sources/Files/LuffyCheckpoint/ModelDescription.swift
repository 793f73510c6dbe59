import LuffyJSON

/// What a path says of a model before its weights are opened: a Hugging Face directory, its `config.json` alone, or a GGUF
/// file.
package struct ModelDescription: Sendable {
  package let path: String
  /// In Hugging Face's layout; made from the metadata for a GGUF file.
  package let configuration: JSONDocument
  package let generationConfiguration: JSONDocument?
  /// The file that the configuration is from, for messages.
  package let configurationFile: String
  let source: Source

  enum Source: Sendable {
    case directory(String)
    /// A path to `config.json`.
    case configuration
    case gguf(GGUFModel)
  }

  /// Weights of a directory are not looked at: they need not be there.
  package static func open(path: String) throws(CheckpointError) -> ModelDescription {
    switch try ModelLocation.find(path) {
    case .gguf(let file): try ModelDescription(gguf: file, path: path)
    case .directory(let directory):
      try ModelDescription(
        path, "\(directory)/config.json", .directory(directory),
        generation: "\(directory)/generation_config.json")
    case .configuration(let file):
      try ModelDescription(
        path, file, .configuration,
        generation: "\(FileSystem.parent(of: file))/generation_config.json")
    }
  }

  /// Opens the weights and checks all headers.
  package func checkpoint() throws(CheckpointError) -> ModelCheckpoint {
    try ModelCheckpoint(self)
  }

  private init(
    _ path: String, _ configurationFile: String, _ source: Source, generation: String
  ) throws(CheckpointError) {
    self.path = path
    self.configurationFile = configurationFile
    self.source = source
    configuration = try ModelCheckpoint.document(configurationFile)
    do {
      generationConfiguration = try ModelCheckpoint.document(generation)
    } catch  where error.kind == .missing {
      generationConfiguration = nil
    }
  }

  private init(gguf file: String, path: String) throws(CheckpointError) {
    self.path = path
    configurationFile = file
    let model = try GGUFModel(try GGUFSplit.open(path: file))
    source = .gguf(model)
    configuration = try ModelCheckpoint.parse(Array(try model.configuration().utf8), file: file)
    generationConfiguration = try model.generationConfiguration().map {
      text throws(CheckpointError) in
      try ModelCheckpoint.parse(Array(text.utf8), file: file)
    }
  }
}
