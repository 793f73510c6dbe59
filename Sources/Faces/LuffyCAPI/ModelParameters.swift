import CLuffy
import LuffyModel
import LuffyTensor

extension luffy_parameter: VersionedStruct {
  static let typeName = "luffy_parameter"
  static var initial: Self {
    Self(struct_size: UInt32(size), rank: 0, count: 0, shape: (0, 0, 0, 0), name: nil)
  }
}

@_cdecl("luffy_model_parameter_count") @implementation
public func luffy_model_parameter_count(_ model: OpaquePointer?) -> Int {
  ModelHandle.find(model)?.names.count ?? 0
}

@_cdecl("luffy_model_parameter_info") @implementation
public func luffy_model_parameter_info(
  _ model: OpaquePointer?, _ index: Int, _ parameter: UnsafeMutablePointer<luffy_parameter>?
) -> luffy_status {
  call {
    let handle = try ModelHandle.require(model)
    guard handle.names.indices.contains(index) else {
      throw CallError.invalid(
        "index is \(UInt(bitPattern: index)), the model has \(handle.names.count) parameters")
    }
    let entry = handle.model.layout.entries[index]
    let shape = entry.shape.map(UInt64.init) + [1, 1, 1, 1]
    var result = luffy_parameter.initial
    result.rank = UInt32(entry.shape.count)
    result.count = UInt64(entry.count)
    result.shape = (shape[0], shape[1], shape[2], shape[3])
    result.name = handle.names[index].pointer
    try result.write(parameter, "parameter")
  }
}

extension ModelHandle {
  /// A parameter's place in the flat stores. `count` is what the caller takes its size for.
  fileprivate func entry(
    _ name: UnsafePointer<CChar>?, _ count: Int
  ) throws -> ParameterLayout.Entry {
    let entry = try model.entry(try text(name, "name"))
    if entry.count != count {
      throw CallError(
        LUFFY_ERROR_SHAPE,
        "\(entry.name) has \(entry.count) elements, count is \(UInt(bitPattern: count))")
    }
    return entry
  }
}

@_cdecl("luffy_model_parameter") @implementation
public func luffy_model_parameter(
  _ model: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ values: UnsafeMutablePointer<Float>?,
  _ count: Int
) -> luffy_status {
  call {
    let handle = try ModelHandle.require(model)
    let entry = try handle.entry(name, count)
    let values = try require(values, "values")
    try handle.access.shared {
      values.update(from: handle.model.values.pointer + entry.offset, count: count)
    }
  }
}

@_cdecl("luffy_model_set_parameter") @implementation
public func luffy_model_set_parameter(
  _ model: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ values: UnsafePointer<Float>?,
  _ count: Int
) -> luffy_status {
  call {
    let handle = try ModelHandle.require(model)
    let entry = try handle.entry(name, count)
    let values = try require(values, "values")
    try handle.access.exclusive {
      (handle.model.values.pointer + entry.offset).update(from: values, count: count)
      handle.model.parametersDidChange()
    }
  }
}

@_cdecl("luffy_model_gradient") @implementation
public func luffy_model_gradient(
  _ model: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ values: UnsafeMutablePointer<Float>?,
  _ count: Int
) -> luffy_status {
  call {
    let handle = try ModelHandle.require(model)
    let entry = try handle.entry(name, count)
    let values = try require(values, "values")
    try handle.access.shared {
      values.update(from: try handle.model.gradients() + entry.offset, count: count)
    }
  }
}

@_cdecl("luffy_model_zero_gradients") @implementation
public func luffy_model_zero_gradients(_ model: OpaquePointer?) -> luffy_status {
  call {
    let handle = try ModelHandle.require(model)
    try handle.access.exclusive { try handle.model.zeroGradients() }
  }
}
