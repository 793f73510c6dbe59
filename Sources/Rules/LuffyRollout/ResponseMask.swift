/// Which tokens of a response are trained on: one flag a token.
public struct ResponseMask: Sendable, Hashable {
  public let flags: [Bool]

  public init(_ flags: [Bool]) { self.flags = flags }

  /// Every one of `count` tokens.
  public static func all(_ count: Int) -> ResponseMask {
    ResponseMask([Bool](repeating: true, count: Swift.max(0, count)))
  }

  /// The tokens up to and including the first stop token; all of them where none occurs.
  public static func throughFirst(of stopIDs: Set<TokenID>, in ids: [TokenID]) -> ResponseMask {
    let end = ids.firstIndex { stopIDs.contains($0) } ?? ids.count
    return ResponseMask(ids.indices.map { $0 <= end })
  }

  /// The length of the response, trained on or not.
  public var count: Int { flags.count }

  /// How many tokens are trained on.
  public var trainedCount: Int { flags.reduce(0) { $0 + ($1 ? 1 : 0) } }
}
