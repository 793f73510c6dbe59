/// Unions of real intervals and points, for comparing sets that are written differently.
struct RealSet {
  struct Piece {
    var low: Expression
    var high: Expression
    var lowValue: Double
    var highValue: Double
    var leftOpen: Bool
    var rightOpen: Bool
  }

  var pieces: [Piece]

  private static let minusInfinity = Expression.product([.number(.minusOne), .constant(.infinity)])
  private static let infinity = Expression.constant(.infinity)

  // MARK: relations

  /// The solutions of a relation in one variable as a set expression.
  static func solution(of relation: Expression, budget: WorkBudget) -> Expression? {
    switch relation {
    case .relation(let sign, let left, let right):
      guard let (bound, direction) = bound(left, right, budget: budget) else { return nil }
      return ray(direction < 0 ? sign.flipped : sign, bound)
    case .chain(let links):
      guard links.count == 2, let a = solution(of: links[0], budget: budget),
        let b = solution(of: links[1], budget: budget),
        let first = RealSet(a, budget: budget), let second = RealSet(b, budget: budget)
      else { return nil }
      return first.intersected(with: second).expression
    case .finiteSet(let parts): return solution(ofAll: parts, budget: budget)
    case .call(Expression.builderName, let parts):
      guard parts.count >= 3, case .symbol(let name) = parts[0], parts[1] == .numberSet(.reals),
        parts[2...].allSatisfy({ $0.freeNames == [name] })
      else { return nil }
      return parts.count == 3
        ? solution(of: parts[2], budget: budget)
        : solution(ofAll: Array(parts[2...]), budget: budget)
    default: return nil
    }
  }

  /// Several inequalities in one variable: both hold where that is possible and says something, else one of them
  /// (`x < -2, x > 5`); nil where both readings make sense.
  private static func solution(ofAll parts: [Expression], budget: WorkBudget) -> Expression? {
    guard parts.count <= 64, Set(parts.flatMap(\.freeNames)).count == 1 else { return nil }
    var sets: [RealSet] = []
    for part in parts {
      guard part.isRelation, let set = solution(of: part, budget: budget),
        let pieces = RealSet(set, budget: budget)
      else { return nil }
      sets.append(pieces)
    }
    guard let first = sets.first else { return nil }
    let union = RealSet(pieces: sets.flatMap(\.pieces)).merged()
    let common = sets.dropFirst().reduce(first) { $0.intersected(with: $1) }
    if common.pieces.isEmpty { return union.expression }
    let isLine =
      union.pieces.count == 1 && union.pieces[0].lowValue == -.infinity
      && union.pieces[0].highValue == .infinity
    return isLine ? common.expression : nil
  }

  /// Solves left = right for the only variable: the bound, and on which side the variable stands.
  private static func bound(
    _ left: Expression, _ right: Expression, budget: WorkBudget
  ) -> (Expression, Int)? {
    if isVariable(left), right.freeNames.isEmpty { return (right, 1) }
    if isVariable(right), left.freeNames.isEmpty { return (left, -1) }
    let difference = Expression.adding(left, right.negated)
    let names = difference.freeNames
    guard names.count == 1, let name = names.first else { return nil }
    var exact = ExactEvaluator(budget: budget)
    var values: [Rational] = []
    for point in 0..<3 {
      exact.variables[name] = Rational(point)
      guard let value = exact.value(difference) else { return nil }
      values.append(value)
    }
    guard let slope = try? values[1].subtracting(values[0]), !slope.isZero,
      let next = try? values[2].subtracting(values[1]), next == slope,
      let root = try? (-values[0]).divided(by: slope)
    else { return nil }
    return (.number(root), slope.signum)
  }

  private static func isVariable(_ expression: Expression) -> Bool {
    switch expression {
    case .symbol, .call: true
    default: false
    }
  }

  private static func ray(_ sign: Relation, _ bound: Expression) -> Expression {
    switch sign {
    case .equal: .finiteSet([bound])
    case .less: .interval(minusInfinity, bound, leftOpen: true, rightOpen: true)
    case .lessOrEqual: .interval(minusInfinity, bound, leftOpen: true, rightOpen: false)
    case .greater: .interval(bound, infinity, leftOpen: true, rightOpen: true)
    case .greaterOrEqual: .interval(bound, infinity, leftOpen: false, rightOpen: true)
    case .unequal:
      .setOperation(
        .union, .interval(minusInfinity, bound, leftOpen: true, rightOpen: true),
        .interval(bound, infinity, leftOpen: true, rightOpen: true))
    }
  }

  // MARK: reading

  private init(pieces: [Piece]) { self.pieces = pieces }

  /// nil where an end has no value or the set is no union of intervals.
  init?(_ set: Expression, budget: WorkBudget) {
    guard (try? budget.spend()) != nil else { return nil }
    func value(_ expression: Expression) -> Double? {
      NumericEvaluator.realValue(expression, budget: budget)
    }
    switch set {
    case .interval(let low, let high, let leftOpen, let rightOpen):
      guard let a = value(low), let b = value(high) else { return nil }
      let piece = Piece(
        low: low, high: high, lowValue: a, highValue: b, leftOpen: leftOpen || a.isInfinite,
        rightOpen: rightOpen || b.isInfinite)
      pieces = Self.isEmpty(piece) ? [] : [piece]
    case .finiteSet(let elements):
      pieces = []
      for element in elements {
        guard let x = value(element) else { return nil }
        pieces.append(
          Piece(
            low: element, high: element, lowValue: x, highValue: x, leftOpen: false,
            rightOpen: false))
      }
      self = merged()
    case .numberSet(.reals):
      pieces = [Self.line]
    case .numberSet(.empty): pieces = []
    case .setOperation(let operation, let a, let b):
      guard let first = RealSet(a, budget: budget), let second = RealSet(b, budget: budget) else {
        return nil
      }
      switch operation {
      case .union: self = RealSet(pieces: first.pieces + second.pieces).merged()
      case .intersection: self = first.intersected(with: second)
      case .difference: self = first.intersected(with: second.complement())
      }
    default: return nil
    }
  }

  private static let line = Piece(
    low: minusInfinity, high: infinity, lowValue: -.infinity, highValue: .infinity,
    leftOpen: true, rightOpen: true)

  private static func isEmpty(_ piece: Piece) -> Bool {
    piece.lowValue > piece.highValue
      || (piece.lowValue == piece.highValue && (piece.leftOpen || piece.rightOpen))
  }

  // MARK: operations

  /// In order, with touching pieces joined.
  private func merged() -> RealSet {
    let sorted = pieces.sorted {
      ($0.lowValue, $0.leftOpen ? 1 : 0) < ($1.lowValue, $1.leftOpen ? 1 : 0)
    }
    var result: [Piece] = []
    for piece in sorted {
      guard let last = result.last else {
        result.append(piece)
        continue
      }
      let touches =
        piece.lowValue < last.highValue
        || (piece.lowValue == last.highValue && !(piece.leftOpen && last.rightOpen))
      if !touches {
        result.append(piece)
      } else if piece.highValue > last.highValue
        || (piece.highValue == last.highValue && !piece.rightOpen)
      {
        result[result.count - 1].high = piece.high
        result[result.count - 1].highValue = piece.highValue
        result[result.count - 1].rightOpen = piece.rightOpen
      }
    }
    return RealSet(pieces: result)
  }

  func intersected(with other: RealSet) -> RealSet {
    var result: [Piece] = []
    guard pieces.count * other.pieces.count <= 4_096 else { return RealSet(pieces: []) }
    for a in pieces {
      for b in other.pieces {
        var piece = a
        if b.lowValue > a.lowValue || (b.lowValue == a.lowValue && b.leftOpen) {
          (piece.low, piece.lowValue, piece.leftOpen) = (b.low, b.lowValue, b.leftOpen)
        }
        if b.highValue < a.highValue || (b.highValue == a.highValue && b.rightOpen) {
          (piece.high, piece.highValue, piece.rightOpen) = (b.high, b.highValue, b.rightOpen)
        }
        if !Self.isEmpty(piece) { result.append(piece) }
      }
    }
    return RealSet(pieces: result).merged()
  }

  private func complement() -> RealSet {
    var result: [Piece] = []
    var current = Self.line
    for piece in merged().pieces {
      var gap = current
      (gap.high, gap.highValue, gap.rightOpen) = (piece.low, piece.lowValue, !piece.leftOpen)
      if !Self.isEmpty(gap), piece.lowValue > -.infinity { result.append(gap) }
      (current.low, current.lowValue, current.leftOpen) = (
        piece.high, piece.highValue, !piece.rightOpen
      )
    }
    if !Self.isEmpty(current), current.lowValue < .infinity { result.append(current) }
    return RealSet(pieces: result)
  }

  private var expression: Expression? {
    var result: Expression?
    for piece in pieces {
      let set =
        piece.lowValue == piece.highValue
        ? Expression.finiteSet([piece.low])
        : .interval(
          piece.low, piece.high, leftOpen: piece.leftOpen, rightOpen: piece.rightOpen)
      result = result.map { .setOperation(.union, $0, set) } ?? set
    }
    return result ?? .numberSet(.empty)
  }

  // MARK: comparing

  /// Equal as sets of reals; unions with symbolic ends by their parts.
  static func areEqual(
    _ a: Expression, _ b: Expression, budget: WorkBudget,
    ends: (Expression, Expression) -> Bool
  ) -> Bool {
    if let first = RealSet(a, budget: budget), let second = RealSet(b, budget: budget) {
      guard first.pieces.count == second.pieces.count else { return false }
      return zip(first.pieces, second.pieces).allSatisfy { x, y in
        x.leftOpen == y.leftOpen && x.rightOpen == y.rightOpen && ends(x.low, y.low)
          && ends(x.high, y.high)
      }
    }
    guard case .setOperation(let kind, _, _) = a, case .setOperation(kind, _, _) = b else {
      return false
    }
    if kind == .difference { return differences(a, b, ends) }
    var rest = operands(b, kind)
    let parts = operands(a, kind)
    guard parts.count == rest.count else { return false }
    for part in parts {
      guard let index = rest.firstIndex(where: { ends(part, $0) }) else { return false }
      rest.remove(at: index)
    }
    return true
  }

  private static func differences(
    _ a: Expression, _ b: Expression, _ ends: (Expression, Expression) -> Bool
  ) -> Bool {
    guard case .setOperation(_, let x, let y) = a, case .setOperation(_, let u, let v) = b else {
      return false
    }
    return ends(x, u) && ends(y, v)
  }

  private static func operands(_ set: Expression, _ kind: SetOperation) -> [Expression] {
    guard case .setOperation(kind, let a, let b) = set else { return [set] }
    return operands(a, kind) + operands(b, kind)
  }
}
