import CLuffy
import LuffyJSON
import LuffyObjective
import LuffyTrainer

final class ObjectiveHandle: Handle {
  static let tag: UInt64 = 0x6c75_6666_796f_626a
  static let name = "luffy_objective"

  let access = Access("objective")
  private(set) var named: NamedObjective

  init(_ named: NamedObjective) { self.named = named }

  /// All of the change, or none of it.
  func change(_ body: (inout NamedObjective) throws -> Void) throws {
    try access.exclusive {
      var changed = named
      try body(&changed)
      _ = try changed.makeObjective()
      named = changed
    }
  }
}

@_cdecl("luffy_objective_create") @implementation
public func luffy_objective_create(
  _ preset: UnsafePointer<CChar>?, _ objective: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let out = try require(objective, "objective")
    let name = preset.map { String(cString: $0) } ?? "luffy"
    guard let named = NamedObjective(preset: name) else {
      throw CallError.invalid(
        "the preset \"\(name)\" is not one of "
          + NamedObjective.presetNames.joined(separator: ", "))
    }
    out.pointee = ObjectiveHandle(named).makeHandle()
  }
}

@_cdecl("luffy_objective_destroy") @implementation
public func luffy_objective_destroy(_ objective: OpaquePointer?) {
  ObjectiveHandle.destroy(objective)
}

@_cdecl("luffy_objective_set") @implementation
public func luffy_objective_set(
  _ objective: OpaquePointer?, _ key: UnsafePointer<CChar>?, _ value: UnsafePointer<CChar>?
) -> luffy_status {
  call {
    let handle = try ObjectiveHandle.require(objective)
    let key = try text(key, "key")
    let value = try optionValue(try text(value, "value"))
    try handle.change { try $0.set(key, value.root) }
  }
}

@_cdecl("luffy_objective_configure") @implementation
public func luffy_objective_configure(
  _ objective: OpaquePointer?, _ options: UnsafePointer<CChar>?
) -> luffy_status {
  call {
    let handle = try ObjectiveHandle.require(objective)
    let json = try JSONDocument(parsing: try text(options, "options"))
    try handle.change { try $0.set(json.root) }
  }
}

/// JSON, or else the text itself.
private func optionValue(_ text: String) throws(JSONError) -> JSONDocument {
  if let document = try? JSONDocument(parsing: text) { return document }
  let writer = JSONWriter()
  writer.write(text)
  return try JSONDocument(parsing: writer.text)
}

@_cdecl("luffy_objective_options") @implementation
public func luffy_objective_options(
  _ objective: OpaquePointer?, _ text: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ length: UnsafeMutablePointer<Int>?
) -> luffy_status {
  call {
    let handle = try ObjectiveHandle.require(objective)
    let named = try handle.access.shared { handle.named }
    let writer = JSONWriter()
    writer.object { named.write(writer) }
    try give(text: Array(writer.text.utf8), text, capacity, length)
  }
}
