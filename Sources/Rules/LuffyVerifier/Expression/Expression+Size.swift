extension Expression {
  /// Its nodes, long names counted as several: what hashing it costs.
  var size: Int {
    switch self {
    case .symbol(let name): 1 + name.utf8.count / 32
    case .number, .decimal, .based, .constant, .numberSet: 1
    case .sum(let inner), .product(let inner), .tuple(let inner), .finiteSet(let inner),
      .chain(let inner), .call(_, let inner), .apply(_, let inner), .matrix(_, let inner):
      Self.size(inner)
    case .power(let a, let b), .relation(_, let a, let b), .setOperation(_, let a, let b),
      .interval(let a, let b, _, _):
      1 + a.size + b.size
    case .percent(let inner), .degrees(let inner): 1 + inner.size
    case .bound(_, let body, _, let from, let to): 1 + body.size + from.size + to.size
    }
  }

  private static func size(_ parts: [Expression]) -> Int {
    var size = 1
    for part in parts { size += part.size }
    return size
  }
}
