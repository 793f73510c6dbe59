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
      var limits = Limits(place: "\(path): ")
      throw ConfigurationError(
        "\(path): expected keys and values, found \(try value(root, &limits).description)")
    }
    var limits = Limits(place: "\(path): ")
    for (key, node) in mapping {
      let place = key.mark.map { "\(path):\($0.line): " } ?? "\(path): "
      try configuration.set(key.scalar?.string ?? "", try value(node, &limits), in: place)
    }
  }

  /// A file as one value; nothing where it is empty.
  static func read(_ path: String) throws -> ConfigurationValue {
    try parse(try text(path), in: "\(path): ")
  }

  private static func text(_ path: String) throws -> String {
    do { return try String(contentsOfFile: path, encoding: .utf8) } catch {
      throw ConfigurationError(PlainError.text(of: error))
    }
  }

  /// One value, as a flag may hold it.
  static func parse(_ text: String, in place: String) throws -> ConfigurationValue {
    var limits = Limits(place: place)
    return try document(text, in: place).map { try value($0, &limits) } ?? .null
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

  /// What a configuration may hold. Aliases of aliases make a short file a large one.
  private struct Limits {
    let place: String
    var values = 100_000
    var depth = 100
  }

  private static func value(_ node: Node, _ limits: inout Limits) throws -> ConfigurationValue {
    limits.values -= 1
    limits.depth -= 1
    defer { limits.depth += 1 }
    if limits.values < 0 || limits.depth < 0 {
      throw ConfigurationError(
        "\(limits.place)expected at most 100,000 values in 100 levels, aliases counted as often as they are used"
      )
    }
    switch node {
    case .scalar(let scalar):
      return scalar.style == .any || scalar.style == .plain
        ? plain(scalar.string) : .string(scalar.string)
    case .sequence(let items): return .list(try items.map { try value($0, &limits) })
    case .mapping(let pairs):
      return .map(
        try pairs.map {
          .init(key: $0.key.scalar?.string ?? "", value: try value($0.value, &limits))
        })
    case .alias: return .null
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
