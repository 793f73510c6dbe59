public import LuffyJSON
public import LuffyObjective
import LuffyOptions

/// The names that objective options have outside Swift: in C, Python, configuration files and saved states.
extension ObjectiveOptions {
  /// The presets by name; `fixedLength` is L of the fixed-length aggregation, nil each preset's own.
  public static func preset(_ name: String, fixedLength: Int? = nil) -> ObjectiveOptions? {
    switch name {
    case "luffy": .luffy(fixedLength: fixedLength)
    case "plain": .plain(fixedLength: fixedLength ?? 8192)
    case "reference": .reference(fixedLength: fixedLength ?? 8192)
    case "on_policy": .onPolicy(fixedLength: fixedLength)
    case "mixed_policy": .mixedPolicy(fixedLength: fixedLength)
    case "sft": .sft()
    case "rl_with_sft_loss": .rlWithSFTLoss(fixedLength: fixedLength)
    default: nil
    }
  }

  public static let presetNames = [
    "luffy", "plain", "reference", "on_policy", "mixed_policy", "sft", "rl_with_sft_loss",
  ]

  public static let keys = [
    "on_shaping", "off_shaping", "clip_low", "clip_high", "clip_dual", "off_ratio_min",
    "off_ratio_max", "probability_max", "baseline", "normalize_std", "behavior", "aggregation",
    "fixed_length", "entropy_coefficient", "relative_entropy_coefficient", "kl_coefficient",
    "kl_estimator", "policy_scale", "use_rollouts", "traces", "sft_coefficient",
    "relative_sft_coefficient", "skip_without_signal",
  ]

  /// Options of which one replaces the other.
  private static let alternatives = [
    ("entropy_coefficient", "relative_entropy_coefficient"),
    ("sft_coefficient", "relative_sft_coefficient"),
  ]

  /// Sets every member of a JSON object.
  public mutating func set(_ json: JSONNode) throws(ObjectiveError) {
    guard json.kind == .object else {
      throw .option(key: "objective", reason: "expected an object of options")
    }
    for (mean, relative) in Self.alternatives where json[mean] != nil && json[relative] != nil {
      throw .option(key: mean, reason: "given beside \(relative), which replaces it: expected one")
    }
    // What others refer to comes first, whatever the order of the text.
    let first: Set = ["aggregation", "traces"]
    for (key, value) in json.members where first.contains(key) { try set(key, value) }
    for (key, value) in json.members where !first.contains(key) { try set(key, value) }
  }

  /// Sets one option from a JSON value; null is "none" where an option may be absent.
  public mutating func set(_ key: String, _ value: JSONNode) throws(ObjectiveError) {
    let reader = OptionReader(key: key, value: value)
    switch key {
    case "on_shaping": onShaping = try reader.shaping()
    case "off_shaping": offShaping = try reader.shaping()
    case "clip_low": clipLow = try reader.optionalNumber()
    case "clip_high": clipHigh = try reader.optionalNumber()
    case "clip_dual": clipDual = try reader.optionalNumber()
    case "off_ratio_min": offRatioMin = try reader.optionalNumber()
    case "off_ratio_max": offRatioMax = try reader.optionalNumber()
    case "probability_max": probabilityMax = try reader.optionalNumber()
    case "baseline": baseline = try reader.choice(Self.baselines)
    case "normalize_std": normalizeStd = try reader.boolean()
    case "behavior": behavior = try reader.choice(["one": .one, "given": .given])
    case "aggregation": aggregation = try reader.choice(aggregations)
    case "fixed_length": try setFixedLength(value.isNull ? nil : try reader.integer())
    case "entropy_coefficient": entropyCoefficient = try reader.number()
    case "relative_entropy_coefficient": relativeEntropyCoefficient = try reader.number()
    case "kl_coefficient": klCoefficient = try reader.number()
    case "kl_estimator": klEstimator = try reader.choice(["k1": .k1, "k2": .k2, "k3": .k3])
    case "policy_scale": policyScale = try reader.number()
    case "use_rollouts": usesRollouts = try reader.boolean()
    case "traces":
      traces = try reader.choice([
        "surrogate": .surrogate, "likelihood": traces.asLikelihood,
        "unused": .unused,
      ])
    case "sft_coefficient": traces = .likelihood(coefficient: try reader.number())
    case "relative_sft_coefficient":
      traces = .relativeLikelihood(coefficient: try reader.number())
    case "skip_without_signal": skipsWithoutSignal = try reader.boolean()
    default:
      throw .option(key: key, reason: "unknown; \(hint(key, among: Self.keys))")
    }
  }

  private static let baselines: [String: AdvantageRule.Baseline] = [
    "group": .group, "on_policy": .onPolicy, "leave_one_out": .leaveOneOut, "none": .none,
  ]

  /// `fixed_length` is the reference code's Σ/L, `fixed_length_mean` Σ/(rows · L).
  private var aggregations: [String: Aggregation.Kind] {
    [
      "token_mean": .tokenMean, "sequence_mean": .sequenceMean,
      "fixed_length": .fixedLengthSum(fixedLength ?? 8192),
      "fixed_length_mean": .fixedLength(fixedLength),
    ]
  }

  /// L, where the aggregation has one; nil for the longest allowed response, the paper's for a mean.
  private var fixedLength: Int? {
    switch aggregation {
    case .fixedLength(let length): length
    case .fixedLengthSum(let length): length
    case .tokenMean, .sequenceMean: 8192
    }
  }

  private mutating func setFixedLength(_ length: Int?) throws(ObjectiveError) {
    if let length, length < 1 {
      throw .option(key: "fixed_length", reason: "expected a length ≥ 1, got \(length)")
    }
    switch (aggregation, length) {
    case (.fixedLengthSum, let length?): aggregation = .fixedLengthSum(length)
    case (.fixedLengthSum, nil):
      throw .option(
        key: "fixed_length", reason: "the aggregation fixed_length (Σ/L) needs a number")
    case (.fixedLength, _): aggregation = .fixedLength(length)
    case (.tokenMean, _), (.sequenceMean, _): break
    }
  }

  // MARK: Writing

  /// Every option as a member of the object that is open; `set` reads them back to an equal value.
  public func write(_ writer: JSONWriter) {
    write(writer, "on_shaping", onShaping)
    write(writer, "off_shaping", offShaping)
    for (key, value) in [
      ("clip_low", clipLow), ("clip_high", clipHigh), ("clip_dual", clipDual),
      ("off_ratio_min", offRatioMin), ("off_ratio_max", offRatioMax),
      ("probability_max", probabilityMax),
    ] {
      writer.key(key)
      if let value { writer.write(value) } else { writer.null() }
    }
    var texts: [(String, String)] = []
    texts.append(("baseline", Self.baselines.first { $0.value == baseline }?.key ?? "group"))
    texts.append(("behavior", behavior.rawValue))
    texts.append(("aggregation", aggregations.first { $0.value == aggregation }?.key ?? ""))
    texts.append(("kl_estimator", klEstimator.rawValue))
    texts.append(("traces", traceName))
    for (key, text) in texts {
      writer.key(key)
      writer.write(text)
    }
    writer.key("fixed_length")
    if let fixedLength { writer.write(fixedLength) } else { writer.null() }
    var numbers = [("kl_coefficient", klCoefficient), ("policy_scale", policyScale)]
    numbers.append(entropyBonus.named)
    switch traces {
    case .likelihood(let coefficient): numbers.append(("sft_coefficient", coefficient))
    case .relativeLikelihood(let coefficient):
      numbers.append(("relative_sft_coefficient", coefficient))
    case .surrogate, .unused: break
    }
    for (key, value) in numbers {
      writer.key(key)
      writer.write(value)
    }
    for (key, flag) in [
      ("normalize_std", normalizeStd), ("use_rollouts", usesRollouts),
      ("skip_without_signal", skipsWithoutSignal),
    ] {
      writer.key(key)
      writer.write(flag)
    }
  }

  private var traceName: String {
    switch traces {
    case .surrogate: "surrogate"
    case .likelihood, .relativeLikelihood: "likelihood"
    case .unused: "unused"
    }
  }

  private func write(_ writer: JSONWriter, _ key: String, _ shaping: Shaping) {
    let (kind, parameter): (String, (String, Double)?) =
      switch shaping {
      case .none: ("none", nil)
      case .saturating(let gamma): ("saturating", ("gamma", gamma))
      case .saturatingProbabilities(let gamma): ("saturating_probabilities", ("gamma", gamma))
      case .power(let exponent): ("power", ("exponent", exponent))
      case .log(let weight): ("log", ("weight", weight))
      case .pLog(let weight): ("p_log", ("weight", weight))
      }
    writer.key(key)
    writer.object {
      writer.key("kind")
      writer.write(kind)
      if let (name, value) = parameter {
        writer.key(name)
        writer.write(value)
      }
    }
  }
}

extension ObjectiveOptions.EntropyBonus {
  /// The option that holds it, and its coefficient.
  var named: (key: String, value: Double) {
    switch self {
    case .tokenMean(let coefficient): ("entropy_coefficient", coefficient)
    case .relative(let coefficient): ("relative_entropy_coefficient", coefficient)
    }
  }
}

extension ObjectiveOptions.TraceUse {
  /// The likelihood that it is, or the exact token mean.
  fileprivate var asLikelihood: Self {
    switch self {
    case .likelihood, .relativeLikelihood: self
    case .surrogate, .unused: .likelihood(coefficient: 1)
    }
  }
}

/// Typed reads of one option, with errors that name it.
private struct OptionReader {
  let key: String
  let value: JSONNode

  private func failure(_ expected: String) -> ObjectiveError {
    .option(key: key, reason: "expected \(expected)")
  }

  func number() throws(ObjectiveError) -> Double {
    guard let number = value.double else { throw failure("a number") }
    return number
  }

  func optionalNumber() throws(ObjectiveError) -> Double? {
    value.isNull ? nil : try number()
  }

  func integer() throws(ObjectiveError) -> Int {
    guard let number = value.int else { throw failure("an integer") }
    return number
  }

  func boolean() throws(ObjectiveError) -> Bool {
    guard let flag = value.bool else { throw failure("true or false") }
    return flag
  }

  func choice<T>(_ choices: [String: T]) throws(ObjectiveError) -> T {
    guard let text = value.string, let chosen = choices[text] else {
      throw failure("one of \(choices.keys.sorted().joined(separator: ", "))")
    }
    return chosen
  }

  func shaping() throws(ObjectiveError) -> Shaping {
    let kind = value.string ?? value["kind"]?.string ?? (value.isNull ? "none" : "")
    func parameter(_ name: String, default fallback: Double) throws(ObjectiveError) -> Double {
      guard let node = value[name] else { return fallback }
      guard let number = node.double else { throw failure("\(name) to be a number") }
      return number
    }
    switch kind {
    case "none": return .none
    case "saturating": return .saturating(gamma: try parameter("gamma", default: 0.1))
    case "saturating_probabilities":
      return .saturatingProbabilities(gamma: try parameter("gamma", default: 0.1))
    case "power": return .power(exponent: try parameter("exponent", default: 0.5))
    case "sqrt": return .squareRoot
    case "log": return .log(weight: try parameter("weight", default: 1))
    case "p_log": return .pLog(weight: try parameter("weight", default: 1))
    default:
      throw failure("a kind: none, saturating, power, sqrt, log or p_log")
    }
  }
}
