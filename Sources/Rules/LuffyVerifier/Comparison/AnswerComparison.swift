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
    if isEqual(a, b) { return true }
    guard gold.alternative != nil || answer.alternative != nil else { return false }
    return isEqual(gold.alternative ?? a, answer.alternative ?? b)
  }

  func isEqual(_ gold: Expression, _ answer: Expression, depth: Int = 0) -> Bool {
    guard depth < Self.depthLimit, (try? budget.spend()) != nil else { return false }
    var (gold, answer) = unwrapped(gold, options.strictVariables ? answer : matched(answer, gold))
    if gold.isRelation, answer.isSet, let set = RealSet.solution(of: gold, budget: budget) {
      gold = set
    }
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
    if let verdict = namesAreEqual(gold, answer) { return verdict }
    return scalarsAreEqual(gold, answer)
  }

  /// Assignments are taken apart as the two sides need.
  private func unwrapped(
    _ gold: Expression, _ answer: Expression
  ) -> (Expression, Expression) {
    let goldIsAssignment = gold.isAssignment
    let answerIsEquation = answer.isEquation
    if answerIsEquation, !gold.isEquation {
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

  // MARK: names

  /// A verdict where one side is a name; nil where values decide.
  private func namesAreEqual(_ gold: Expression, _ answer: Expression) -> Bool? {
    let (a, b) = (Self.word(gold), Self.word(answer))
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
    guard let value = try? Rational(decimal: Bytes(word.utf8)) else { return false }
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
    case (.finiteSet(let a), .finiteSet(let b)):
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

  private func ordered(_ a: [Expression], _ b: [Expression], _ depth: Int) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { isEqual($0, $1, depth: depth + 1) }
  }

  private func unordered(_ a: [Expression], _ b: [Expression], _ depth: Int) -> Bool {
    guard a.count == b.count else { return false }
    // Named values against bare ones keep their order: x = 1, y = 2 is not 2, 1.
    if Self.assignsSeveral(a) != Self.assignsSeveral(b) { return ordered(a, b, depth) }
    if ordered(a, b, depth) { return true }
    var rest = b
    for element in a {
      guard let index = rest.firstIndex(where: { isEqual(element, $0, depth: depth + 1) }) else {
        return false
      }
      rest.remove(at: index)
    }
    return true
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
