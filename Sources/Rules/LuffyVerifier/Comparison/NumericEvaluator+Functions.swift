import Glibc

extension NumericEvaluator {
  func apply(_ function: Function, _ arguments: [Expression]) -> Approximation? {
    switch function {
    case .sin, .cos, .tan, .csc, .sec, .cot: return trigonometric(function, arguments)
    case .determinant, .norm, .rank, .trace: return matrixFunction(function, arguments)
    default: break
    }
    var values: [Approximation] = []
    for argument in arguments {
      guard let value = value(argument) else { return nil }
      values.append(value)
    }
    guard let x = values.first else { return nil }
    switch function {
    case .arcsin: return x.arcsine
    case .arccos: return x.arccosine
    case .arctan: return x.arctangent
    case .arccsc: return (Approximation(1) / x)?.arcsine
    case .arcsec: return (Approximation(1) / x)?.arccosine
    case .arccot: return (Approximation(1) / x)?.arctangent
    case .sinh: return hyperbolic(x, sign: -1)
    case .cosh: return hyperbolic(x, sign: 1)
    case .tanh: return hyperbolic(x, sign: -1) / hyperbolic(x, sign: 1)
    case .arsinh: return x.arsinh
    case .arcosh: return x.arcosh
    case .artanh: return x.artanh
    case .exp: return x.exponential
    case .ln: return isInDomain(x) ? x.logarithm : nil
    case .log:
      guard values.count == 2, isInDomain(x), let top = x.logarithm,
        let bottom = values[1].logarithm
      else {
        return nil
      }
      return top / bottom
    case .absolute: return Approximation(x.magnitude, 0, error: x.error)
    default: return realFunction(function, values)
    }
  }

  private func trigonometric(_ function: Function, _ arguments: [Expression]) -> Approximation? {
    guard let argument = arguments.first, let x = inAngleContext().value(argument) else {
      return nil
    }
    switch function {
    case .sin: return x.sine
    case .cos: return x.cosine
    case .tan: return x.sine / x.cosine
    case .csc: return Approximation(1) / x.sine
    case .sec: return Approximation(1) / x.cosine
    default: return x.cosine / x.sine
    }
  }

  private func hyperbolic(_ x: Approximation, sign: Double) -> Approximation {
    let minus = Approximation(-x.re, -x.im, error: x.error).exponential
    return (x.exponential + minus * Approximation(sign)) * Approximation(0.5)
  }

  /// Functions of real numbers.
  private func realFunction(_ function: Function, _ values: [Approximation]) -> Approximation? {
    guard values.allSatisfy({ $0.isReal && $0.isFinite }) else { return nil }
    let x = values[0]
    switch function {
    case .floor: return step(x, Glibc.floor)
    case .ceiling: return step(x, Glibc.ceil)
    case .factorial: return gamma(x + Approximation(1))
    case .gamma: return gamma(x)
    case .binomial: return values.count == 2 ? binomial(x, values[1]) : nil
    case .modulo:
      guard values.count == 2, let ratio = x / values[1], let whole = step(ratio, Glibc.floor)
      else { return nil }
      return x - values[1] * whole
    case .gcd, .lcm: return divisors(function, values)
    case .maximum: return values.max { $0.re < $1.re }
    case .minimum: return values.min { $0.re < $1.re }
    default: return nil
    }
  }

  /// A step function; nil where the error reaches over a step.
  private func step(_ x: Approximation, _ body: (Double) -> Double) -> Approximation? {
    let nearest = x.re.rounded()
    if abs(x.re - nearest) <= 4 * x.error { return Approximation(nearest) }
    return Approximation(body(x.re))
  }

  private func gamma(_ x: Approximation) -> Approximation? {
    let value = tgamma(x.re)
    guard value.isFinite, abs(x.re) < 171 else { return nil }
    if x.error == 0, x.re <= 0, x.re == x.re.rounded() { return nil }
    let slope = abs(value) * (1 + Glibc.log(max(2, abs(x.re))))
    return Approximation(value, 0, error: 16 * Approximation.unit * abs(value) + slope * x.error)
  }

  private func binomial(_ n: Approximation, _ k: Approximation) -> Approximation? {
    guard k.re == k.re.rounded(), k.re >= 0, k.re < 2_000 else {
      guard let top = gamma(n + Approximation(1)), let a = gamma(k + Approximation(1)),
        let b = gamma(n - k + Approximation(1))
      else { return nil }
      return top / (a * b)
    }
    var result = Approximation(1)
    for index in 0..<Int(k.re) {
      let factor = n - Approximation(Double(index))
      guard let next = result * factor / Approximation(Double(index + 1)) else { return nil }
      result = next
    }
    return result
  }

  private func divisors(_ function: Function, _ values: [Approximation]) -> Approximation? {
    var result: Int?
    for value in values {
      guard value.error == 0, value.re == value.re.rounded(), abs(value.re) < 9e15 else {
        return nil
      }
      var (a, b) = (result ?? Int(value.re), Int(value.re))
      let (x, y) = (abs(a), abs(b))
      while b != 0 { (a, b) = (b, a % b) }
      let common = abs(a)
      if function == .gcd {
        result = common
      } else {
        let (product, overflow) = (common == 0 ? 0 : x / common).multipliedReportingOverflow(by: y)
        if overflow { return nil }
        result = product
      }
    }
    return result.map { Approximation(rounded: Double($0)) }
  }

  private func matrixFunction(_ function: Function, _ arguments: [Expression]) -> Approximation? {
    guard let argument = arguments.first,
      case .matrix(let columns, let elements) = MatrixFolding.folded(argument, budget: budget),
      columns > 0, elements.count <= 64
    else {
      return nil
    }
    var values: [Approximation] = []
    for element in elements {
      guard let value = value(element) else { return nil }
      values.append(value)
    }
    switch function {
    case .determinant: return determinant(values, columns)
    case .trace:
      guard columns * columns == values.count else { return nil }
      return (0..<columns).reduce(Approximation(0)) { $0 + values[$1 * (columns + 1)] }
    case .norm:
      let squares = values.reduce(Approximation(0)) {
        $0 + Approximation($1.magnitude, 0, error: $1.error)
          * Approximation($1.magnitude, 0, error: $1.error)
      }
      return squares.squareRoot
    default: return nil
    }
  }

  /// Gaussian elimination with the largest pivot.
  private func determinant(_ values: [Approximation], _ size: Int) -> Approximation? {
    guard size * size == values.count else { return nil }
    var rows = values
    var result = Approximation(1)
    for column in 0..<size {
      let pivot = (column..<size).max {
        rows[$0 * size + column].magnitude < rows[$1 * size + column].magnitude
      }
      guard let pivot else { return nil }
      let head = rows[pivot * size + column]
      if head.magnitude == 0 { return Approximation(0) }
      if pivot != column {
        for index in 0..<size { rows.swapAt(pivot * size + index, column * size + index) }
        result = result * Approximation(-1)
      }
      result = result * head
      for row in (column + 1)..<max(size, column + 1) {
        guard let factor = rows[row * size + column] / head else { return nil }
        for index in column..<size {
          rows[row * size + index] =
            rows[row * size + index] - factor * rows[column * size + index]
        }
      }
    }
    return result
  }

  /// Variables stand for real numbers: where a logarithm of one is negative, the point says nothing, so that
  /// ln(ab) = ln a + ln b holds. A constant's logarithm is complex where it must be.
  private func isInDomain(_ x: Approximation) -> Bool {
    variables.isEmpty || !x.isReal || x.re > 0
  }
}
