struct LatexParser {
  static func parse(_ text: Bytes, budget: WorkBudget) -> Expression? {
    var source = text
    if source.contains(UInt8(ascii: "\\")), source.starts(with: Bytes("\\frac{".utf8)),
      source.last == UInt8(ascii: "}"), let middle = source.firstIndex(of: "}{", from: 0)
    {
      guard let a = try? Rational(decimal: Bytes(source[6..<middle])),
        let b = try? Rational(decimal: Bytes(source[(middle + 2)..<(source.count - 1)]))
      else { return nil }
      return .dividing(.number(a), .number(b))
    }
    let isPercent = source.last == UInt8(ascii: "%")
    if isPercent { source.removeLast() }
    if isPercent, source.last == UInt8(ascii: "\\") { source.removeLast() }
    source.removeAll { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") }
    guard let value = try? Rational(decimal: source) else { return nil }
    let number = source.contains(UInt8(ascii: ".")) ? Expression.decimal(value) : .number(value)
    return isPercent ? .percent(number) : number
  }
}
struct PlainParser {
  static func parse(_ text: Bytes, budget: WorkBudget) -> Expression? { nil }
}
