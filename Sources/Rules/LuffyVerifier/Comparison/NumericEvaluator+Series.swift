import Glibc

/// Sums without end.
extension NumericEvaluator {
  /// Terms that are looked at for the transform.
  private static let seriesTerms = 18

  /// Levin's u transform of the first terms; nil where the terms do not fall fast enough to be sure of a sum, or where the
  /// transform does not settle.
  func series(_ body: Expression, _ variable: String, _ first: Int) -> Approximation? {
    var inner = self
    func term(_ place: Int) -> Double? {
      inner.variables[variable] = Approximation(Double(first + place))
      guard let value = inner.value(body), value.isReal, value.re.isFinite else { return nil }
      return value.re
    }
    var terms: [Double] = []
    for place in 0..<Self.seriesTerms {
      guard let value = term(place) else { return nil }
      terms.append(value)
    }
    guard let near = term(60), let far = term(120), abs(far) <= 0.45 * abs(near) || far == 0 else {
      return nil
    }
    if let late = term(100_000), let later = term(200_000), abs(later) > 0.45 * abs(late) {
      return nil
    }
    // The first terms of a fast series are the whole sum.
    guard !terms.contains(0) else { return nil }
    var best: (value: Double, change: Double)?
    var before: Double?
    for order in 4..<Self.seriesTerms {
      guard let value = Self.levin(terms, order) else { continue }
      if let last = before {
        let change = abs(value - last)
        if change < best?.change ?? .infinity { best = (value, change) }
      }
      before = value
    }
    guard let best, best.change <= 1e-8 * max(abs(best.value), 1e-9) else { return nil }
    return Approximation(best.value, 0, error: 4 * best.change + 1e-12 * abs(best.value))
  }

  private static func levin(_ terms: [Double], _ order: Int) -> Double? {
    var (top, bottom, partial, choose) = (0.0, 0.0, 0.0, 1.0)
    for place in 0...order {
      partial += terms[place]
      let ratio = Double(place + 1) / Double(order + 1)
      let weight =
        (place % 2 == 0 ? choose : -choose) * Glibc.pow(ratio, Double(order - 1))
        / (Double(place + 1) * terms[place])
      top += weight * partial
      bottom += weight
      choose = choose * Double(order - place) / Double(place + 1)
    }
    let value = top / bottom
    return value.isFinite ? value : nil
  }
}
