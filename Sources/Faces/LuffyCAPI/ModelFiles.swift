import CLuffy
import LuffyModel
import LuffyTokenizer
import LuffyTrainer
import Synchronization

extension luffy_save_options: VersionedStruct {
  static let typeName = "luffy_save_options"
  static var initial: Self {
    Self(struct_size: UInt32(size), dtype: Int32(LUFFY_DTYPE_FLOAT32), tokenizer: nil)
  }
}

@_cdecl("luffy_model_save") @implementation
public func luffy_model_save(
  _ model: OpaquePointer?, _ directory: UnsafePointer<CChar>?
) -> luffy_status { luffy_model_save_with(model, directory, nil) }

@_cdecl("luffy_model_save_with") @implementation
public func luffy_model_save_with(
  _ model: OpaquePointer?, _ directory: UnsafePointer<CChar>?,
  _ options: UnsafePointer<luffy_save_options>?
) -> luffy_status {
  call {
    let handle = try ModelHandle.require(model)
    let directory = try text(directory, "directory")
    let options = try luffy_save_options.read(options)
    let stored = try precision(options.dtype)
    let tokenizer = try TokenizerHandle.optional(options.tokenizer)
    try handle.access.shared {
      try handle.model.save(directory: directory, as: stored, tokenizer: tokenizer)
    }
  }
}

@_cdecl("luffy_model_stop_ids") @implementation
public func luffy_model_stop_ids(
  _ model: OpaquePointer?, _ ids: UnsafeMutablePointer<Int32>?, _ capacity: Int,
  _ length: UnsafeMutablePointer<Int>?
) -> luffy_status {
  call {
    let handle = try ModelHandle.require(model)
    let found = try handle.access.shared { handle.model.stopIDs }
    try give(found, ids, capacity, length)
  }
}

@_cdecl("luffy_model_set_tokenizer") @implementation
public func luffy_model_set_tokenizer(
  _ model: OpaquePointer?, _ tokenizer: OpaquePointer?
) -> luffy_status {
  call {
    let handle = try ModelHandle.require(model)
    let tokenizer = try TokenizerHandle.optional(tokenizer)
    try handle.access.exclusive {
      try handle.model.use(tokenizer)
      handle.tokenCount.store(handle.model.tokenCount, ordering: .relaxed)
    }
  }
}

@_cdecl("luffy_model_limit_vocabulary") @implementation
public func luffy_model_limit_vocabulary(_ model: OpaquePointer?, _ on: Int32) -> luffy_status {
  call {
    let handle = try ModelHandle.require(model)
    try handle.access.exclusive {
      handle.model.limitsVocabulary = on != 0
      handle.tokenCount.store(handle.model.tokenCount, ordering: .relaxed)
    }
  }
}

@_cdecl("luffy_model_token_count") @implementation
public func luffy_model_token_count(_ model: OpaquePointer?) -> Int32 {
  Int32(clamping: ModelHandle.find(model)?.tokenCount.load(ordering: .relaxed) ?? 0)
}
