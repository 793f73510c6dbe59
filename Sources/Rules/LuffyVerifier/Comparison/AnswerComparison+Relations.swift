/// Equations and inequalities.
extension AnswerComparison {
  func relationsAreEqual(_ gold: Expression, _ answer: Expression, _ depth: Int) -> Bool {
    switch (gold, answer) {
    case (.chain(let a), .chain(let b)):
      guard a.count == b.count else { return false }
      if zip(a, b).allSatisfy({ relationsAreEqual($0, $1, depth + 1) }) { return true }
      return zip(a, b.reversed()).allSatisfy { relationsAreEqual($0, $1, depth + 1) }
    case (.relation(let sign, let left, let right), .relation(let other, let a, let b)):
      let isEquation = sign == .equal
      func same(_ x: Expression, _ y: Expression) -> Bool {
        // Rounding and bare percentages are for values, not for bounds.
        isEquation || x.isSetOrTuple || y.isSetOrTuple
          ? isEqual(x, y, depth: depth + 1) : x == y || expressionsAreEqual(x, y)
      }
      if sign == other, same(left, a), same(right, b) { return true }
      if sign.flipped == other, same(left, b), same(right, a) { return true }
      return differencesAreEqual(sign, (left, right), other, (a, b))
    default: return false
    }
  }

  /// l − r = c · (l′ − r′) at every point: the same solutions, with c > 0 or a flipped sign for
  /// inequalities.
  private func differencesAreEqual(
    _ sign: Relation, _ gold: (Expression, Expression), _ other: Relation,
    _ answer: (Expression, Expression)
  ) -> Bool {
    let sides = [gold.0, gold.1, answer.0, answer.1]
    guard !sides.contains(where: { $0.isSetOrTuple || $0.isRelation || $0.holdsMatrix }) else {
      return false
    }
    let isEquation = sign == .equal || sign == .unequal
    guard isEquation ? sign == other : (sign == other || sign.flipped == other) else {
      return false
    }
    var a = Expression.adding(gold.0, gold.1.negated)
    var b = Expression.adding(answer.0, answer.1.negated)
    let names = Set(a.freeNames)
    guard names == Set(b.freeNames) else { return false }
    if names.isEmpty { return isEquation && constantsAreEqual(gold, answer) }
    if isEquation {
      a = FractionFolding.numerator(a)
      b = FractionFolding.numerator(b)
    }
    guard let ratio = RatioTest(a, b, budget: budget).constant() else { return false }
    if isEquation {
      // x = 2 is an answer, 2x = 4 is not yet one.
      return !Self.isSolved(gold) || abs(abs(ratio) - 1) < 1e-9
    }
    return sign == other ? ratio > 0 : ratio < 0
  }
}

extension AnswerComparison {
  /// A name with its value, or a function with its definition.
  fileprivate static func isSolved(_ sides: (Expression, Expression)) -> Bool {
    if case .call = sides.0 { return true }
    return sides.0.isNamesOnly && sides.1.freeNames.isEmpty
  }

  /// Equations without variables: both sides scaled by one factor, or all on one side. (Whether
  /// they are true says nothing: every true one would equal every other.)
  private func constantsAreEqual(
    _ gold: (Expression, Expression), _ answer: (Expression, Expression)
  ) -> Bool {
    if expressionsAreEqual(.multiplying(gold.0, answer.1), .multiplying(gold.1, answer.0)),
      answer.1 != .zero, gold.1 != .zero
    {
      // a : b = c : d also holds where both are true; a factor must be visible.
      return isMultiple(of: gold.0, answer.0) && isMultiple(of: gold.1, answer.1)
    }
    guard answer.1 == .zero else { return false }
    let difference = Expression.adding(gold.0, gold.1.negated)
    return Canonicalizer(budget: budget).exactDifference(difference, answer.0)?.isZero ?? false
  }

  /// Whether an expression is written as a number times another one.
  private func isMultiple(of part: Expression, _ whole: Expression) -> Bool {
    if let a = part.plainNumber, whole.freeNames.isEmpty, !a.isZero { return true }
    guard let form = Canonicalizer(budget: budget).form(.dividing(whole, part)) else {
      return false
    }
    if case .number = form { return true }
    return false
  }
}
