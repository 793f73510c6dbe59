/// Groups, atoms, fractions, matrices.
extension LatexParser {
  mutating func primary(withoutFunctions: Bool) throws(ParseFailure) -> Expression {
    guard let kind else { throw ParseFailure() }
    switch kind {
    case .leftParenthesis: return try group(.rightParenthesis)
    case .leftBracket: return try group(.rightBracket)
    case .leftGroup: return try group(.rightGroup)
    case .leftSet: return try group(.rightSet)
    case .leftBrace: return try braceGroup()
    case .boxed:
      position += 1
      guard self.kind == .leftBrace else { throw ParseFailure() }
      return try group(.rightBrace)
    case .bar: return .apply(.absolute, [try bars(.bar)])
    case .vertical: return .apply(.absolute, [try bars(.vertical)])
    case .leftVertical: return .apply(.absolute, [try group(.rightVertical)])
    case .norm: return .apply(.norm, [try bars(.norm)])
    case .leftFloor: return .apply(.floor, [try group(.rightFloor)])
    case .leftCeiling: return .apply(.ceiling, [try group(.rightCeiling)])
    case .fraction: return try fraction()
    case .binomial: return try binomial()
    case .matrixStart: return try matrix(end: .matrixEnd)
    case .casesStart: return try cases()
    case .determinantStart: return .apply(.determinant, [try matrix(end: .determinantEnd)])
    case .euler, .function, .listFunction, .operatorName, .root, .limit, .integral, .bigSum,
      .bigProduct, .gammaFunction:
      if withoutFunctions, kind != .gammaFunction { throw ParseFailure() }
      return try nested { parser throws(ParseFailure) in try parser.function() }
    default:
      if !withoutFunctions, let call = call() { return call }
      return try atom()
    }
  }

  /// A bracketed expression; the bracket here is any opener.
  mutating func group(_ close: Kind) throws(ParseFailure) -> Expression {
    position += 1
    let bars = openBars
    let outer = integrals
    (openBars, integrals) = (0, 0)
    let value = try expression()
    (openBars, integrals) = (bars, outer)
    try expect(close)
    return value
  }

  private mutating func braceGroup() throws(ParseFailure) -> Expression {
    position += 1
    let bars = openBars
    openBars = 0
    let value = try expression()
    openBars = bars
    if take(.choose) {
      let lower = try expression()
      try expect(.rightBrace)
      return .apply(.binomial, [value, lower])
    }
    try expect(.rightBrace)
    return value
  }

  private mutating func bars(_ bar: Kind) throws(ParseFailure) -> Expression {
    position += 1
    openBars += 1
    let value = try expression()
    openBars -= 1
    try expect(bar)
    return value
  }

  /// What a command takes: a group, else one letter, number or command.
  mutating func argument() throws(ParseFailure) -> Expression {
    switch kind {
    case .leftBrace: return try group(.rightBrace)
    case .number, .letter, .greek, .otherSymbol, .accent, .infinity:
      return try atomWithoutPower()
    case .euler:
      position += 1
      return .constant(.e)
    case .root, .fraction, .binomial:
      return try nested { parser throws(ParseFailure) in
        try parser.primary(withoutFunctions: false)
      }
    default: throw ParseFailure()
    }
  }

  // MARK: fractions

  private mutating func fraction() throws(ParseFailure) -> Expression {
    position += 1
    if let derivative = try derivative() { return derivative }
    let upper = try argument()
    let lower = try argument()
    return .dividing(upper, lower)
  }

  /// `\frac{d}{dx}` and `\frac{dy}{dx}`.
  private mutating func derivative() throws(ParseFailure) -> Expression? {
    let start = position
    guard kind == .leftBrace else { return nil }
    if kind(at: 1) == .letter, source(tokens[position + 1]) == Bytes("d".utf8),
      kind(at: 2) == .rightBrace, kind(at: 3) == .leftBrace, kind(at: 4) == .differential,
      kind(at: 5) == .rightBrace
    {
      let variable = differentialName(tokens[position + 4])
      position += 6
      return .bound(
        .derivative, body: .undefined, variable: variable, from: .zero, to: .zero)
    }
    if kind(at: 1) == .differential, kind(at: 2) == .rightBrace, kind(at: 3) == .leftBrace,
      kind(at: 4) == .differential, kind(at: 5) == .rightBrace
    {
      let body = differentialName(tokens[start + 1])
      let variable = differentialName(tokens[start + 4])
      position += 6
      return .bound(
        .derivative, body: .symbol(body), variable: variable, from: .zero, to: .zero)
    }
    return nil
  }

  func differentialName(_ token: LatexToken) -> String {
    Bytes(source(token).dropFirst()).trimmed().filter { $0 != UInt8(ascii: "\\") }.text
  }

  private mutating func binomial() throws(ParseFailure) -> Expression {
    position += 1
    let upper = try argument()
    return .apply(.binomial, [upper, try argument()])
  }

  // MARK: matrices

  private mutating func matrix(end: Kind) throws(ParseFailure) -> Expression {
    position += 1
    let bars = openBars
    openBars = 0
    defer { openBars = bars }
    var elements: [Expression] = []
    var columns: Int?
    repeat {
      if kind == end { break }
      var row = [try expression()]
      while take(.ampersand) { row.append(try expression()) }
      if let columns, columns != row.count { throw ParseFailure() }
      columns = row.count
      elements += row
    } while take(.rowEnd)
    try expect(end)
    guard let columns else { throw ParseFailure() }
    return .matrix(columns: columns, elements)
  }

  // MARK: atoms

  /// What an atom costs: about half a microsecond.
  private static let atomCost = 6

  mutating func atom() throws(ParseFailure) -> Expression {
    guard let token = position < tokens.count ? tokens[position] : nil else { throw ParseFailure() }
    budget.charge(Self.atomCost)
    switch token.kind {
    case .number:
      position += 1
      return try number(token)
    case .percentNumber:
      position += 1
      let digits = source(token).prefix { $0.isDigit || $0 == UInt8(ascii: ".") }
      return .percent(try Self.numeral(Bytes(digits)))
    case .scientific:
      position += 1
      let digits = source(token)
      guard let value = try? Rational(decimal: digits) else { throw ParseFailure() }
      // 2.9e-19 is meant to its own digits: rounding to six decimals would make it zero.
      return digits.contains(UInt8(ascii: "e")) ? .number(value) : .decimal(value)
    case .infinity:
      position += 1
      return .constant(.infinity)
    case .gammaFunction:
      position += 1
      return .constant(.eulerGamma)
    case .euler:
      position += 1
      return .constant(.e)
    case .differential:
      position += 1
      return .symbol("d" + differentialName(token))
    default:
      let name = try name()
      guard kind == .caret, case .symbol = name else { return name }
      position += 1
      return .power(name, try exponent())
    }
  }

  private static func numeral(_ digits: Bytes) throws(ParseFailure) -> Expression {
    guard let value = try? Rational(decimal: digits) else { throw ParseFailure() }
    return digits.contains(UInt8(ascii: ".")) ? .decimal(value) : .number(value)
  }

  private mutating func number(_ token: LatexToken) throws(ParseFailure) -> Expression {
    if let repeating = repeating(source(token)) { return repeating }
    let value = try Self.numeral(source(token))
    guard kind == .underscore else { return value }
    let base = Self.base(try subscriptText())
    if let base, (2...36).contains(base), case .number(let digits) = value {
      return .based(digits, base: base)
    }
    return value
  }

  /// A base in digits or as a word.
  private static func base(_ subscripted: Bytes) -> Int? {
    let text = subscripted.text
    if let base = Int(text) { return base }
    let names = [
      "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
      "ten": 10, "twelve": 12, "sixteen": 16,
    ]
    guard text.hasPrefix("\\text{"), text.hasSuffix("}") else { return nil }
    return names[String(text.dropFirst(6).dropLast()).lowercased()]
  }

  /// `0.\overline{3}`, `0.1\dot{6}`: digits that go on for ever.
  private mutating func repeating(_ digits: Bytes) -> Expression? {
    let hasPoint = digits.contains(UInt8(ascii: "."))
    let offset = hasPoint ? 0 : 1
    guard hasPoint || kind == .period, kind(at: offset) == .accent else { return nil }
    let mark = source(tokens[position + offset])
    guard let open = mark.firstIndex(of: UInt8(ascii: "{")) else { return nil }
    let command = Bytes(mark[1..<open]).trimmed().text
    let period = Bytes(mark[(open + 1)..<(mark.count - 1)]).trimmed()
    guard ["overline", "bar", "dot"].contains(command), (1...60).contains(period.count),
      period.allSatisfy(\.isDigit), digits.count < 60,
      let start = try? Rational(decimal: digits), let value = BigInteger(digits: period)
    else { return nil }
    let fixed = hasPoint ? digits.count - 1 - (digits.firstIndex(of: UInt8(ascii: ".")) ?? 0) : 0
    guard let nines = try? BigInteger(10).power(period.count).subtracting(.one),
      let shift = try? BigInteger(10).power(fixed),
      let scale = try? nines.multiplied(by: shift),
      let tail = try? Rational(value, over: scale), let sum = try? start.adding(tail)
    else { return nil }
    position += offset + 1
    return .number(sum)
  }

  /// A name: a letter, Greek letter, symbol or `\text{…}`, with its subscript.
  mutating func name() throws(ParseFailure) -> Expression {
    guard let token = position < tokens.count ? tokens[position] : nil else { throw ParseFailure() }
    var text = source(token)
    switch token.kind {
    case .letter, .otherSymbol: break
    case .greek:
      if kind(at: 1) != .underscore, let letter = GreekLetters.names[text.text] {
        text = Bytes(letter.utf8)
      }
    case .accent: text = Self.accentName(text, afterSign: position > 0)
    default: throw ParseFailure()
    }
    position += 1
    let isCapitalI = text == [UInt8(ascii: "I")] && token.kind == .letter
    if text.first == UInt8(ascii: "\\") { text.removeFirst() }
    if kind == .underscore {
      let below = try subscriptText()
      text += Bytes((below.count > 1 ? "_{\(below.text)}" : "_\(below.text)").utf8)
    } else if isCapitalI {
      return .symbol("I")
    }
    let name = text.text
    switch name {
    case "pi": return .constant(.pi)
    case "gamma", "Gamma": return .constant(.eulerGamma)
    default: return .symbol(name)
    }
  }

  /// `\text{Foo bar}` is foobar; other accents keep their kind.
  private static func accentName(_ source: Bytes, afterSign: Bool) -> Bytes {
    guard let open = source.firstIndex(of: UInt8(ascii: "{")) else { return source }
    let command = Bytes(source[1..<open]).trimmed().text
    var inner = source[(open + 1)..<(source.count - 1)].filter { $0 != UInt8(ascii: " ") }
    if afterSign, inner.allSatisfy(\.isDigit), inner.count < source.count - 2 - open {
      inner = Bytes(source[(open + 1)..<(source.count - 1)]).trimmed()
    }
    if command.contains("text") || command.contains("mbox") {
      inner.removeAll { $0 == UInt8(ascii: "(") || $0 == UInt8(ascii: ")") }
      return Bytes(inner)
    }
    let kind =
      switch command {
      case "bar", "overline": "bar"
      case "vec", "overrightarrow": "vec"
      case "tilde", "widetilde": "tilde"
      default: command.contains("math") ? "math" : command
      }
    return Bytes("\(kind){".utf8) + inner + [UInt8(ascii: "}")]
  }

  /// The text of a subscript, without white space.
  mutating func subscriptText() throws(ParseFailure) -> Bytes {
    try expect(.underscore)
    let start = position
    if take(.leftBrace) {
      _ = try expression()
      while take(.comma) { _ = try expression() }
      let inner = tokens[(start + 1)..<position]
      try expect(.rightBrace)
      return Bytes(inner.flatMap { source($0) }).trimmed()
    }
    _ = try atomWithoutPower()
    return Bytes(tokens[start..<position].flatMap { source($0) }).trimmed()
  }

  private mutating func atomWithoutPower() throws(ParseFailure) -> Expression {
    switch kind {
    case .letter, .greek, .otherSymbol, .accent: return try name()
    default: return try atom()
    }
  }
}
