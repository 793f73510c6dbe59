/// Matches the elements of two lists whose order does not count.
struct ElementMatching {
  let budget: WorkBudget

  /// Whether every element of `a` equals one of `b`, each used once. Elements whose canonical forms are the same are
  /// matched first, so that long lists cost no more than short ones.
  func match(
    _ a: [Expression], _ b: [Expression], _ areEqual: (Expression, Expression) -> Bool
  ) -> Bool {
    guard a.count == b.count else { return false }
    let (left, right) = unmatched(a, b)
    var rest = right
    for element in left {
      guard let index = rest.firstIndex(where: { areEqual(element, $0) }) else { return false }
      rest.remove(at: index)
    }
    return true
  }

  private func unmatched(
    _ a: [Expression], _ b: [Expression]
  ) -> ([Expression], [Expression]) {
    let canonicalizer = Canonicalizer(budget: budget)
    var places: [Expression: [Int]] = [:]
    for (index, element) in b.enumerated() {
      places[key(element, canonicalizer), default: []].append(index)
    }
    var taken = Set<Int>()
    var left: [Expression] = []
    for element in a {
      let key = key(element, canonicalizer)
      if let index = places[key]?.popLast() {
        taken.insert(index)
      } else {
        left.append(element)
      }
    }
    return (left, b.indices.filter { !taken.contains($0) }.map { b[$0] })
  }

  /// What equal elements share; numbers with a base keep it.
  private func key(_ element: Expression, _ canonicalizer: Canonicalizer) -> Expression {
    if element.holdsBase || element == .undefined { return element }
    switch element {
    case .relation, .chain, .tuple, .finiteSet, .interval, .setOperation, .matrix: return element
    default: return canonicalizer.form(element) ?? element
    }
  }
}
