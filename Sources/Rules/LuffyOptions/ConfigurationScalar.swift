/// A type that a configuration key may have.
public protocol ConfigurationScalar: Sendable {
  /// For a message: "a whole number".
  static var expected: String { get }
  /// Nil where the value is of another type.
  init?(_ value: ConfigurationValue)
  var configurationValue: ConfigurationValue { get }
}

extension Bool: ConfigurationScalar {
  public static var expected: String { "true or false" }
  public init?(_ value: ConfigurationValue) {
    guard case .bool(let flag) = value else { return nil }
    self = flag
  }
  public var configurationValue: ConfigurationValue { .bool(self) }
}

extension Int: ConfigurationScalar {
  public static var expected: String { "a whole number" }
  public init?(_ value: ConfigurationValue) {
    guard case .int(let number) = value else { return nil }
    self = number
  }
  public var configurationValue: ConfigurationValue { .int(self) }
}

extension UInt64: ConfigurationScalar {
  public static var expected: String { "a whole number of at least 0" }
  public init?(_ value: ConfigurationValue) {
    switch value {
    case .int(let number): self.init(exactly: number)
    case .string(let digits): self.init(digits)  // beyond 2⁶³, written as text
    default: return nil
    }
  }
  public var configurationValue: ConfigurationValue {
    Int(exactly: self).map { .int($0) } ?? .string("\(self)")
  }
}

extension Double: ConfigurationScalar {
  public static var expected: String { "a number" }
  public init?(_ value: ConfigurationValue) {
    switch value {
    case .int(let number): self = Double(number)
    case .double(let number) where number.isFinite: self = number
    default: return nil
    }
  }
  public var configurationValue: ConfigurationValue { .double(self) }
}

extension String: ConfigurationScalar {
  public static var expected: String { "text" }
  public init?(_ value: ConfigurationValue) {
    guard case .string(let text) = value else { return nil }
    self = text
  }
  public var configurationValue: ConfigurationValue { .string(self) }
}

/// Null is nil.
extension Optional: ConfigurationScalar where Wrapped: ConfigurationScalar {
  public static var expected: String { "\(Wrapped.expected) or null" }
  public init?(_ value: ConfigurationValue) {
    if value == .null {
      self = .none
    } else if let wrapped = Wrapped(value) {
      self = .some(wrapped)
    } else {
      return nil
    }
  }
  public var configurationValue: ConfigurationValue { self?.configurationValue ?? .null }
}

/// Enumerations are written by their raw value.
extension ConfigurationScalar where Self: RawRepresentable & CaseIterable, RawValue == String {
  public static var expected: String {
    "one of " + allCases.map(\.rawValue).joined(separator: ", ")
  }
  public init?(_ value: ConfigurationValue) {
    guard case .string(let text) = value else { return nil }
    self.init(rawValue: text)
  }
  public var configurationValue: ConfigurationValue { .string(rawValue) }
}

/// As it is: a map whose keys another type checks.
extension ConfigurationValue: ConfigurationScalar {
  public static var expected: String { "a map" }
  public init?(_ value: ConfigurationValue) {
    switch value {
    case .map, .null: self = value
    default: return nil
    }
  }
  public var configurationValue: ConfigurationValue { self }
}
