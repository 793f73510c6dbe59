/// Decides whether two read answers are the same, by Math-Verify's rules where they are right.
struct AnswerComparison {
  let options: ComparisonOptions
  let budget: WorkBudget

  /// Sets and tuples nested deeper than this are not compared.
  private static let depthLimit = 12

  func isEqual(gold: Answer, answer: Answer) -> Bool {
    if let a = gold.text?.trimmed(), let b = answer.text?.trimmed(), !a.isEmpty, a == b,
      gold.value?.holdsBase != true
    {
      return true
    }
    guard let a = gold.value, let b = answer.value else { return false }
    if areEqual(a, b) { return true }
    guard gold.alternative != nil || answer.alternative != nil else { return false }
    return areEqual(gold.alternative ?? a, answer.alternative ?? b)
  }

  /// Compares without regard to case, unless a side has a letter in both cases.
  private func areEqual(_ gold: Expression, _ answer: Expression) -> Bool {
    let (a, b) = NameFolding.folded(gold, answer)
    return isEqual(a, b)
  }

  func isEqual(_ gold: Expression, _ answer: Expression, depth: Int = 0) -> Bool {
    guard depth < Self.depthLimit, (try? budget.spend()) != nil else { return false }
    if gold.percentWord != nil || answer.percentWord != nil {
      return percentWordsAreEqual(gold, answer, depth)
    }
    var (gold, answer) = unwrapped(gold, options.strictVariables ? answer : matched(answer, gold))
    (gold, answer) = solved(gold, answer)
    if options.setMatchesRelation, answer.isRelation, gold.isSet,
      let set = RealSet.solution(of: answer, budget: budget)
    {
      answer = set
    }
    if gold == .undefined { return false }
    if gold == answer { return true }
    if gold.isRelation, answer.isRelation { return relationsAreEqual(gold, answer, depth) }
    if gold.isSetOrTuple || answer.isSetOrTuple { return setsAreEqual(gold, answer, depth) }
    if gold.isRelation || answer.isRelation { return false }
    if case .call(let name, let a) = gold, case .call(name, let b) = answer,
      let verdict = constructsAreEqual(name, a, b, depth)
    {
      return verdict
    }
    if let verdict = namesAreEqual(gold, answer) { return verdict }
    return scalarsAreEqual(gold, answer)
  }

  /// Conditions as the sets that they describe, where the other side is a set.
  private func solved(_ gold: Expression, _ answer: Expression) -> (Expression, Expression) {
    var (gold, answer) = (gold, answer)
    // A set in interval notation does not accept a condition, as in Math-Verify.
    if answer.isBuilder, gold.isCondition || gold.isBuilder {
      answer = RealSet.solution(of: answer, budget: budget) ?? answer
    }
    if gold.isBuilder {
      gold = RealSet.solution(of: gold, budget: budget) ?? gold
      if answer.isCondition, gold.isSet {
        answer = RealSet.solution(of: answer, budget: budget) ?? answer
      }
    }
    if gold.isCondition, answer.isSet, !answer.isCondition,
      let set = RealSet.solution(of: gold, budget: budget)
    {
      gold = set
    }
    return (gold, answer)
  }

  /// Assignments are taken apart as the two sides need.
  private func unwrapped(
    _ gold: Expression, _ answer: Expression
  ) -> (Expression, Expression) {
    let goldIsAssignment = gold.isAssignment
    let answerIsEquation = answer.isEquation
    if answerIsEquation, !gold.isEquation {
      // −x = a says that x is −a.
      if answer.firstLeftSide?.isNegatedName == true { return (gold, answer) }
      if let left = answer.firstLeftSide, let right = answer.lastRightSide,
        case .symbol(let name) = right,
        !name.contains(where: \.isNumber), left.freeNames.isEmpty, !gold.isNamesOnly
      {
        return (gold, left)
      }
      return (gold, answer.lastRightSide ?? answer)
    }
    if goldIsAssignment, !answerIsEquation { return (gold.lastRightSide ?? gold, answer) }
    return (Self.shortened(gold), Self.shortened(answer))
  }

  /// `x = … = v` as `x = v`.
  private static func shortened(_ expression: Expression) -> Expression {
    guard case .chain = expression, expression.isAssignment,
      let left = expression.firstLeftSide, let right = expression.lastRightSide
    else { return expression }
    return .relation(.equal, left, right)
  }

  /// The answer with its variables renamed to the gold's where they are as many.
  private func matched(_ answer: Expression, _ gold: Expression) -> Expression {
    let (ours, theirs) = (gold.freeNames, answer.freeNames)
    guard ours.count == theirs.count else { return answer }
    let left = theirs.filter { !ours.contains($0) }
    let free = ours.filter { !theirs.contains($0) }
    var names: [String: String] = [:]
    for (from, to) in zip(left, free) { names[from] = to }
    return answer.renamed(names)
  }

  /// "7.5 percent" is 7.5, and 7.5 % beside a percentage.
  private func percentWordsAreEqual(
    _ gold: Expression, _ answer: Expression, _ depth: Int
  ) -> Bool {
    let (a, b) = (gold.percentWord ?? gold, answer.percentWord ?? answer)
    if isEqual(a, b, depth: depth + 1) { return true }
    guard gold.isPercent || answer.isPercent else { return false }
    return isEqual(
      gold.isPercent ? gold : .percent(a), answer.isPercent ? answer : .percent(b),
      depth: depth + 1)
  }

  /// Cases row by row in any order, sets by a condition part by part.
  private func constructsAreEqual(
    _ name: String, _ a: [Expression], _ b: [Expression], _ depth: Int
  ) -> Bool? {
    switch name {
    case "cases": return unordered(a, b, depth)
    case Expression.builderName: return ordered(a, b, depth)
    default: return nil
    }
  }

  // MARK: names

  /// A verdict where one side is a name; nil where values decide.
  private func namesAreEqual(_ gold: Expression, _ answer: Expression) -> Bool? {
    let (a, b) = (Self.word(gold), Self.word(answer))
    // Sentences are no products: their letters keep their order.
    if let a, let b, a.utf8.count >= 24 { return a == b }
    guard Self.isName(gold) || Self.isName(answer) else { return nil }
    if let a, let b { return a == b }
    if let a, Self.isName(gold), answer.isAtom { return Self.isNumeral(a, answer) }
    if let b, Self.isName(answer), gold.isAtom { return Self.isNumeral(b, gold) }
    // A name against a value: only the imaginary unit has one (i and √−1).
    return a == "i" || b == "i" ? nil : false
  }

  /// Whether a word is the number in digits (`\text{42}`).
  private static func isNumeral(_ word: String, _ number: Expression) -> Bool {
    if word == number.printed { return true }
    guard word.last != ".", let value = try? Rational(decimal: Bytes(word.utf8)) else {
      return false
    }
    return value == number.plainNumber
  }

  private static func isName(_ expression: Expression) -> Bool {
    if case .symbol = expression { return true }
    return false
  }

  /// Letters written side by side as one word.
  private static func word(_ expression: Expression) -> String? {
    switch expression {
    case .symbol(let name): return name.lowercased()
    case .constant(.e): return "e"
    case .product(let factors):
      var result = ""
      for factor in factors {
        switch factor {
        case .symbol(let name): result += name.lowercased()
        case .constant(.e): result += "e"
        default: return nil
        }
      }
      return result
    default: return nil
    }
  }

  // MARK: sets

  private func setsAreEqual(_ gold: Expression, _ answer: Expression, _ depth: Int) -> Bool {
    let a = gold.isSetOrTuple ? gold : .finiteSet([gold])
    let b = answer.isSetOrTuple ? answer : .finiteSet([answer])
    if case .interval(let low, let high, let left, let right) = a,
      case .interval(let otherLow, let otherHigh, let otherLeft, let otherRight) = b
    {
      return left == otherLeft && right == otherRight
        && isEqual(low, otherLow, depth: depth + 1) && isEqual(high, otherHigh, depth: depth + 1)
    }
    if a == b { return true }
    if let verdict = listsAreEqual(a, b, depth) { return verdict }
    return RealSet.areEqual(a, b, budget: budget) {
      isEqual($0, $1, depth: depth + 1)
    }
  }

  /// Finite sets, tuples, and open intervals that were meant as pairs.
  private func listsAreEqual(_ gold: Expression, _ answer: Expression, _ depth: Int) -> Bool? {
    switch (gold, answer) {
    case (.finiteSet(let first), .finiteSet(let second)):
      let (a, b) = Self.withoutDomains(first, second)
      if a.count == b.count { return unordered(a, b, depth) }
      return unordered(distinct(a), distinct(b), depth)
    case (.finiteSet(let a), .tuple(let b)): return unordered(a, b, depth)
    case (.tuple(let a), .finiteSet(let b)), (.tuple(let a), .tuple(let b)):
      return ordered(a, b, depth)
    case (.interval(let low, let high, true, true), .finiteSet(let b)),
      (.interval(let low, let high, true, true), .tuple(let b)):
      return b.count == 2 ? ordered([low, high], b, depth) : nil
    case (.finiteSet(let a), .interval(let low, let high, true, true)):
      return a.count == 2 ? unordered(a, [low, high], depth) : nil
    case (.tuple(let a), .interval(let low, let high, true, true)):
      return a.count == 2 ? ordered(a, [low, high], depth) : nil
    default: return nil
    }
  }

  /// Without `k ∈ ℤ`, which says what a letter stands for, where only one side says it.
  private static func withoutDomains(
    _ a: [Expression], _ b: [Expression]
  ) -> ([Expression], [Expression]) {
    let (first, second) = (a.filter { !$0.isDomain }, b.filter { !$0.isDomain })
    let isOneSided = (first.count == a.count) != (second.count == b.count)
    return isOneSided && !first.isEmpty && !second.isEmpty ? (first, second) : (a, b)
  }

  private func ordered(_ a: [Expression], _ b: [Expression], _ depth: Int) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { isEqual($0, $1, depth: depth + 1) }
  }

  private func unordered(_ a: [Expression], _ b: [Expression], _ depth: Int) -> Bool {
    guard a.count == b.count else { return false }
    // Named values against bare ones keep their order: x = 1, y = 2 is not 2, 1. So do lists that go
    // on: 1, 2, …, n.
    if Self.assignsSeveral(a) != Self.assignsSeveral(b) || a.contains(.ellipsis) {
      return ordered(a, b, depth)
    }
    return ElementMatching(budget: budget).match(a, b) { isEqual($0, $1, depth: depth + 1) }
  }

  /// Without elements that are the same in canonical form.
  private func distinct(_ elements: [Expression]) -> [Expression] {
    let canonicalizer = Canonicalizer(budget: budget)
    var seen = Set<Expression>()
    return elements.filter { seen.insert(canonicalizer.form($0) ?? $0).inserted }
  }

  private static func assignsSeveral(_ elements: [Expression]) -> Bool {
    guard elements.count > 1, elements.allSatisfy(\.isAssignment) else { return false }
    return Set(elements.compactMap(\.firstLeftSide)).count > 1
  }
}

extension Expression {
  /// Whether a number with a written base occurs at the top.
  var holdsBase: Bool {
    if case .based = self { return true }
    return false
  }
}
