import LuffyRollout

/// Which tokens a term runs over, by who wrote them.
public struct TokenSelection: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let onPolicy = TokenSelection(rawValue: 1)
  public static let offPolicy = TokenSelection(rawValue: 2)
  public static let replay = TokenSelection(rawValue: 4)
  public static let all: TokenSelection = [.onPolicy, .offPolicy, .replay]

  /// False for a token that is not trained on.
  func includes(_ source: Source?) -> Bool {
    switch source {
    case .onPolicy: contains(.onPolicy)
    case .offPolicy: contains(.offPolicy)
    case .replay: contains(.replay)
    case nil: false
    }
  }
}
