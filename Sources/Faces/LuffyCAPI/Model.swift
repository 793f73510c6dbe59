import CLuffy
import CLuffyHost
import LuffyCheckpoint
import LuffyJSON
import LuffyModel
import LuffyTensor
import LuffyTrainer
import Synchronization

final class ModelHandle: Handle {
  static let tag = UInt64(LUFFY_MODEL_TAG)
  static let name = "luffy_model"

  let model: Model
  let access = Access("model")
  let cancellation = Cancellation()
  var cancellations: UnsafeMutablePointer<UInt64>? { cancellation.count }
  let configuration: CText
  /// Of the parameters, in their order.
  let names: [CText]
  /// `model.tokenCount`, readable while another call has the model.
  let tokenCount: Atomic<Int>

  init(_ model: Model) {
    self.model = model
    configuration = CText(model.configuration.huggingFaceJSON())
    names = model.parameterNames.map(CText.init)
    tokenCount = Atomic(model.tokenCount)
  }
}

extension luffy_model_options: VersionedStruct {
  static let typeName = "luffy_model_options"
  static var initial: Self {
    Self(
      struct_size: UInt32(size), dtype: Int32(LUFFY_DTYPE_FLOAT32), allow_long_sequences: 0,
      limit_vocabulary: 1)
  }

  func allowsLongSequences() throws(CallError) -> Bool {
    guard allow_long_sequences == 0 || allow_long_sequences == 1 else {
      throw CallError.invalid("allow_long_sequences is \(allow_long_sequences), expected 0 or 1")
    }
    return allow_long_sequences == 1
  }

  func limitsVocabulary() throws(CallError) -> Bool {
    guard limit_vocabulary == 0 || limit_vocabulary == 1 else {
      throw CallError.invalid("limit_vocabulary is \(limit_vocabulary), expected 0 or 1")
    }
    return limit_vocabulary == 1
  }

  /// Of the matrix products.
  func precision() throws(CallError) -> Precision { try LuffyCAPI.precision(dtype) }
}

/// A dtype of the header.
func precision(_ dtype: Int32) throws(CallError) -> Precision {
  switch Int(dtype) {
  case LUFFY_DTYPE_FLOAT32: return .float32
  case LUFFY_DTYPE_BFLOAT16: return .bfloat16
  default:
    throw CallError(LUFFY_ERROR_UNSUPPORTED, "dtype is \(dtype), expected LUFFY_DTYPE_…")
  }
}

@_cdecl("luffy_model_load") @implementation
public func luffy_model_load(
  _ path: UnsafePointer<CChar>?, _ options: UnsafePointer<luffy_model_options>?,
  _ model: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let out = try require(model, "model")
    let options = try luffy_model_options.read(options)
    let loaded = try Model.load(
      path: try text(path, "path"), precision: try options.precision(),
      allowsLongSequences: try options.allowsLongSequences())
    loaded.limitsVocabulary = try options.limitsVocabulary()
    out.pointee = ModelHandle(loaded).makeHandle()
  }
}

@_cdecl("luffy_model_create") @implementation
public func luffy_model_create(
  _ config: UnsafePointer<CChar>?, _ seed: UInt64, _ options: UnsafePointer<luffy_model_options>?,
  _ model: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let out = try require(model, "model")
    let options = try luffy_model_options.read(options)
    let json = try JSONDocument(parsing: try text(config, "config"))
    var configuration = try ModelConfiguration(json.root)
    if try options.allowsLongSequences() { configuration.allowsLongSequences = true }
    let created = try Model(
      configuration: configuration, seed: seed, precision: try options.precision())
    created.limitsVocabulary = try options.limitsVocabulary()
    out.pointee = ModelHandle(created).makeHandle()
  }
}

@_cdecl("luffy_model_destroy") @implementation
public func luffy_model_destroy(_ model: OpaquePointer?) { ModelHandle.destroy(model) }

@_cdecl("luffy_model_config") @implementation
public func luffy_model_config(_ model: OpaquePointer?) -> UnsafePointer<CChar>? {
  ModelHandle.find(model)?.configuration.pointer
}

@_cdecl("luffy_model_max_positions") @implementation
public func luffy_model_max_positions(_ model: OpaquePointer?) -> UInt64 {
  UInt64(clamping: ModelHandle.find(model)?.model.configuration.longestSequence ?? 0)
}
