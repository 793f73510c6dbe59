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

extension ArgumentHelp {
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
