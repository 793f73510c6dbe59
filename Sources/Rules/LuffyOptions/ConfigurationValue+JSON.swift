package import LuffyJSON

extension ConfigurationValue {
  /// A JSON text; of two equal keys of an object the last counts.
  public init(json text: String, in place: String) throws {
    do throws(JSONError) { self.init(try JSONDocument(parsing: text).root) } catch {
      throw ConfigurationError("\(place)not JSON: \(error.reason), at byte \(error.byte)")
    }
  }

  package init(_ node: JSONNode) {
    switch node.kind {
    case .null: self = .null
    case .bool: self = .bool(node.bool ?? false)
    case .string: self = .string(node.string ?? "")
    case .array: self = .list(node.elements.map { ConfigurationValue($0) })
    case .object:
      self = .map(node.members.map { Member(key: $0.key, value: ConfigurationValue($0.value)) })
    case .number:
      if node.uint64 != nil || (node.double ?? 0) < 0, let number = node.int {
        self = .int(number)
      } else {
        self = .double(node.double ?? 0)
      }
    }
  }

  /// As JSON text in one line.
  public var json: String { text(pretty: false) }

  /// As a file that people read and change.
  public var prettyJSON: String { text(pretty: true) + "\n" }

  private func text(pretty: Bool) -> String {
    let writer = JSONWriter(pretty: pretty)
    write(to: writer)
    return writer.text
  }

  package func write(to writer: JSONWriter) {
    switch self {
    case .null: writer.null()
    case .bool(let flag): writer.write(flag)
    case .int(let number): writer.write(number)
    case .double(let number): writer.write(number)
    case .string(let text): writer.write(text)
    case .list(let items): writer.array { for item in items { item.write(to: writer) } }
    case .map(let members):
      writer.object {
        for member in members {
          writer.key(member.key)
          member.value.write(to: writer)
        }
      }
    }
  }
}
