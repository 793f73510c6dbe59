/// A value of a configuration file or of a command-line flag, before it has a type.
indirect enum ConfigurationValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case list([ConfigurationValue])
  /// Members in the order of the file.
  case map([Member])

  struct Member: Equatable, Sendable {
    var key: String
    var value: ConfigurationValue
  }

  /// What it is, for a message: `text "fast"`.
  var description: String {
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

/// A type that a configuration key may have.
protocol ConfigurationScalar: Sendable {
  /// For a message: "a whole number".
  static var expected: String { get }
  /// Nil where the value is of another type.
  init?(_ value: ConfigurationValue)
  var configurationValue: ConfigurationValue { get }
}

extension Bool: ConfigurationScalar {
  static var expected: String { "true or false" }
  init?(_ value: ConfigurationValue) {
    guard case .bool(let flag) = value else { return nil }
    self = flag
  }
  var configurationValue: ConfigurationValue { .bool(self) }
}

extension Int: ConfigurationScalar {
  static var expected: String { "a whole number" }
  init?(_ value: ConfigurationValue) {
    guard case .int(let number) = value else { return nil }
    self = number
  }
  var configurationValue: ConfigurationValue { .int(self) }
}

extension UInt64: ConfigurationScalar {
  static var expected: String { "a whole number of at least 0" }
  init?(_ value: ConfigurationValue) {
    switch value {
    case .int(let number): self.init(exactly: number)
    case .string(let digits): self.init(digits)  // beyond 2⁶³, written as text
    default: return nil
    }
  }
  var configurationValue: ConfigurationValue {
    Int(exactly: self).map { .int($0) } ?? .string("\(self)")
  }
}

extension Double: ConfigurationScalar {
  static var expected: String { "a number" }
  init?(_ value: ConfigurationValue) {
    switch value {
    case .int(let number): self = Double(number)
    case .double(let number) where number.isFinite: self = number
    default: return nil
    }
  }
  var configurationValue: ConfigurationValue { .double(self) }
}

extension String: ConfigurationScalar {
  static var expected: String { "text" }
  init?(_ value: ConfigurationValue) {
    guard case .string(let text) = value else { return nil }
    self = text
  }
  var configurationValue: ConfigurationValue { .string(self) }
}

/// Null is nil.
extension Optional: ConfigurationScalar where Wrapped: ConfigurationScalar {
  static var expected: String { "\(Wrapped.expected) or null" }
  init?(_ value: ConfigurationValue) {
    if value == .null {
      self = .none
    } else if let wrapped = Wrapped(value) {
      self = .some(wrapped)
    } else {
      return nil
    }
  }
  var configurationValue: ConfigurationValue { self?.configurationValue ?? .null }
}

/// Enumerations are written by their raw value.
extension ConfigurationScalar where Self: RawRepresentable & CaseIterable, RawValue == String {
  static var expected: String { "one of " + allCases.map(\.rawValue).joined(separator: ", ") }
  init?(_ value: ConfigurationValue) {
    guard case .string(let text) = value else { return nil }
    self.init(rawValue: text)
  }
  var configurationValue: ConfigurationValue { .string(rawValue) }
}

/// As it is: a map whose keys another type checks.
extension ConfigurationValue: ConfigurationScalar {
  static var expected: String { "a map" }
  init?(_ value: ConfigurationValue) {
    switch value {
    case .map, .null: self = value
    default: return nil
    }
  }
  var configurationValue: ConfigurationValue { self }
}
