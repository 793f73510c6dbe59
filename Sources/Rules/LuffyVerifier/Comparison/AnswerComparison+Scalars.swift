import Glibc

/// Numbers, expressions and matrices.
extension AnswerComparison {
  func scalarsAreEqual(_ gold: Expression, _ answer: Expression) -> Bool {
    if gold.holdsMatrix || answer.holdsMatrix { return matricesAreEqual(gold, answer) }
    if case .based(let a, let base) = gold, case .based(let b, let other) = answer {
      return base == other && a == b
    }
    if gold.isAtom || answer.isAtom {
      if atomsAreEqual(gold, answer) { return true }
    }
    return expressionsAreEqual(gold, answer)
  }

  private func matricesAreEqual(_ gold: Expression, _ answer: Expression) -> Bool {
    guard case .matrix(let columns, let a) = MatrixFolding.folded(gold, budget: budget),
      case .matrix(columns, let b) = MatrixFolding.folded(answer, budget: budget),
      a.count == b.count
    else { return false }
    return zip(a, b).allSatisfy { scalarsAreEqual($0, $1) }
  }

  /// Plain numbers and percentages: decimals meet others by rounding, whole percentages also
  /// equal the number before their sign.
  private func atomsAreEqual(_ gold: Expression, _ answer: Expression) -> Bool {
    if gold.isDecimalAtom || answer.isDecimalAtom {
      return roundedAreEqual(gold, answer)
    }
    if let a = gold.integerAtom, let b = answer.integerAtom { return a == b }
    return false
  }

  /// Equal after rounding to the options' decimals; a decimal never equals a different integer.
  private func roundedAreEqual(_ gold: Expression, _ answer: Expression) -> Bool {
    let exact = ExactEvaluator(budget: budget)
    let (a, b) = (exact.value(gold), exact.value(answer))
    if let a, let b {
      if a == b { return true }
      if gold.isIntegerValue(a) || answer.isIntegerValue(b) { return false }
      guard let x = try? a.rounded(decimals: options.floatRounding),
        let y = try? b.rounded(decimals: options.floatRounding)
      else { return false }
      return x == y && areClose(a, b)
    }
    let numeric = NumericEvaluator(budget: budget)
    guard let x = numeric.value(gold), let y = numeric.value(answer), x.isSharp, y.isSharp,
      x.isReal, y.isReal
    else { return false }
    let scale = Glibc.pow(10, Double(min(max(options.floatRounding, 0), 15)))
    return (x.re * scale).rounded(.toNearestOrEven) == (y.re * scale).rounded(.toNearestOrEven)
      && abs(x.re - y.re) <= relativeRounding * max(abs(x.re), abs(y.re))
  }

  /// Rounding to decimals alone would make all small numbers equal: they must agree to three digits as well.
  private var relativeRounding: Double {
    max(1.1e-3, Glibc.pow(10, -Double(min(max(options.floatRounding, 0), 15))))
  }

  private func areClose(_ a: Rational, _ b: Rational) -> Bool {
    guard let difference = try? a.subtracting(b), let ratio = try? difference.divided(by: a) else {
      return false
    }
    return abs(ratio.double) <= relativeRounding
  }

  /// Equal as expressions: exactly where possible, else at random points.
  func expressionsAreEqual(_ gold: Expression, _ answer: Expression) -> Bool {
    let exact = ExactEvaluator(budget: budget)
    if let a = exact.value(gold), let b = exact.value(answer) { return a == b }
    let canonicalizer = Canonicalizer(budget: budget)
    let difference = canonicalizer.difference(gold, answer)
    if case .number(let value)? = difference { return value.isZero }
    if let a = canonicalizer.form(gold), let b = canonicalizer.form(answer), a == b { return true }
    let test = PointTest(gold, answer, budget: budget)
    // A small rest that large terms would hide is seen where like terms have gone.
    if let difference, test.isProvedNonzero(difference) { return false }
    return test.agree()
  }
}

extension Expression {
  /// A plain number or a percentage of one.
  var isAtom: Bool {
    if case .percent(let inner) = self { return inner.plainNumber != nil }
    return plainNumber != nil
  }

  var isDecimalAtom: Bool {
    switch self {
    case .decimal: true
    case .percent(.decimal): true
    default: false
    }
  }

  /// The integer of a plain integer or a whole percentage.
  var integerAtom: Rational? {
    switch self {
    case .number(let value), .based(let value, _), .percent(.number(let value)):
      value.isInteger ? value : nil
    default: nil
    }
  }

  /// Whether the side that is not written with decimals is an integer.
  func isIntegerValue(_ value: Rational) -> Bool { !isDecimalAtom && value.isInteger }
}
