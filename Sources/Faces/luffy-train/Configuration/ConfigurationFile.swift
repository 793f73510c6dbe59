import Foundation
import LuffyOptions
import LuffyRun
import Yams

/// Configurations as YAML.
///
/// Plain scalars are read by YAML 1.2's core rules: `null`, `~`, `true`, `false`, numbers, and text for everything
/// else; what is in quotes is text.
enum ConfigurationFile {
  /// Sets every key of a file.
  static func read(_ path: String, into configuration: inout RunConfiguration) throws {
    guard let root = try document(try text(path), in: "\(path): ") else { return }
    guard let mapping = root.mapping else {
      throw ConfigurationError(
        "\(path): expected keys and values, found \(value(root).description)")
    }
    for (key, node) in mapping {
      let place = key.mark.map { "\(path):\($0.line): " } ?? "\(path): "
      try configuration.set(key.scalar?.string ?? "", value(node), in: place)
    }
  }

  /// A file as one value; nothing where it is empty.
  static func read(_ path: String) throws -> ConfigurationValue {
    try document(try text(path), in: "\(path): ").map(value) ?? .null
  }

  private static func text(_ path: String) throws -> String {
    do { return try String(contentsOfFile: path, encoding: .utf8) } catch {
      throw ConfigurationError(PlainError.text(of: error))
    }
  }

  /// One value, as a flag may hold it.
  static func parse(_ text: String, in place: String) throws -> ConfigurationValue {
    try document(text, in: place).map(value) ?? .null
  }

  /// A map as a file that `read` reads back.
  static func text(_ value: ConfigurationValue) throws -> String {
    try Yams.serialize(node: node(value), width: -1, allowUnicode: true)
  }

  private static func document(_ text: String, in place: String) throws -> Node? {
    do { return try Yams.compose(yaml: text) } catch {
      let lines = "\(error)".split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      throw ConfigurationError("\(place)not YAML: \(lines.joined(separator: " "))")
    }
  }

  private static func value(_ node: Node) -> ConfigurationValue {
    switch node {
    case .scalar(let scalar):
      scalar.style == .any || scalar.style == .plain ? plain(scalar.string) : .string(scalar.string)
    case .sequence(let items): .list(items.map(value))
    case .mapping(let pairs):
      .map(pairs.map { .init(key: $0.key.scalar?.string ?? "", value: value($0.value)) })
    case .alias: .null
    }
  }

  private static func plain(_ text: String) -> ConfigurationValue {
    switch text {
    case "", "~", "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    default:
      guard let first = text.first(where: { $0 != "-" && $0 != "+" }), first.isASCII,
        first.isNumber || first == "."
      else { return .string(text) }
      if let number = Int(text) { return .int(number) }
      return Double(text).map { .double($0) } ?? .string(text)
    }
  }

  private static func node(_ value: ConfigurationValue) -> Node {
    switch value {
    case .null: Node("null", .implicit, .plain)
    case .bool(let flag): Node("\(flag)", .implicit, .plain)
    case .int(let number): Node("\(number)", .implicit, .plain)
    case .double(let number): Node("\(number)", .implicit, .plain)
    case .string(let text):
      Node(text, .implicit, plain(text) == .string(text) ? .any : .doubleQuoted)
    case .list(let items): Node(items.map(node))
    case .map(let members): Node(members.map { (Node($0.key), node($0.value)) })
    }
  }
}
