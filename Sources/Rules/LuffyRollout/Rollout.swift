/// One response to one prompt, written by the policy or by somebody else.
public struct Rollout: Sendable, Hashable {
  /// The response's tokens, the stop token included where one ended it.
  public var ids: [TokenID]
  /// log-probability (nats) of each token under the distribution that it was drawn from; empty
  /// for a trace, whose writer's probabilities nobody asked for.
  public var logprobs: [Float]
  public var source: Source
  /// Nil until somebody has judged it.
  public var reward: Double?
  public var finishReason: FinishReason
  /// log π_φ (nats) of each token under the policy that wrote it, where that is known.
  public var behaviorLogprobs: [Float]?
  /// How many leading tokens were copied from a trace: 0 for the policy's own rollout, `ids.count`
  /// for a whole trace, between them where the policy continued a trace's beginning.
  public var prefixLength: Int
  /// log-probability (nats) of each token under the whole distribution at the rollout's temperature, where top-k or
  /// top-p cut the one that it was drawn from; nil where nothing was cut, as `logprobs` are these then.
  public var fullLogprobs: [Float]?
  /// How it was drawn; nil where nobody recorded it.
  public var sampling: SamplingRecord?

  public init(
    ids: [TokenID], logprobs: [Float] = [], source: Source = .onPolicy, reward: Double? = nil,
    finishReason: FinishReason = .stop, behaviorLogprobs: [Float]? = nil, prefixLength: Int? = nil,
    fullLogprobs: [Float]? = nil, sampling: SamplingRecord? = nil
  ) {
    self.ids = ids
    self.logprobs = logprobs
    self.source = source
    self.reward = reward
    self.finishReason = finishReason
    self.behaviorLogprobs = behaviorLogprobs
    self.prefixLength = prefixLength ?? (source == .offPolicy ? ids.count : 0)
    self.fullLogprobs = fullLogprobs
    self.sampling = sampling
  }

  /// A whole trace of a teacher.
  public static func trace(
    ids: [TokenID], reward: Double? = nil, behaviorLogprobs: [Float]? = nil
  ) -> Rollout {
    Rollout(
      ids: ids, source: .offPolicy, reward: reward, behaviorLogprobs: behaviorLogprobs,
      prefixLength: ids.count)
  }

  public var count: Int { ids.count }

  /// log π (nats) of each token under the policy that wrote it, whose distribution is whole: what a scorer gives at
  /// the rollout's temperature, and so π_old of a ratio. Nil where it is not known.
  public var policyLogprobs: [Float]? {
    if let fullLogprobs { return fullLogprobs }
    return logprobs.isEmpty || sampling?.isCut == true ? nil : logprobs
  }

  /// True for each token that was copied from a trace.
  public var offMask: [Bool] { ids.indices.map { $0 < prefixLength } }
}
