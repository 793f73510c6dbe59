import Foundation
import LuffyJSON

/// One line of a JSON Lines file that a user wrote. Its errors name file, line and field, what was expected and what
/// came.
struct DataLine {
  let path: String
  /// From 1.
  let number: Int
  let root: JSONNode

  /// Every line of a file that is not blank.
  static func all(_ path: String) throws -> [DataLine] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw RunError("\(path): cannot be read")
    }
    return try JSONLinesText(Array(data)).map { line in
      let root: JSONNode
      do throws(JSONError) { root = try line.document().root } catch {
        throw JSONLinesError(
          path: path, line: line.number,
          reason: "\(error.reason), at byte \(error.byte) of the line")
      }
      let found = DataLine(path: path, number: line.number, root: root)
      if root.kind != .object { throw found.failure("expected an object, found \(name(root))") }
      return found
    }
  }

  func text(_ key: String) throws -> String { try Self.text(key, of: root, failure) }

  func optionalText(_ key: String) throws -> String? {
    try Self.optionalText(key, of: root, failure)
  }

  /// A text, or a number as it is written in decimal.
  func value(_ key: String) throws -> String {
    guard let value = try optionalValue(key) else {
      throw failure("\"\(key)\": expected a text or a number, found nothing")
    }
    return value
  }

  func optionalValue(_ key: String) throws -> String? {
    guard let node = root[key] else { return nil }
    if let text = node.string { return text }
    if let number = node.int { return String(number) }
    if let number = node.double { return String(number) }
    throw failure("\"\(key)\": expected a text or a number, found \(Self.name(node))")
  }

  func failure(_ reason: String) -> JSONLinesError {
    JSONLinesError(path: path, line: number, reason: reason)
  }

  static func text(
    _ key: String, of node: JSONNode, _ failure: (String) -> JSONLinesError
  ) throws -> String {
    guard let text = try optionalText(key, of: node, failure) else {
      throw failure("\"\(key)\": expected a text, found nothing")
    }
    return text
  }

  static func optionalText(
    _ key: String, of node: JSONNode, _ failure: (String) -> JSONLinesError
  ) throws -> String? {
    guard let found = node[key] else { return nil }
    guard let text = found.string else {
      throw failure("\"\(key)\": expected a text, found \(name(found))")
    }
    return text
  }

  /// What a value is, for a message.
  static func name(_ node: JSONNode) -> String {
    switch node.kind {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

/// A line that could not be read.
struct JSONLinesError: Error, CustomStringConvertible {
  let path: String
  let line: Int
  let reason: String
  var description: String { "\(path), line \(line): \(reason)" }
}
