package import LuffyCheckpoint
internal import LuffyJSON
import LuffyKernels
public import LuffyModel
public import LuffyTensor
import Synchronization

extension Model {
  /// Loads a Hugging Face directory (`config.json`, safetensors, sharded or not) or a `.gguf` file.
  ///
  /// Parameters become float32; `precision` is that of the matrix products. What lies beside the weights is
  /// remembered: ids that end a rollout (`stopIDs`), the tokenizer's vocabulary (`limitsVocabulary`) and files (`save`).
  ///
  /// - Throws: `CheckpointError` naming the file, tensor and byte; `ModelError` naming the key.
  public static func load(path: String, precision: Precision = .float32) throws -> Model {
    try load(try ModelCheckpoint.open(path: path), precision: precision)
  }

  package static func load(
    _ checkpoint: ModelCheckpoint, precision: Precision = .float32
  ) throws -> Model {
    let configuration = try ModelConfiguration(checkpoint)
    let model = try Model(uninitialized: configuration, precision: precision)
    let entries = model.layout.entries
    let failure = Mutex<CheckpointError?>(nil)
    Threads.pool.parallelFor(entries.count) { index in
      do throws(CheckpointError) {
        try checkpoint.read(
          entries[index].name, expectedShape: entries[index].shape, into: model.span(entries[index])
        )
      } catch {
        failure.withLock { if $0 == nil { $0 = error } }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    model.parametersDidChange()
    model.companions = try ModelCompanions(checkpoint)
    return model
  }
}

extension ModelConfiguration {
  /// Of a model on disk, whose weights are not read.
  public static func load(path: String) throws -> ModelConfiguration {
    try ModelConfiguration(try ModelCheckpoint.open(path: path))
  }

  init(_ checkpoint: ModelCheckpoint) throws {
    try self.init(
      checkpoint.configuration.root, tiedByDefault: !checkpoint.contains("lm_head.weight"))
  }
}
