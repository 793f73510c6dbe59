/// How a reasoning model's `</think>` is treated.
public enum ThinkingRule: Sendable, Hashable {
  /// The whole response is read.
  case ignore
  /// The text after the last `</think>` where there is one, else the whole response.
  case afterThink
  /// The text between the first and the second `</think>`; a response without one is unparsed.
  case afterThinkRequired
}

/// The part of a response that is read.
public struct ResponseSection: Sendable, Hashable {
  public var thinking: ThinkingRule
  /// Only the last so many bytes of the (remaining) text; 32,768 by default, which keeps every call
  /// under a few milliseconds.
  public var lastBytes: Int

  public init(thinking: ThinkingRule = .ignore, lastBytes: Int = 32_768) {
    self.thinking = thinking
    self.lastBytes = lastBytes
  }
}
