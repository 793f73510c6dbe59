extension Expression {
  /// Built of names alone, as the left side of an assignment is: x, AB, f(x), S/A.
  var isNamesOnly: Bool {
    switch self {
    case .symbol: true
    case .sum(let inner), .product(let inner), .tuple(let inner), .call(_, let inner),
      .apply(_, let inner):
      !inner.isEmpty && inner.allSatisfy(\.isNamesOnly)
    case .power(let base, .number(.minusOne)): base.isNamesOnly
    case .power(let base, let exponent): base.isNamesOnly && exponent.isNamesOnly
    case .degrees(let inner): inner.isNamesOnly
    default: false
    }
  }

  /// The variables, in the order of their first appearance.
  func freeNames(into names: inout [String]) {
    switch self {
    case .symbol(let name): if !names.contains(name) { names.append(name) }
    case .sum(let inner), .product(let inner), .tuple(let inner), .finiteSet(let inner),
      .chain(let inner), .call(_, let inner), .apply(_, let inner), .matrix(_, let inner):
      for part in inner { part.freeNames(into: &names) }
    case .power(let a, let b), .relation(_, let a, let b), .setOperation(_, let a, let b),
      .interval(let a, let b, _, _):
      a.freeNames(into: &names)
      b.freeNames(into: &names)
    case .percent(let inner), .degrees(let inner): inner.freeNames(into: &names)
    case .bound(_, let body, let variable, let from, let to):
      var bodyNames: [String] = []
      body.freeNames(into: &bodyNames)
      for name in bodyNames where name != variable && !names.contains(name) { names.append(name) }
      from.freeNames(into: &names)
      to.freeNames(into: &names)
    case .number, .decimal, .based, .constant, .numberSet: break
    }
  }

  var freeNames: [String] {
    var names: [String] = []
    freeNames(into: &names)
    return names
  }

  /// The expression with variables renamed.
  func renamed(_ names: [String: String]) -> Expression {
    switch self {
    case .symbol(let name): .symbol(names[name] ?? name)
    case .sum(let inner): .sum(inner.map { $0.renamed(names) })
    case .product(let inner): .product(inner.map { $0.renamed(names) })
    case .tuple(let inner): .tuple(inner.map { $0.renamed(names) })
    case .finiteSet(let inner): .finiteSet(inner.map { $0.renamed(names) })
    case .chain(let inner): .chain(inner.map { $0.renamed(names) })
    case .call(let name, let inner): .call(name, inner.map { $0.renamed(names) })
    case .apply(let function, let inner): .apply(function, inner.map { $0.renamed(names) })
    case .matrix(let columns, let inner):
      .matrix(columns: columns, inner.map { $0.renamed(names) })
    case .power(let a, let b): .power(a.renamed(names), b.renamed(names))
    case .relation(let sign, let a, let b): .relation(sign, a.renamed(names), b.renamed(names))
    case .setOperation(let kind, let a, let b):
      .setOperation(kind, a.renamed(names), b.renamed(names))
    case .interval(let a, let b, let left, let right):
      .interval(a.renamed(names), b.renamed(names), leftOpen: left, rightOpen: right)
    case .percent(let inner): .percent(inner.renamed(names))
    case .degrees(let inner): .degrees(inner.renamed(names))
    case .bound(let binder, let body, let variable, let from, let to):
      .bound(
        binder, body: body.renamed(names), variable: names[variable] ?? variable,
        from: from.renamed(names), to: to.renamed(names))
    case .number, .decimal, .based, .constant, .numberSet: self
    }
  }

  /// An exact number as it is printed: `42`, `-1/2`.
  var printed: String? {
    guard case .number(let value) = self, let top = value.numerator.int,
      let bottom = value.denominator.int
    else { return nil }
    return bottom == 1 ? "\(top)" : "\(top)/\(bottom)"
  }

  var isRelation: Bool {
    switch self {
    case .relation, .chain: true
    default: false
    }
  }

  /// A name with a minus before it.
  var isNegatedName: Bool {
    guard case .product(let factors) = self, factors.count > 1, factors[0] == .number(.minusOne)
    else { return false }
    return factors.dropFirst().allSatisfy(\.isNamesOnly)
  }

  /// A set by a condition.
  var isBuilder: Bool {
    if case .call(Expression.builderName, _) = self { return true }
    return false
  }

  /// A relation, or several inequalities.
  var isCondition: Bool {
    if isRelation { return true }
    guard case .finiteSet(let parts) = self, parts.count > 1 else { return false }
    return parts.allSatisfy { $0.isRelation && !$0.isEquation }
  }

  /// What a letter stands for: `k ∈ ℤ`.
  var isDomain: Bool {
    guard case .relation(.equal, .symbol, let set) = self else { return false }
    switch set {
    case .numberSet: return true
    case .call(_, let inner): return inner.count == 1 && inner[0].isNumberSet
    default: return false
    }
  }

  private var isNumberSet: Bool {
    if case .numberSet = self { return true }
    return false
  }

  var isPercent: Bool {
    if case .percent = self { return true }
    return false
  }

  /// The value of "7.5 percent".
  var percentWord: Expression? {
    guard case .call(Expression.percentName, let inner) = self, inner.count == 1 else { return nil }
    return inner[0]
  }

  static let ellipsis = Expression.symbol("ldots")

  /// Equations only.
  var isEquation: Bool {
    switch self {
    case .relation(.equal, _, _): true
    case .chain(let links): links.allSatisfy(\.isEquation)
    default: false
    }
  }

  /// An equation whose left side is a name.
  var isAssignment: Bool {
    switch self {
    case .relation(.equal, let left, _): return left.isNamesOnly
    case .chain(let links):
      guard isEquation, case .relation(_, let left, _)? = links.first else { return false }
      return left.isNamesOnly
    default: return false
    }
  }

  var firstLeftSide: Expression? {
    switch self {
    case .relation(_, let left, _): return left
    case .chain(let links): return links.first?.firstLeftSide
    default: return nil
    }
  }

  var lastRightSide: Expression? {
    switch self {
    case .relation(_, _, let right): return right
    case .chain(let links): return links.last?.lastRightSide
    default: return nil
    }
  }
}
