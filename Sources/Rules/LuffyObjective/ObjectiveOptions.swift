/// The common objectives as one flat, typed list of options: LUFFY and its neighbours.
///
/// A new value is the paper's published configuration at the scales of `plain`. `makeObjective` composes the terms; an
/// objective that these options do not reach is composed directly.
public struct ObjectiveOptions: Sendable, Hashable {
  /// A bonus on the entropy of all trained tokens.
  public enum EntropyBonus: Sendable, Hashable {
    /// The coefficient of the mean over tokens.
    case tokenMean(Double)
    /// The weight of a token's entropy in units of a policy-gradient token's: the same denominators, times the
    /// policy scale.
    case relative(Double)
  }

  /// What a ratio on trace tokens divides by.
  public enum Behavior: String, Sendable, Hashable, CaseIterable {
    /// π_φ = 1.
    case one
    /// The row's behavior log-probs.
    case given
  }

  /// What traces (and replayed rollouts) are for.
  public enum TraceUse: Sendable, Hashable {
    /// A surrogate with the group's advantage: mixed policy.
    case surrogate
    /// coefficient · mean −log π_θ over their tokens.
    case likelihood(coefficient: Double)
    /// coefficient · Σ −log π_θ over their tokens, with the policy gradient's denominators: a trace token's
    /// likelihood weighs `coefficient` times a policy-gradient token.
    case relativeLikelihood(coefficient: Double)
    /// Nothing: neither loss nor bonus.
    case unused
  }

  /// Shaping on the policy's own tokens; `.saturating` is taken of probabilities here,
  /// f(π_θ)/f(π_old), as in the reference code.
  public var onShaping = Shaping.none
  public var offShaping = Shaping.saturating(gamma: 0.1)
  /// PPO bounds on the policy's own ratios, 1 − low and 1 + high; nil for none.
  public var clipLow: Double?
  public var clipHigh: Double?
  /// Bound δ on the ratio of own tokens with negative advantage.
  public var clipDual: Double?
  /// Bounds on the shaped ratio of trace tokens.
  public var offRatioMin: Double?
  public var offRatioMax: Double?
  /// Tokens with π_θ above it leave the policy-gradient loss.
  public var probabilityMax: Double?
  public var baseline = AdvantageRule.Baseline.group
  /// Divide advantages by the standard deviation over the baseline's rows.
  public var normalizeStd = false
  public var behavior = Behavior.one
  /// Aggregation of the policy-gradient and KL terms.
  public var aggregation = Aggregation.Kind.fixedLength(8192)
  public var entropyBonus = EntropyBonus.tokenMean(0.001)
  public var klCoefficient = 0.0
  public var klEstimator = KLEstimator.k3
  /// A factor on the policy-gradient terms.
  public var policyScale = 1.0
  /// False to leave the policy's own rollouts out of the loss.
  public var usesRollouts = true
  public var traces = TraceUse.surrogate
  /// See `Objective.skipsWithoutSignal`.
  public var skipsWithoutSignal = true

  public init() {}

  /// The coefficient of a bonus on the token mean, 0 where there is none; setting it replaces a relative bonus.
  public var entropyCoefficient: Double {
    get { if case .tokenMean(let coefficient) = entropyBonus { coefficient } else { 0 } }
    set { entropyBonus = .tokenMean(newValue) }
  }

  /// The coefficient of a relative bonus, 0 where there is none; setting it replaces a bonus on the token mean.
  public var relativeEntropyCoefficient: Double {
    get { if case .relative(let coefficient) = entropyBonus { coefficient } else { 0 } }
    set { entropyBonus = .relative(newValue) }
  }

  /// The objective that the options describe. Errors name the option.
  public func makeObjective() throws(ObjectiveError) -> Objective {
    try validate()
    return objective
  }

  /// Checks every option's range.
  public func validate() throws(ObjectiveError) {
    try onShaping.validate("on_shaping")
    try offShaping.validate("off_shaping")
    try onClip.validate("clip")
    try offClip.validate("off_ratio")
    if let probabilityMax {
      try require(
        probabilityMax > 0 && probabilityMax <= 1, "probability_max",
        "expected 0 < p ≤ 1, got \(probabilityMax)")
    }
    try Aggregation(aggregation).validate("aggregation")
    switch traces {
    case .likelihood(let coefficient):
      try require(
        coefficient.isFinite && coefficient >= 0, "sft_coefficient",
        "expected a coefficient ≥ 0, got \(coefficient)")
    case .relativeLikelihood(let coefficient):
      try require(
        coefficient.isFinite && coefficient >= 0, "relative_sft_coefficient",
        "expected a coefficient ≥ 0, got \(coefficient)")
    case .surrogate, .unused: break
    }
    for (key, value) in [
      ("entropy_coefficient", entropyCoefficient),
      ("relative_entropy_coefficient", relativeEntropyCoefficient),
      ("kl_coefficient", klCoefficient), ("policy_scale", policyScale),
    ] {
      try require(value.isFinite, key, "expected a finite coefficient, got \(value)")
    }
    try require(klCoefficient >= 0, "kl_coefficient", "expected ≥ 0, got \(klCoefficient)")
    try require(
      usesRollouts || traces != .unused, "traces", "neither rollouts nor traces enter the loss")
  }

  var onClip: Clip {
    clipLow == nil && clipHigh == nil && clipDual == nil
      ? .none : .pessimistic(low: clipLow, high: clipHigh, dual: clipDual)
  }

  var offClip: Clip {
    offRatioMin == nil && offRatioMax == nil
      ? .none : .bounds(min: offRatioMin, max: offRatioMax)
  }

  /// The composition, unchecked: an update checks it again.
  var objective: Objective {
    let rule = AdvantageRule(baseline: baseline, scale: normalizeStd ? .groupStd : .none)
    return Objective(
      advantages: rule, terms: policyTerms + traceTerms + regularizers,
      skipsWithoutSignal: skipsWithoutSignal)
  }

  /// One mean over rollouts and traces where both are policy gradients, or where what traces are for is relative to it;
  /// else a mean for each source.
  private var policyAggregation: Aggregation {
    let isShared: Bool =
      switch (traces, entropyBonus) {
      case (.surrogate, _), (.relativeLikelihood, _), (.likelihood, .relative): usesRollouts
      case (.likelihood, .tokenMean), (.unused, _): false
      }
    return Aggregation(aggregation, over: isShared ? .update : .selected)
  }

  private var policyTerms: [Term] {
    guard usesRollouts else { return [] }
    var shaping = onShaping
    if case .saturating(let gamma) = onShaping { shaping = .saturatingProbabilities(gamma: gamma) }
    let surrogate = Surrogate(.old, shaping: shaping, clip: onClip)
    return [
      Term(
        .surrogate(surrogate), on: .onPolicy, probabilityMax: probabilityMax,
        aggregation: policyAggregation, coefficient: .constant(policyScale))
    ]
  }

  private var traceTerms: [Term] {
    switch traces {
    case .surrogate:
      let surrogate = Surrogate(
        behavior == .one ? .one : .behavior, shaping: offShaping, clip: offClip)
      return [
        Term(
          .surrogate(surrogate), on: [.offPolicy, .replay], probabilityMax: probabilityMax,
          aggregation: policyAggregation, coefficient: .constant(policyScale))
      ]
    case .likelihood(let coefficient):
      return [
        Term(
          .likelihood, on: [.offPolicy, .replay],
          aggregation: Aggregation(.tokenMean, over: .selected), coefficient: .constant(coefficient)
        )
      ]
    case .relativeLikelihood(let coefficient):
      return [
        Term(
          .likelihood, on: [.offPolicy, .replay], aggregation: policyAggregation,
          coefficient: .constant(coefficient * policyScale))
      ]
    case .unused: return []
    }
  }

  private var regularizers: [Term] {
    let tokens: TokenSelection
    switch (usesRollouts, traces) {
    case (true, .unused): tokens = .onPolicy
    case (false, _): tokens = [.offPolicy, .replay]
    case (true, _): tokens = .all
    }
    var terms: [Term] = []
    switch entropyBonus {
    case .tokenMean(0), .relative(0): break
    case .tokenMean(let coefficient):
      terms.append(
        Term(
          .entropy, on: tokens, aggregation: Aggregation(.tokenMean, over: .selected),
          coefficient: .constant(coefficient)))
    case .relative(let coefficient):
      terms.append(
        Term(
          .entropy, on: tokens, aggregation: policyAggregation,
          coefficient: .constant(coefficient * policyScale)))
    }
    if klCoefficient != 0 {
      terms.append(
        Term(
          .kl(klEstimator), on: tokens, aggregation: Aggregation(aggregation, over: .selected),
          coefficient: .constant(klCoefficient)))
    }
    return terms
  }
}
