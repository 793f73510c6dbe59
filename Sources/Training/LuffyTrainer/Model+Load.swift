internal import LuffyCheckpoint
internal import LuffyJSON
import LuffyKernels
public import LuffyModel
public import LuffyTensor

extension Model {
  /// Loads a Hugging Face directory (`config.json`, safetensors, sharded or not) or a `.gguf` file, split
  /// or not.
  ///
  /// Parameters become float32; `precision` is that of the matrix products. Everything that the files claim is checked
  /// before memory is taken for the parameters. What lies beside the weights is remembered: ids that end a rollout
  /// (`stopIDs`), the tokenizer's vocabulary (`limitsVocabulary`) and files (`save`).
  ///
  /// - Parameter allowsLongSequences: sequences of more tokens than `max_position_embeddings` are not refused.
  /// - Throws: `CheckpointError` naming the file, tensor and byte; `ModelError` naming the key.
  public static func load(
    path: String, precision: Precision = .float32, allowsLongSequences: Bool = false
  ) throws -> Model {
    let (checkpoint, found, companions) = try DirectoryReading.consistent(path) { path throws in
      let description = try ModelDescription.open(path: path)
      // Which model it is comes before whether its weights are there.
      _ = try ModelConfiguration(description, tiedByDefault: true)
      let checkpoint = try description.checkpoint()
      return (
        checkpoint, try ModelConfiguration(description, checkpoint),
        try ModelCompanions(checkpoint)
      )
    }
    var configuration = found
    if allowsLongSequences { configuration.allowsLongSequences = true }
    let model = try load(checkpoint, configuration, precision)
    model.companions = companions
    return model
  }

  private static func load(
    _ checkpoint: ModelCheckpoint, _ configuration: ModelConfiguration, _ precision: Precision
  ) throws -> Model {
    let embedding = ModelConfiguration.embeddingName
    let head = ModelConfiguration.headName
    // Of a tied pair a file may have stored the head only.
    let stored =
      configuration.tiedEmbeddings && !checkpoint.contains(embedding) && checkpoint.contains(head)
      ? head : embedding
    let entries = ParameterLayout(configuration).entries.map {
      (name: $0.name == embedding ? stored : $0.name, shape: $0.shape)
    }
    try checkpoint.requireExactly(entries, allowing: configuration.tiedEmbeddings ? [head] : [])
    let model = try Model(uninitialized: configuration, precision: precision)
    try model.read(checkpoint, names: entries.map(\.name))
    return model
  }

  /// Fills the parameters, in the layout's order, from tensors of these names.
  private func read(_ checkpoint: ModelCheckpoint, names: [String]) throws {
    let entries = layout.entries
    let failure = Guarded<CheckpointError?>(nil)
    Threads.pool.parallelFor(entries.count) { index in
      do throws(CheckpointError) {
        try checkpoint.read(
          names[index], expectedShape: entries[index].shape, into: span(entries[index]))
      } catch {
        failure.withLock { if $0 == nil { $0 = error } }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    parametersDidChange()
  }
}
