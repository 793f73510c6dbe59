/// Brings sums of fractions over one denominator.
enum FractionFolding {
  /// The numerator of an expression as one fraction.
  static func numerator(_ expression: Expression) -> Expression { fraction(expression).top }

  private static func fraction(_ expression: Expression) -> (top: Expression, bottom: Expression) {
    switch expression {
    case .sum(let terms) where terms.count <= 16:
      var result = (top: Expression.zero, bottom: Expression.one)
      for term in terms {
        let next = fraction(term)
        if next.bottom == result.bottom {
          result.top = .adding(result.top, next.top)
        } else {
          result = (
            .adding(.multiplying(result.top, next.bottom), .multiplying(next.top, result.bottom)),
            .multiplying(result.bottom, next.bottom)
          )
        }
      }
      return result
    case .product(let factors) where factors.count <= 16:
      var result = (top: Expression.one, bottom: Expression.one)
      for factor in factors {
        let next = fraction(factor)
        result = (.multiplying(result.top, next.top), .multiplying(result.bottom, next.bottom))
      }
      return result
    case .power(let base, .number(let exponent)) where exponent.signum < 0:
      let inner = fraction(base)
      if exponent == .minusOne { return (inner.bottom, inner.top) }
      let positive = Expression.number(-exponent)
      return (.power(inner.bottom, positive), .power(inner.top, positive))
    default: return (expression, .one)
    }
  }
}
