/// A key of a configuration, declared once: its name, where its value is kept, what it means and what it may be. Flags,
/// JSON, YAML and the reference documents take it from here.
public struct ConfigurationKey<Root>: Sendable {
  public let name: String
  /// What a reader needs to choose a value: a sentence without its final stop.
  public let help: String
  public let expected: String
  /// False where the value is of another type.
  private let assign: @Sendable (inout Root, ConfigurationValue) -> Bool
  private let read: @Sendable (Root) -> ConfigurationValue
  /// Whole numbers that are allowed; nil: the type says it all.
  private let range: ClosedRange<Int>?

  public init<Value: ConfigurationScalar>(
    _ name: String, _ path: WritableKeyPath<Root, Value> & Sendable, _ help: String,
    in range: ClosedRange<Int>? = nil
  ) {
    self.name = name
    self.help = help
    self.range = range
    expected = Self.expected(Value.expected, range)
    assign = { root, value in
      guard let typed = Value(value) else { return false }
      root[keyPath: path] = typed
      return true
    }
    read = { $0[keyPath: path].configurationValue }
  }

  private static func expected(_ type: String, _ range: ClosedRange<Int>?) -> String {
    guard let range else { return type }
    let limits = " of \(range.lowerBound) to \(range.upperBound)"
    let null = " or null"
    return type.hasSuffix(null) ? type.dropLast(null.count) + limits + null : type + limits
  }

  /// `place` begins the message of an error.
  public func set(_ root: inout Root, _ value: ConfigurationValue, in place: String) throws {
    var isAllowed = true
    if let range, case .int(let number) = value { isAllowed = range.contains(number) }
    if !isAllowed || !assign(&root, value) {
      throw ConfigurationError(
        "\(place)\(name): expected \(expected), found \(value.description)")
    }
  }

  public func value(of root: Root) -> ConfigurationValue { read(root) }
}

extension Sequence {
  /// Sets the key of a name; an unknown name is an error with the nearest. `what` is what a key is called in it.
  public func set<Root>(
    _ name: String, _ value: ConfigurationValue, of root: inout Root, what: String = "key",
    in place: String = ""
  ) throws where Element == ConfigurationKey<Root> {
    guard let key = first(where: { $0.name == name }) else {
      throw ConfigurationError.unknown(name, what, among: map(\.name), in: place)
    }
    try key.set(&root, value, in: place)
  }
}

extension ClosedRange<Int> {
  /// How often something may happen in a run.
  public static var counts: Self { 1...Int(Int32.max) }
  public static var countsFromZero: Self { 0...Int(Int32.max) }
  /// Things that are in memory at once: problems, rollouts, tokens of one.
  public static var sizes: Self { 1...1 << 24 }
}
