/// A piece of LaTeX that the grammar treats as one.
struct LatexToken {
  enum Kind: UInt8 {
    case number, percentNumber, scientific
    case letter, euler, differential, greek, otherSymbol, accent, infinity, gammaFunction
    case plus, minus, times, divide, modulo
    case leftParenthesis, rightParenthesis, leftBracket, rightBracket, leftBrace, rightBrace
    case leftGroup, rightGroup, leftSet, rightSet
    case bar, leftVertical, rightVertical, vertical, norm
    case leftFloor, rightFloor, leftCeiling, rightCeiling
    case fraction, binomial, choose, root, function, listFunction, operatorName, keyword
    case limit, approach, integral, bigSum, bigProduct
    case matrixStart, matrixEnd, determinantStart, determinantEnd, ampersand, rowEnd
    case underscore, caret, semicolon, comma, period, bang, doubleBang, transpose, degree,
      percentSign, percentWord
    case element, notElement, equal, approximately, less, lessOrEqual, greater, greaterOrEqual
    case unequal, union, intersection, setMinus, plusMinus, numberSet, subset
    case boxed, partial
    case casesStart, casesEnd, systemStart, systemEnd
    /// The sign of a condition in `{x | x > 3}`, and `\pmod`.
    case condition, congruence
    /// White space and spacing commands: read, then dropped.
    case skipped
  }

  let kind: Kind
  let start: Int
  let end: Int
  /// The function, number set or the like that the kind leaves open.
  var detail: UInt8 = 0
}

extension LatexToken.Kind {
  var isRelation: Bool {
    switch self {
    case .equal, .approximately, .less, .lessOrEqual, .greater, .greaterOrEqual, .unequal: true
    default: false
    }
  }
}
