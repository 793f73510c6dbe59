package import LuffyCheckpoint
internal import LuffyJSON
import LuffyKernels
public import LuffyModel
import Synchronization

extension Model {
  /// Loads a Hugging Face directory (`config.json`, safetensors, sharded or not) or a `.gguf` file into float32.
  ///
  /// - Throws: `CheckpointError` naming the file, tensor and byte; `ModelError` naming the key.
  public static func load(path: String) throws -> Model {
    let checkpoint = try ModelCheckpoint.open(path: path)
    return try load(checkpoint)
  }

  package static func load(_ checkpoint: ModelCheckpoint) throws -> Model {
    let hasHead = checkpoint.contains("lm_head.weight")
    let configuration = try ModelConfiguration(
      checkpoint.configuration.root, tiedByDefault: !hasHead)
    let model = try Model(uninitialized: configuration)
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
    return model
  }
}
