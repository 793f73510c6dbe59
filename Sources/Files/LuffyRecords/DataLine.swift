import LuffyJSON
import LuffyCheckpoint

/// One line of a JSON Lines file that a user wrote. Its errors name file, line and field, what was expected and what
/// came.
package struct DataLine {
  package let path: String
  /// From 1.
  package let number: Int
  package let root: JSONNode

  /// Every line of a file that is not blank.
  package static func all(_ path: String) throws -> [DataLine] {
    try JSONLinesText(try FileSystem.contents(of: path)).map { line in
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

  package func text(_ key: String) throws -> String { try Self.text(key, of: root, failure) }

  package func optionalText(_ key: String) throws -> String? {
    try Self.optionalText(key, of: root, failure)
  }

  /// A text, or a number as it is written in decimal.
  package func value(_ key: String) throws -> String {
    guard let value = try optionalValue(key) else {
      throw failure("\"\(key)\": expected a text or a number, found nothing")
    }
    return value
  }

  package func optionalValue(_ key: String) throws -> String? {
    guard let node = root[key] else { return nil }
    if let text = node.string { return text }
    if let number = node.int { return String(number) }
    if let number = node.double { return String(number) }
    throw failure("\"\(key)\": expected a text or a number, found \(Self.name(node))")
  }

  package func number(_ key: String) throws -> Double {
    guard let node = root[key] else {
      throw failure("\"\(key)\": expected a number, found nothing")
    }
    guard let number = node.double else {
      throw failure("\"\(key)\": expected a number, found \(Self.name(node))")
    }
    return number
  }

  package func whole(_ key: String) throws -> Int {
    guard let node = root[key] else {
      throw failure("\"\(key)\": expected a whole number, found nothing")
    }
    guard let number = node.int else {
      throw failure("\"\(key)\": expected a whole number, found \(Self.name(node))")
    }
    return number
  }

  /// A list of numbers; nil where the key is absent.
  package func optionalNumbers(_ key: String) throws -> [Double]? {
    try optionalList(key, "numbers") { $0.double }
  }

  /// A list of texts; nil where the key is absent.
  package func optionalTexts(_ key: String) throws -> [String]? {
    try optionalList(key, "texts") { $0.string }
  }

  private func optionalList<Value>(
    _ key: String, _ what: String, _ read: (JSONNode) -> Value?
  ) throws -> [Value]? {
    guard let node = root[key] else { return nil }
    guard node.kind == .array else {
      throw failure("\"\(key)\": expected a list of \(what), found \(Self.name(node))")
    }
    return try node.elements.enumerated().map { index, element in
      guard let value = read(element) else {
        throw failure(
          "\"\(key)\"[\(index)]: expected one of a list of \(what), found \(Self.name(element))")
      }
      return value
    }
  }

  package func failure(_ reason: String) -> JSONLinesError {
    JSONLinesError(path: path, line: number, reason: reason)
  }

  package static func text(
    _ key: String, of node: JSONNode, _ failure: (String) -> JSONLinesError
  ) throws -> String {
    guard let text = try optionalText(key, of: node, failure) else {
      throw failure("\"\(key)\": expected a text, found nothing")
    }
    return text
  }

  package static func optionalText(
    _ key: String, of node: JSONNode, _ failure: (String) -> JSONLinesError
  ) throws -> String? {
    guard let found = node[key] else { return nil }
    guard let text = found.string else {
      throw failure("\"\(key)\": expected a text, found \(name(found))")
    }
    return text
  }

  /// What a value is, for a message.
  package static func name(_ node: JSONNode) -> String {
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
package struct JSONLinesError: Error, CustomStringConvertible {
  package let path: String
  package let line: Int
  package let reason: String

  package init(path: String, line: Int, reason: String) {
    self.path = path
    self.line = line
    self.reason = reason
  }

  package var description: String { "\(path), line \(line): \(reason)" }
}
