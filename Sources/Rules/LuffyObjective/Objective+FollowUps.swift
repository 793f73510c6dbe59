/// Objectives of the same family, each a composition of the same parts. `docs/objective.md` says
/// where a paper leaves something open and what is taken here.
extension Objective {
  /// Dr. GRPO (arXiv 2503.20783): no division by std or by a response's own length.
  public static func drGRPO(fixedLength: Int? = nil, clip: Double = 0.2) -> Objective {
    Objective(
      advantages: AdvantageRule(baseline: .onPolicy),
      terms: [
        Term(
          .surrogate(Surrogate(clip: .pessimistic(low: clip, high: clip))), on: .onPolicy,
          aggregation: Aggregation(.fixedLength(fixedLength), over: .selected))
      ])
  }

  /// DAPO (arXiv 2503.14476): clip-higher, token mean, groups without signal left out, and a soft
  /// punishment of over-long responses where `lengthPenalty` is given.
  public static func dapo(lengthPenalty: LengthPenalty? = nil) -> Objective {
    Objective(
      advantages: AdvantageRule(
        baseline: .onPolicy, scale: .groupStd, filters: [.uniformGroups],
        lengthPenalty: lengthPenalty),
      terms: [
        Term(
          .surrogate(Surrogate(clip: .pessimistic(low: 0.2, high: 0.28))), on: .onPolicy,
          aggregation: Aggregation(.tokenMean, over: .selected))
      ])
  }

  /// GSPO (arXiv 2507.18071): one ratio a response, narrow bounds, sequence mean.
  public static func gspo(clipLow: Double = 3e-4, clipHigh: Double = 4e-4) -> Objective {
    let clip = Clip.pessimistic(low: clipLow, high: clipHigh)
    return Objective(
      advantages: AdvantageRule(baseline: .onPolicy, scale: .groupStd),
      terms: [
        Term(
          .surrogate(Surrogate(level: .sequence, clip: clip)), on: .onPolicy,
          aggregation: Aggregation(.sequenceMean, over: .selected))
      ])
  }

  /// CISPO (arXiv 2506.13585): the ratio, bounded above, as a detached weight of log π_θ.
  public static func cispo(ratioMax: Double = 5) -> Objective {
    Objective(
      advantages: AdvantageRule(baseline: .onPolicy, scale: .groupStd),
      terms: [
        Term(
          .surrogate(Surrogate(clip: .detached(min: nil, max: ratioMax))), on: .onPolicy,
          aggregation: Aggregation(.tokenMean, over: .selected))
      ])
  }

  /// SAPO (arXiv 2511.20347): a sigmoid gate around ratio 1, steeper for negative advantages.
  public static func sapo(positive: Double = 1, negative: Double = 1.05) -> Objective {
    Objective(
      advantages: AdvantageRule(baseline: .onPolicy, scale: .groupStd),
      terms: [
        Term(
          .surrogate(Surrogate(clip: .soft(positive: positive, negative: negative))),
          on: .onPolicy, aggregation: Aggregation(.sequenceMean, over: .selected))
      ])
  }

  /// ExGRPO (arXiv 2510.02245): replayed rollouts of the policy itself through x/(x+γ) of the
  /// ratio to their recorded log-probs; the rest as LUFFY.
  public static func exGRPO(
    fixedLength: Int? = nil, gamma: Double = 0.1,
    entropyBonus: ObjectiveOptions.EntropyBonus = .relative(PublishedBalance.relativeEntropy)
  ) -> Objective {
    let aggregation = Aggregation(.fixedLength(fixedLength))
    let bonus: Term =
      switch entropyBonus {
      case .relative(let weight):
        Term(.entropy, aggregation: aggregation, coefficient: .constant(weight))
      case .tokenMean(let weight):
        Term(.entropy, aggregation: Aggregation(.tokenMean), coefficient: .constant(weight))
      }
    return Objective(terms: [
      Term(.surrogate(Surrogate()), on: .onPolicy, aggregation: aggregation),
      Term(
        .surrogate(Surrogate(.behavior, shaping: .saturating(gamma: gamma))), on: .replay,
        aggregation: aggregation),
      bonus,
    ])
  }

  /// SRFT (arXiv 2506.19767): likelihood of traces weighted ½·e^{rate·H}, traces and rollouts with
  /// the union's advantage, good rollouts weighted 1/10·e^H. The paper's rate is −1, its code's +1.
  public static func srft(traceRate: Double = -1) -> Objective {
    let mean = Aggregation(.tokenMean, over: .selected)
    return Objective(
      advantages: AdvantageRule(scale: .groupStd),
      terms: [
        Term(
          .likelihood, on: .offPolicy, weights: [.exponentialEntropy(rate: traceRate)],
          aggregation: mean, coefficient: 0.5),
        Term(.surrogate(Surrogate(.one)), on: .offPolicy, aggregation: mean),
        Term(
          .surrogate(Surrogate()), on: .onPolicy,
          weights: [.positiveAdvantage, .exponentialEntropy(rate: 1)], aggregation: mean,
          coefficient: 0.1),
        Term(
          .surrogate(Surrogate()), on: .onPolicy, weights: [.negativeAdvantage], aggregation: mean),
      ])
  }

  /// Prefix-RFT (arXiv 2507.01679): rollouts that continue the beginning of a trace; of its tokens
  /// only those with the highest entropy learn. Give rows an off mask and old log-probs.
  public static func prefixRFT(entropyShare: Double = 0.2, clip: Double = 0.2) -> Objective {
    let surrogate = Surrogate(clip: .pessimistic(low: clip, high: clip))
    let mean = Aggregation(.tokenMean)
    return Objective(terms: [
      Term(.surrogate(surrogate), on: .onPolicy, aggregation: mean),
      Term(
        .surrogate(surrogate), on: .offPolicy, weights: [.topEntropy(fraction: entropyShare)],
        aggregation: mean),
    ])
  }

  /// HPT (arXiv 2509.04419): a prompt that at most `gate` of its rollouts solve learns its trace by
  /// likelihood; any other learns from its rollouts by Dr. GRPO.
  public static func hpt(fixedLength: Int? = nil, gate: Double = 0, clip: Double = 0.2) -> Objective
  {
    Objective(
      advantages: AdvantageRule(baseline: .onPolicy),
      terms: [
        Term(
          .likelihood, on: .offPolicy, weights: [.successAtMost(gate)],
          aggregation: Aggregation(.sequenceMean, over: .selected)),
        Term(
          .surrogate(Surrogate(clip: .pessimistic(low: clip, high: clip))), on: .onPolicy,
          weights: [.successAbove(gate)],
          aggregation: Aggregation(.fixedLength(fixedLength), over: .selected)),
      ])
  }

  /// CHORD (arXiv 2508.11408): (1−μ)·GRPO + μ·likelihood of traces, with μ falling along half a cosine, and
  /// with `weighsTokens` each trace token weighted p(1−p) (CHORD-φ).
  public static func chord(
    from peak: Double = 0.9, to valley: Double = 0.05, steps: Int, weighsTokens: Bool = false
  ) -> Objective {
    let mean = Aggregation(.tokenMean, over: .selected)
    return Objective(
      advantages: AdvantageRule(baseline: .onPolicy, scale: .groupStd),
      terms: [
        Term(
          .surrogate(Surrogate(clip: .pessimistic(low: 0.2, high: 0.2))), on: .onPolicy,
          aggregation: mean, coefficient: .cosine(from: 1 - peak, to: 1 - valley, steps: steps)),
        Term(
          .likelihood, on: .offPolicy, weights: weighsTokens ? [.uncertainty] : [],
          aggregation: mean, coefficient: .cosine(from: peak, to: valley, steps: steps)),
      ])
  }
}
