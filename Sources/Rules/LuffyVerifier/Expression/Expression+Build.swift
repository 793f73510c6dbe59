extension Expression {
  static let zero = Expression.number(.zero)
  static let one = Expression.number(.one)
  static let undefined = Expression.constant(.undefined)

  static func integer(_ value: Int) -> Expression { .number(Rational(value)) }

  /// A sum with nested sums taken apart, in written order.
  static func adding(_ a: Expression, _ b: Expression) -> Expression {
    var terms: [Expression] = []
    if case .sum(let inner) = a { terms = inner } else { terms = [a] }
    if case .sum(let inner) = b { terms += inner } else { terms.append(b) }
    return .sum(terms)
  }

  /// A product with nested products taken apart, in written order.
  static func multiplying(_ a: Expression, _ b: Expression) -> Expression {
    var factors: [Expression] = []
    if case .product(let inner) = a { factors = inner } else { factors = [a] }
    if case .product(let inner) = b { factors += inner } else { factors.append(b) }
    return .product(factors)
  }

  /// The terms of a sum; one for anything else.
  var terms: [Expression] {
    if case .sum(let terms) = self { return terms }
    return [self]
  }

  /// The factors of a product; one for anything else.
  var factors: [Expression] {
    if case .product(let factors) = self { return factors }
    return [self]
  }

  /// −x; a plain number changes its sign.
  var negated: Expression {
    switch self {
    case .number(let value): .number(-value)
    case .decimal(let value): .decimal(-value)
    case .call(Expression.percentName, let inner):
      .call(Expression.percentName, inner.map(\.negated))
    default: .multiplying(.number(.minusOne), self)
    }
  }

  /// a / b; a fraction of two integers is a number.
  static func dividing(_ a: Expression, _ b: Expression) -> Expression {
    if case .number(let top) = a, case .number(let bottom) = b, top.isInteger, bottom.isInteger {
      guard let value = try? top.divided(by: bottom) else { return .undefined }
      return .number(value)
    }
    return .product(a.factors + [.power(b, .number(.minusOne))])
  }

  /// A set without the elements that are written twice.
  static func set(_ elements: [Expression]) -> Expression {
    if elements.isEmpty { return .numberSet(.empty) }
    var seen = Set<Expression>()
    return .finiteSet(elements.filter { seen.insert($0).inserted })
  }

  /// A number as written, exact or decimal.
  var plainNumber: Rational? {
    switch self {
    case .number(let value), .decimal(let value), .based(let value, _): value
    default: nil
    }
  }

  /// ∞ or −∞.
  var isInfinite: Bool {
    switch self {
    case .constant(.infinity), .product([.number(.minusOne), .constant(.infinity)]): true
    default: false
    }
  }

  var isSet: Bool {
    switch self {
    case .finiteSet, .interval, .setOperation, .numberSet: true
    default: false
    }
  }

  var isSetOrTuple: Bool {
    if case .tuple = self { return true }
    return isSet
  }
}
