internal import LuffyCheckpoint
internal import LuffyJSON
import LuffyModel
import LuffyTensor

/// States of adapted models: adapters without the base, which is told by a checksum.
extension Trainer {
  static let adaptersName = "adapters"
  static let baseName = "base_checksum"

  func addWeights(to writer: StateArchiveWriter) throws {
    guard model.adapterOptions != nil else {
      return try writer.add("weights", UnsafeBufferPointer(model.values.span))
    }
    try writer.add(Self.adaptersName, UnsafeBufferPointer(model.trainedSpan))
    try writer.add(Self.baseName, [model.baseChecksum])
  }

  /// A saved model's weights as they are, or the adapters of a state on the base that they were trained on.
  static func weighted(
    _ archive: StateArchive, _ saved: AdapterOptions?, _ configuration: ModelConfiguration,
    _ precision: Precision, base: Model?
  ) throws -> Model {
    guard let saved else {
      if base != nil {
        throw TrainerError.state("it holds a whole model: load it without a base")
      }
      let model = try Model(uninitialized: configuration, precision: precision)
      try archive.read("weights", into: model.values.span)
      model.parametersDidChange()
      return model
    }
    guard let base else {
      throw TrainerError.state(
        "it holds adapters without their base: pass the model that they were made on as base")
    }
    guard base.configuration.huggingFaceJSON() == configuration.huggingFaceJSON() else {
      throw TrainerError.state(
        "its adapters were made on a model of another configuration than the base given")
    }
    guard base.precision == precision else {
      throw TrainerError.state(
        "its adapters were trained in \(precision.rawValue), the base given is loaded in "
          + "\(base.precision.rawValue): load the base in \(precision.rawValue)")
    }
    guard try archive.words(baseName) == [base.baseChecksum] else {
      throw TrainerError.state(
        "its adapters were made on other weights than those of the base given: give the model that they were made on"
      )
    }
    let model = try Model(adapting: base, saved)
    try archive.read(adaptersName, into: model.trainedSpan)
    model.parametersDidChange()
    return model
  }
}

extension Model {
  /// Of the float32 parameters without adapters.
  fileprivate var baseChecksum: UInt64 {
    XXH64.hash(UnsafeRawBufferPointer(UnsafeBufferPointer(values.span)))
  }
}
