/// How two parsed answers are compared.
public struct ComparisonOptions: Sendable, Hashable {
  /// Decimals kept where a decimal number meets another number.
  public var floatRounding: Int
  /// False: variables are matched by position, so that x + 1 equals y + 1.
  public var strictVariables: Bool
  /// True: a set reference accepts a relation (`(1,3)` and `1<x<3`); the reverse always holds.
  public var setMatchesRelation: Bool

  public init(
    floatRounding: Int = 6, strictVariables: Bool = true, setMatchesRelation: Bool = false
  ) {
    self.floatRounding = floatRounding
    self.strictVariables = strictVariables
    self.setMatchesRelation = setMatchesRelation
  }
}
