/// Letters are compared without case where no expression has one letter in both cases: `X` is `x`, but `R − r` is not 0.
enum NameFolding {
  /// Both expressions in lower case, or as written.
  static func folded(_ gold: Expression, _ answer: Expression) -> (Expression, Expression) {
    let (ours, theirs) = (gold.allNames, answer.allNames)
    guard let a = mapping(ours), let b = mapping(theirs) else { return (gold, answer) }
    return (a.isEmpty ? gold : gold.renamed(a), b.isEmpty ? answer : answer.renamed(b))
  }

  /// The names that change; nil where two of them would become one.
  private static func mapping(_ names: Set<String>) -> [String: String]? {
    var mapping: [String: String] = [:]
    var taken = Set<String>()
    for name in names {
      // The Roman one and a current are I; i is the imaginary unit.
      let folded = name == "I" ? name : name.lowercased()
      guard taken.insert(folded).inserted else { return nil }
      if folded != name { mapping[name] = folded }
    }
    return mapping
  }
}

extension Expression {
  /// Free names and those of bound variables.
  fileprivate var allNames: Set<String> {
    var names = Set(freeNames)
    insertBoundNames(into: &names)
    return names
  }

  private func insertBoundNames(into names: inout Set<String>) {
    switch self {
    case .bound(_, let body, let variable, let from, let to):
      names.insert(variable)
      for name in body.freeNames { names.insert(name) }
      for part in [body, from, to] { part.insertBoundNames(into: &names) }
    case .sum(let inner), .product(let inner), .tuple(let inner), .finiteSet(let inner),
      .chain(let inner), .call(_, let inner), .apply(_, let inner), .matrix(_, let inner):
      for part in inner { part.insertBoundNames(into: &names) }
    case .power(let a, let b), .relation(_, let a, let b), .setOperation(_, let a, let b),
      .interval(let a, let b, _, _):
      a.insertBoundNames(into: &names)
      b.insertBoundNames(into: &names)
    case .percent(let inner), .degrees(let inner): inner.insertBoundNames(into: &names)
    case .number, .decimal, .based, .constant, .numberSet, .symbol: break
    }
  }
}
