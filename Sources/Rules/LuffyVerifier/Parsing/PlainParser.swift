/// Reads plain arithmetic: `3 + 4*5`, `(1+2)^3`, `1/2`. There is no juxtaposition here.
struct PlainParser {
  private let text: Bytes
  private var index = 0
  private var depth = 0

  static func parse(_ text: Bytes, budget: WorkBudget) -> Expression? {
    guard text.count <= 2_000 else { return nil }
    var parser = PlainParser(text: text)
    guard let value = try? parser.sum() else { return nil }
    return parser.peek() == nil ? value : nil
  }

  private init(text: Bytes) { self.text = text }

  private mutating func peek() -> UInt8? {
    index = text.skippingSpace(from: index)
    return text.byte(at: index)
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    index += 1
    return true
  }

  private mutating func sum() throws(ParseFailure) -> Expression {
    depth += 1
    guard depth < 100 else { throw ParseFailure() }
    defer { depth -= 1 }
    var value = try product()
    while true {
      if take(UInt8(ascii: "+")) {
        value = .adding(value, try product())
      } else if take(UInt8(ascii: "-")) {
        value = .adding(value, .multiplying(.number(.minusOne), try product()))
      } else {
        return value
      }
    }
  }

  private mutating func product() throws(ParseFailure) -> Expression {
    var value = try factor()
    var divisions = 0
    while true {
      guard let next = peek() else { return value }
      if next == UInt8(ascii: "*"), text.byte(at: index + 1) != UInt8(ascii: "*") {
        index += 1
        value = .multiplying(value, try factor())
      } else if next == UInt8(ascii: "/") {
        index += 1
        divisions += 1
        if peek() == UInt8(ascii: "/") || divisions > 100 { throw ParseFailure() }
        value = .product(value.factors + [.power(try factor(), .number(.minusOne))])
      } else {
        return value
      }
    }
  }

  private mutating func factor() throws(ParseFailure) -> Expression {
    depth += 1
    guard depth < 100 else { throw ParseFailure() }
    defer { depth -= 1 }
    if take(UInt8(ascii: "-")) { return try factor().negated }
    if take(UInt8(ascii: "+")) { return try factor() }
    let base = try primary()
    if take(UInt8(ascii: "^")) { return .power(base, try factor()) }
    if peek() == UInt8(ascii: "*"), text.byte(at: index + 1) == UInt8(ascii: "*") {
      index += 2
      return .power(base, try factor())
    }
    return base
  }

  private mutating func primary() throws(ParseFailure) -> Expression {
    if take(UInt8(ascii: "(")) {
      let value = try sum()
      guard take(UInt8(ascii: ")")) else { throw ParseFailure() }
      return value
    }
    _ = peek()
    let start = index
    while let byte = text.byte(at: index), byte.isDigit || byte == UInt8(ascii: ".") { index += 1 }
    let digits = Bytes(text[start..<index])
    let isInteger = !digits.contains(UInt8(ascii: "."))
    guard !digits.isEmpty, let value = try? Rational(decimal: digits),
      !(isInteger && digits.count > 1 && digits[0] == UInt8(ascii: "0") && !value.isZero)
    else { throw ParseFailure() }
    return isInteger ? .number(value) : .decimal(value)
  }
}
