public import LuffyJSON
public import LuffyObjective

/// An objective that has a name in C, Python, configuration files and saved states.
public enum NamedObjective: Sendable, Equatable {
  /// An arm of the paper, or what was changed of it.
  case options(ObjectiveOptions)
  case followUp(FollowUpObjective)

  /// By name; nil for a name that is not one of `presetNames`. `fixedLength` is L of a fixed-length aggregation; nil: the
  /// preset's own, of most the longest allowed response.
  public init?(preset name: String, fixedLength: Int? = nil) {
    if let options = ObjectiveOptions.preset(name, fixedLength: fixedLength) {
      self = .options(options)
    } else if let kind = FollowUpObjective.Kind(rawValue: name) {
      self = .followUp(FollowUpObjective(kind).with(fixedLength: fixedLength))
    } else {
      return nil
    }
  }

  public static let presetNames =
    ObjectiveOptions.presetNames + FollowUpObjective.Kind.allCases.map(\.rawValue)

  /// Reads what `write` wrote: an object with a `preset` is that follow-up with the other members set, one without
  /// it are flat options. What was written before `skip_without_signal` and relative coefficients existed means what it
  /// meant.
  public init(_ json: JSONNode) throws(ObjectiveError) {
    var read = NamedObjective.options(ObjectiveOptions())
    if let name = json["preset"]?.string {
      guard let kind = FollowUpObjective.Kind(rawValue: name) else {
        throw .option(key: "preset", reason: "\"\(name)\" is not the name of a follow-up")
      }
      read = .followUp(FollowUpObjective(kind))
    }
    if json["skip_without_signal"] == nil { read.useTokenMeans() }
    try read.set(json)
    self = read
  }

  /// The paper's arms as flat options; nil for a follow-up.
  public var objectiveOptions: ObjectiveOptions? {
    if case .options(let options) = self { options } else { nil }
  }

  /// Whether it gives traces a term of their own, or a place in the group.
  public var usesTraces: Bool {
    switch self {
    case .options(let options): options.traces != .unused
    case .followUp(let followUp): followUp.kind.usesTraces
    }
  }

  /// Turns presets into what they were before their terms were relative to the policy gradient: 0.001 of the mean entropy,
  /// the exact token mean of a likelihood, and no update left out. L and everything else stay.
  public mutating func useTokenMeans() {
    switch self {
    case .options(var options):
      if options.relativeEntropyCoefficient != 0 {
        options.entropyCoefficient = PublishedBalance.entropyCoefficient
      }
      if case .relativeLikelihood = options.traces { options.traces = .likelihood(coefficient: 1) }
      options.skipsWithoutSignal = false
      self = .options(options)
    case .followUp(var followUp):
      followUp.useTokenMeans()
      self = .followUp(followUp)
    }
  }

  public func makeObjective() throws(ObjectiveError) -> Objective {
    switch self {
    case .options(let options): try options.makeObjective()
    case .followUp(let followUp): try followUp.makeObjective()
    }
  }

  /// Sets every member of a JSON object.
  public mutating func set(_ json: JSONNode) throws(ObjectiveError) {
    guard json.kind == .object else {
      throw .option(key: "objective", reason: "expected an object of options")
    }
    switch self {
    case .options(var options):
      try options.set(json)
      self = .options(options)
    case .followUp(var followUp):
      for (key, value) in json.members { try followUp.set(key, value) }
      self = .followUp(followUp)
    }
  }

  /// Sets one option.
  public mutating func set(_ key: String, _ value: JSONNode) throws(ObjectiveError) {
    switch self {
    case .options(var options):
      try options.set(key, value)
      self = .options(options)
    case .followUp(var followUp):
      try followUp.set(key, value)
      self = .followUp(followUp)
    }
  }

  public func write(_ writer: JSONWriter) {
    switch self {
    case .options(let options): options.write(writer)
    case .followUp(let followUp): followUp.write(writer)
    }
  }
}
