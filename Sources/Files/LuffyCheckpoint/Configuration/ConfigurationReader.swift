import LuffyJSON
import LuffyModel

/// Typed reads of a configuration, with errors that name the key.
struct ConfigurationReader {
  let json: JSONNode

  init(_ json: JSONNode) throws(ModelError) {
    if json.kind != .object { throw .configuration("expected a JSON object") }
    self.json = json
  }

  func integer(_ key: String, default fallback: Int? = nil) throws(ModelError) -> Int {
    guard let node = json[key] else {
      if let fallback { return fallback }
      throw .configuration("\(key) is missing, expected an integer")
    }
    guard let value = node.int else { throw .configuration("\(key) is not an integer") }
    return value
  }

  func number(_ key: String, default fallback: Double) throws(ModelError) -> Double {
    try Self.number(json, key) ?? fallback
  }

  func boolean(_ key: String, default fallback: Bool) throws(ModelError) -> Bool {
    guard let node = json[key] else { return fallback }
    guard let value = node.bool else { throw .configuration("\(key) is not true or false") }
    return value
  }

  func tokenIDs(_ key: String) throws(ModelError) -> [Int32] {
    guard let node = json[key] else { return [] }
    let nodes = node.kind == .array ? node.elements : [node]
    var ids: [Int32] = []
    for node in nodes {
      guard let value = node.int, let id = Int32(exactly: value) else {
        throw .configuration("\(key) is not a token id or a list of them")
      }
      ids.append(id)
    }
    return ids
  }

  static func number(_ node: JSONNode, _ key: String) throws(ModelError) -> Double? {
    guard let value = node[key] else { return nil }
    guard let number = value.double else { throw .configuration("\(key) is not a number") }
    return number
  }

  /// A finite number above zero that must be there.
  static func positive(_ node: JSONNode, _ key: String) throws(ModelError) -> Double {
    guard let value = try number(node, key), value > 0, value.isFinite else {
      throw .configuration("rope scaling: \(key) is missing or not positive")
    }
    return value
  }

  /// A text as it may appear in a message: bounded, since a hostile file can make it long.
  static func excerpt(_ text: String) -> String {
    text.utf8.count <= 100 ? text : "\(text.prefix(50))…"
  }
}
