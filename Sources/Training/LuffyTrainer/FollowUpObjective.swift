public import LuffyJSON
public import LuffyObjective
import LuffyOptions

/// A follow-up of LUFFY by its name outside Swift, with the numbers that its paper leaves to the user.
///
/// `docs/objective.md` names the papers; each is composed in `Objective+FollowUps.swift`.
public struct FollowUpObjective: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case drGRPO = "dr_grpo"
    case dapo
    case gspo
    case cispo
    case sapo
    case exGRPO = "exgrpo"
    case srft
    case prefixRFT = "prefix_rft"
    case hpt
    case chord

    /// False for those of the model's own rollouts alone.
    public var usesTraces: Bool {
      switch self {
      case .drGRPO, .dapo, .gspo, .cispo, .sapo: false
      case .exGRPO, .srft, .prefixRFT, .hpt, .chord: true
      }
    }
  }

  public let kind: Kind
  private var values: [String: Double]
  /// Of those that have one (ExGRPO).
  private var entropyBonus = ObjectiveOptions.EntropyBonus.relative(
    PublishedBalance.relativeEntropy)
  /// See `Objective.skipsWithoutSignal`.
  public var skipsWithoutSignal = true

  public init(_ kind: Kind) {
    self.kind = kind
    values = Dictionary(uniqueKeysWithValues: Self.defaults(kind).map { ($0.key, $0.value) })
  }

  /// L of the fixed-length aggregation, where the objective has one; nil: the longest allowed response.
  public func with(fixedLength: Int?) -> FollowUpObjective {
    var copy = self
    if copy.values["fixed_length"] != nil { copy.values["fixed_length"] = Double(fixedLength ?? 0) }
    return copy
  }

  /// As states and run directories of before have it that do not say otherwise: a bonus on the token mean, and no
  /// update left out.
  mutating func useTokenMeans() {
    entropyBonus = .tokenMean(PublishedBalance.entropyCoefficient)
    skipsWithoutSignal = false
  }

  private var hasEntropyBonus: Bool { kind == .exGRPO }

  /// Every number with its default; flags are 0 or 1, a `maximum_length` of 0 is no punishment of long responses, a
  /// `fixed_length` of 0 is the longest allowed response.
  private static func defaults(_ kind: Kind) -> [(key: String, value: Double)] {
    switch kind {
    case .drGRPO: [("fixed_length", 0), ("clip", 0.2)]
    case .dapo: [("maximum_length", 0), ("buffer", 0)]
    case .gspo: [("clip_low", 3e-4), ("clip_high", 4e-4)]
    case .cispo: [("ratio_max", 5)]
    case .sapo: [("positive", 1), ("negative", 1.05)]
    case .exGRPO: [("fixed_length", 0), ("gamma", 0.1)]
    case .srft: [("trace_rate", -1)]
    case .prefixRFT: [("entropy_share", 0.2), ("clip", 0.2)]
    case .hpt: [("fixed_length", 0), ("gate", 0), ("clip", 0.2)]
    case .chord: [("from", 0.9), ("to", 0.05), ("steps", 200), ("weighs_tokens", 0)]
    }
  }

  private static let integers: Set = ["fixed_length", "maximum_length", "buffer", "steps"]
  private static let flags: Set = ["weighs_tokens"]
  /// What the parts of an objective do not check themselves.
  private static let ranges: [String: ClosedRange<Double>] = [
    "fixed_length": 1...Double(UInt32.max), "entropy_share": 0...1, "gate": 0...1, "from": 0...1,
    "to": 0...1, "ratio_max": 1...1e6,
    "steps": 1...Double(UInt32.max),
  ]

  /// The names of its options.
  public var keys: [String] {
    Self.defaults(kind).map(\.key)
      + (hasEntropyBonus ? ["entropy_coefficient", "relative_entropy_coefficient"] : [])
      + ["skip_without_signal"]
  }

  private var fixedLength: Int? { integer("fixed_length") == 0 ? nil : integer("fixed_length") }

  public func makeObjective() throws(ObjectiveError) -> Objective {
    var objective: Objective =
      switch kind {
      case .drGRPO: .drGRPO(fixedLength: fixedLength, clip: number("clip"))
      case .dapo: .dapo(lengthPenalty: lengthPenalty)
      case .gspo: .gspo(clipLow: number("clip_low"), clipHigh: number("clip_high"))
      case .cispo: .cispo(ratioMax: number("ratio_max"))
      case .sapo: .sapo(positive: number("positive"), negative: number("negative"))
      case .exGRPO:
        .exGRPO(fixedLength: fixedLength, gamma: number("gamma"), entropyBonus: entropyBonus)
      case .srft: .srft(traceRate: number("trace_rate"))
      case .prefixRFT: .prefixRFT(entropyShare: number("entropy_share"), clip: number("clip"))
      case .hpt:
        .hpt(fixedLength: fixedLength, gate: number("gate"), clip: number("clip"))
      case .chord:
        .chord(
          from: number("from"), to: number("to"), steps: integer("steps"),
          weighsTokens: number("weighs_tokens") == 1)
      }
    objective.skipsWithoutSignal = skipsWithoutSignal
    try objective.validate()
    return objective
  }

  private var lengthPenalty: LengthPenalty? {
    let maximum = integer("maximum_length")
    return maximum == 0 ? nil : LengthPenalty(maximum: maximum, buffer: integer("buffer"))
  }

  private func number(_ key: String) -> Double { values[key] ?? 0 }
  private func integer(_ key: String) -> Int { Int(exactly: number(key)) ?? 0 }

  // MARK: JSON

  /// Sets one option from a JSON value. `preset` may be given where it is this one.
  public mutating func set(_ key: String, _ value: JSONNode) throws(ObjectiveError) {
    if key == "preset", value.string == kind.rawValue { return }
    if key == "skip_without_signal" {
      skipsWithoutSignal = try Self.flag(key, value)
      return
    }
    if hasEntropyBonus, key.hasSuffix("entropy_coefficient"), keys.contains(key) {
      guard let number = value.double else { throw .option(key: key, reason: "expected a number") }
      entropyBonus = key == "entropy_coefficient" ? .tokenMean(number) : .relative(number)
      return
    }
    guard values[key] != nil else {
      throw .option(
        key: key, reason: "unknown to \(kind.rawValue); \(hint(key, among: Array(keys)))")
    }
    if Self.flags.contains(key) {
      values[key] = try Self.flag(key, value) ? 1 : 0
    } else if key == "fixed_length", value.isNull {
      values[key] = 0
    } else if Self.integers.contains(key) {
      guard let number = value.int, (0...Int(UInt32.max)).contains(number) else {
        throw .option(key: key, reason: "expected an integer from 0 to \(UInt32.max)")
      }
      try set(key, Double(number))
    } else {
      guard let number = value.double else { throw .option(key: key, reason: "expected a number") }
      try set(key, number)
    }
  }

  private static func flag(_ key: String, _ value: JSONNode) throws(ObjectiveError) -> Bool {
    guard let flag = value.bool else { throw .option(key: key, reason: "expected true or false") }
    return flag
  }

  private mutating func set(_ key: String, _ number: Double) throws(ObjectiveError) {
    if let range = Self.ranges[key], !range.contains(number) {
      throw .option(
        key: key,
        reason: "expected a number from \(range.lowerBound) to \(range.upperBound), got \(number)")
    }
    values[key] = number
  }

  /// Its name as `preset`, and every option, as members of the object that is open.
  public func write(_ writer: JSONWriter) {
    writer.key("preset")
    writer.write(kind.rawValue)
    for key in Self.defaults(kind).map(\.key) {
      writer.key(key)
      if Self.flags.contains(key) {
        writer.write(number(key) == 1)
      } else if key == "fixed_length", fixedLength == nil {
        writer.null()
      } else if Self.integers.contains(key) {
        writer.write(integer(key))
      } else {
        writer.write(number(key))
      }
    }
    if hasEntropyBonus {
      writer.key(entropyBonus.named.key)
      writer.write(entropyBonus.named.value)
    }
    writer.key("skip_without_signal")
    writer.write(skipsWithoutSignal)
  }
}
