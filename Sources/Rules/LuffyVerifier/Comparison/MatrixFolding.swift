/// Works out sums and products of matrices and scalars, element by element.
enum MatrixFolding {
  /// The matrix that an expression is; the expression itself where it is none.
  static func folded(_ expression: Expression, budget: WorkBudget) -> Expression {
    guard (try? budget.spend()) != nil else { return expression }
    switch expression {
    case .product(let factors):
      var result: Expression?
      for factor in factors {
        let next = folded(factor, budget: budget)
        guard let before = result else {
          result = next
          continue
        }
        result = product(before, next)
      }
      return result ?? expression
    case .sum(let terms):
      guard terms.contains(where: \.holdsMatrix) else { return expression }
      var result = folded(terms[0], budget: budget)
      for term in terms.dropFirst() {
        guard let next = sum(result, folded(term, budget: budget)) else { return expression }
        result = next
      }
      return result
    default: return expression
    }
  }

  private static func product(_ a: Expression, _ b: Expression) -> Expression {
    switch (a, b) {
    case (.matrix(let inner, let left), .matrix(let columns, let right)):
      guard inner > 0, columns > 0, right.count / columns == inner, left.count * columns <= 4096
      else { return .multiplying(a, b) }
      let rows = left.count / inner
      var elements: [Expression] = []
      for row in 0..<rows {
        for column in 0..<columns {
          elements.append(
            .sum(
              (0..<inner).map { .multiplying(left[row * inner + $0], right[$0 * columns + column]) }
            ))
        }
      }
      return .matrix(columns: columns, elements)
    case (.matrix(let columns, let elements), let scalar):
      return .matrix(columns: columns, elements.map { .multiplying(scalar, $0) })
    case (let scalar, .matrix(let columns, let elements)):
      return .matrix(columns: columns, elements.map { .multiplying(scalar, $0) })
    default: return .multiplying(a, b)
    }
  }

  private static func sum(_ a: Expression, _ b: Expression) -> Expression? {
    guard case .matrix(let columns, let left) = a, case .matrix(columns, let right) = b,
      left.count == right.count
    else { return nil }
    return .matrix(columns: columns, zip(left, right).map { .adding($0, $1) })
  }
}

extension Expression {
  /// Whether a matrix is a term or factor.
  var holdsMatrix: Bool {
    switch self {
    case .matrix: true
    case .sum(let inner), .product(let inner): inner.contains(where: \.holdsMatrix)
    default: false
    }
  }
}
