import ArgumentParser
import LuffyOptions

extension ParsableArguments {
  /// The flags that were given, by the keys that they are named after, in the order of their declaration.
  var givenFlags: [ConfigurationValue.Member] {
    Mirror(reflecting: self).children.compactMap { child in
      guard let label = child.label, let value = (child.value as? any GivenFlag)?.given else {
        return nil
      }
      return ConfigurationValue.Member(key: Self.key(label), value: value)
    }
  }

  /// `_maxNewTokens`, the storage of a flag, belongs to the key `max_new_tokens`.
  private static func key(_ label: String) -> String {
    label.dropFirst().reduce(into: "") { key, character in
      key += character.isUppercase ? "_\(character.lowercased())" : String(character)
    }
  }
}

extension ConfigurationError {
  /// The message of a key that was given as a flag: it begins with the flag, not with the key.
  var asFlag: ConfigurationError {
    let key = description.prefix { $0 != ":" }
    let flag = "--" + String(key.map { $0 == "_" ? "-" : $0 })
    return ConfigurationError(flag + description.dropFirst(key.count))
  }
}

extension ArgumentHelp {
  /// What one of some keys means, with its default.
  static func key<Root>(
    _ name: String, _ keys: [ConfigurationKey<Root>], _ defaults: Root
  ) -> ArgumentHelp {
    guard let key = keys.first(where: { $0.name == name }) else { return "" }
    return .key(key.help, key.value(of: defaults))
  }

  /// What a key means, with its defaults.
  static func key(
    _ help: String, _ value: ConfigurationValue?, yours: String? = nil
  ) -> ArgumentHelp {
    let own: String? =
      switch value {
      case nil, .null, .bool(false): nil
      case .string(let text): text
      case .some(let value): value.description
      }
    let defaults = [own, yours.map { "with --model \($0)" }].compactMap { $0 }
    let shown = defaults.isEmpty ? "" : " (default: \(defaults.joined(separator: "; ")))"
    return ArgumentHelp(stringLiteral: "\(help).\(shown)")
  }
}

/// A flag that may have been given.
private protocol GivenFlag {
  /// Nil where it was not.
  var given: ConfigurationValue? { get }
}

extension Option: GivenFlag where Value: ConfigurationScalar {
  fileprivate var given: ConfigurationValue? {
    let value = wrappedValue.configurationValue
    return value == .null ? nil : value
  }
}

extension Flag: GivenFlag where Value: ConfigurationScalar {
  fileprivate var given: ConfigurationValue? {
    let value = wrappedValue.configurationValue
    return value == .null || (Value.self == Bool.self && value == .bool(false)) ? nil : value
  }
}
