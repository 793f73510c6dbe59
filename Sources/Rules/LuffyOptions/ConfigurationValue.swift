/// A value of a configuration file or of a command-line flag, before it has a type.
public indirect enum ConfigurationValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case list([ConfigurationValue])
  /// Members in the order of the file.
  case map([Member])

  public struct Member: Equatable, Sendable {
    public var key: String
    public var value: ConfigurationValue

    public init(key: String, value: ConfigurationValue) {
      self.key = key
      self.value = value
    }
  }

  /// The value of a member of a map; nil where there is none.
  public subscript(key: String) -> ConfigurationValue? {
    guard case .map(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// What it is, for a message: `text "fast"`.
  public var description: String {
    switch self {
    case .null: "nothing"
    case .bool(let flag): "\(flag)"
    case .int(let number): "\(number)"
    case .double(let number): "\(number)"
    case .string(let text): "the text \"\(text.count > 40 ? text.prefix(40) + "…" : text[...])\""
    case .list: "a list"
    case .map: "a map"
    }
  }
}
