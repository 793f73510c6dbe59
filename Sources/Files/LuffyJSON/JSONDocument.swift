import CLuffyJSON

/// A text that is not JSON.
public struct JSONError: Error, CustomStringConvertible, Equatable {
  /// Where, counted in bytes from the start of the text.
  public let byte: Int
  public let reason: String
  /// The text may be right: there was no memory for its tree.
  public var isOutOfMemory: Bool { reason == "out of memory" }
  public var description: String { "JSON, byte \(byte): \(reason)" }
}

/// A parsed JSON text. The tree lives as long as the document or any node of it.
public final class JSONDocument: @unchecked Sendable {  // immutable after init
  let handle: OpaquePointer

  /// Parses strict JSON (UTF-8, nothing after it but white space).
  public init(parsing text: [UInt8]) throws(JSONError) {
    var offset = 0
    var reason: UnsafePointer<CChar>?
    let parsed = text.withUnsafeBytes { bytes -> OpaquePointer? in
      let start = bytes.bindMemory(to: CChar.self).baseAddress
      guard let start else { return nil }
      return luffyjson_parse(start, bytes.count, &offset, &reason)
    }
    guard let parsed else {
      throw JSONError(byte: offset, reason: reason.map { String(cString: $0) } ?? "empty text")
    }
    handle = parsed
  }

  public convenience init(parsing text: String) throws(JSONError) {
    try self.init(parsing: Array(text.utf8))
  }

  deinit { luffyjson_free(handle) }

  public var root: JSONNode { JSONNode(document: self, node: luffyjson_root(handle)) }
}

/// One value in a document. Accessors answer nil where the value is of another kind.
public struct JSONNode: @unchecked Sendable {  // reads an immutable tree
  let document: JSONDocument
  let node: luffyjson_node

  public enum Kind: Sendable { case null, bool, number, string, array, object }

  public var kind: Kind {
    switch luffyjson_kind_of(node) {
    case LUFFYJSON_BOOL: .bool
    case LUFFYJSON_NUMBER: .number
    case LUFFYJSON_STRING: .string
    case LUFFYJSON_ARRAY: .array
    case LUFFYJSON_OBJECT: .object
    default: .null
    }
  }

  public var isNull: Bool { kind == .null }
  public var bool: Bool? { kind == .bool ? luffyjson_bool(node) : nil }
  public var double: Double? { kind == .number ? luffyjson_double(node) : nil }

  public var int: Int? {
    var value: Int64 = 0
    return luffyjson_int64(node, &value) ? Int(exactly: value) : nil
  }

  public var uint64: UInt64? {
    var value: UInt64 = 0
    return luffyjson_uint64(node, &value) ? value : nil
  }

  public var string: String? {
    withUTF8 { String(decoding: $0, as: UTF8.self) }
  }

  /// The bytes of a string, without a copy.
  public func withUTF8<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R? {
    var length = 0
    guard let text = luffyjson_string(node, &length) else { return nil }
    return try text.withMemoryRebound(to: UInt8.self, capacity: length) {
      try body(UnsafeBufferPointer(start: $0, count: length))
    }
  }

  /// Elements of an array or members of an object; 0 for every other kind.
  public var count: Int { luffyjson_count(node) }

  /// The element of an array, nil past its end.
  public subscript(index: Int) -> JSONNode? {
    guard index >= 0, let child = luffyjson_element(node, index) else { return nil }
    return JSONNode(document: document, node: child)
  }

  /// The member of an object; nil where it is absent or null.
  public subscript(key: String) -> JSONNode? {
    var key = key
    let child = key.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        luffyjson_member(node, $0.baseAddress ?? emptyKey, $0.count)
      }
    }
    guard let child else { return nil }
    let found = JSONNode(document: document, node: child)
    return found.isNull ? nil : found
  }

  /// The elements of an array; empty for every other kind.
  public var elements: [JSONNode] { (0..<(kind == .array ? count : 0)).compactMap { self[$0] } }

  /// The members of an object in the text's order; empty for every other kind.
  public var members: [(key: String, value: JSONNode)] {
    (0..<(kind == .object ? count : 0)).compactMap { index in
      var key: UnsafePointer<CChar>?
      var length = 0
      guard let child = luffyjson_member_at(node, index, &key, &length), let key else { return nil }
      let name = key.withMemoryRebound(to: UInt8.self, capacity: length) {
        String(decoding: UnsafeBufferPointer(start: $0, count: length), as: UTF8.self)
      }
      return (name, JSONNode(document: document, node: child))
    }
  }
}

nonisolated(unsafe) private let emptyKey: UnsafePointer<CChar> = {
  let zero = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
  zero.initialize(to: 0)
  return UnsafePointer(zero)
}()
