/// A parsed answer.
///
/// The tree keeps what was written (1/2 as a fraction, 0.5 as a decimal, 50 % as a percentage):
/// how two answers are compared depends on it.
indirect enum Expression: Hashable, Sendable {
  /// An exact integer or fraction.
  case number(Rational)
  /// A number written with a decimal point: exact value, compared by rounding.
  case decimal(Rational)
  /// A number with its base as a subscript, read in base ten as written.
  case based(Rational, base: Int)
  /// n % = n / 100.
  case percent(Expression)
  /// A variable or a word as written.
  case symbol(String)
  case constant(Constant)

  case sum([Expression])
  case product([Expression])
  case power(Expression, Expression)
  /// A function that can be evaluated.
  case apply(Function, [Expression])
  /// A function only known by name: f(x).
  case call(String, [Expression])
  /// An angle in degrees.
  case degrees(Expression)
  /// Sums, products, integrals and limits over a bound variable.
  case bound(Binder, body: Expression, variable: String, from: Expression, to: Expression)

  case relation(Relation, Expression, Expression)
  /// a < b < c, as its relations in order.
  case chain([Expression])

  case tuple([Expression])
  /// Written order kept; duplicates dropped.
  case finiteSet([Expression])
  case interval(Expression, Expression, leftOpen: Bool, rightOpen: Bool)
  case setOperation(SetOperation, Expression, Expression)
  case numberSet(NumberSet)

  case matrix(columns: Int, [Expression])
}

enum Constant: UInt8, Hashable, Sendable {
  case pi, e, imaginaryUnit, eulerGamma, infinity
  /// 1/0 and 0/0: equal to nothing.
  case undefined
}

enum Function: UInt8, Hashable, Sendable {
  case sin, cos, tan, csc, sec, cot, arcsin, arccos, arctan, arccsc, arcsec, arccot
  case sinh, cosh, tanh, arsinh, arcosh, artanh
  case exp, ln
  /// log(argument, base)
  case log
  case absolute, floor, ceiling, factorial, doubleFactorial, gamma, binomial, modulo, gcd, lcm,
    maximum, minimum
  case determinant, norm, rank, trace
}

enum Relation: UInt8, Hashable, Sendable {
  case equal, less, lessOrEqual, greater, greaterOrEqual, unequal

  /// The relation with its sides exchanged.
  var flipped: Relation {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    case .equal, .unequal: self
    }
  }
}

enum SetOperation: UInt8, Hashable, Sendable { case union, intersection, difference }

enum NumberSet: UInt8, Hashable, Sendable {
  case naturals, integers, rationals, reals, complexes, empty
}

enum Binder: UInt8, Hashable, Sendable { case sum, product, integral, limit, derivative }
