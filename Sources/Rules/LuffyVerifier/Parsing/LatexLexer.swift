/// Cuts normalised LaTeX into tokens: the longest token that fits wins. An unknown character or
/// command means that the text cannot be read.
struct LatexLexer {
  let text: Bytes
  private var index = 0
  private var tokens: [LatexToken] = []
  /// Whether `7.02e5` is one number, or 7.02 · e · 5.
  private let scientific: Bool

  /// Where to go on, where more was read than the token holds.
  private var resume = 0

  /// More tokens than this are no answer.
  static let tokenLimit = 2_048

  /// The tokens, nil where the text holds something that the grammar does not know.
  static func tokens(of text: Bytes, scientific: Bool) -> [LatexToken]? {
    var lexer = LatexLexer(text: text, scientific: scientific)
    lexer.tokens.reserveCapacity(text.count)
    while lexer.index < text.count {
      guard let token = lexer.next(), lexer.tokens.count < tokenLimit else { return nil }
      if token.kind != .skipped { lexer.tokens.append(token) }
      lexer.index = max(token.end, lexer.resume)
      lexer.resume = 0
    }
    return withoutAlignment(lexer.tokens)
  }

  /// `x &= 1` is `x = 1`: an ampersand beside a relation only says where the lines meet.
  private static func withoutAlignment(_ tokens: [LatexToken]) -> [LatexToken] {
    guard tokens.contains(where: { $0.kind == .ampersand }) else { return tokens }
    return tokens.indices.filter { index in
      guard tokens[index].kind == .ampersand else { return true }
      let after = index + 1 < tokens.count && tokens[index + 1].kind.isRelation
      return !after && !(index > 0 && tokens[index - 1].kind.isRelation)
    }.map { tokens[$0] }
  }

  private init(text: Bytes, scientific: Bool) {
    self.text = text
    self.scientific = scientific
  }

  private mutating func next() -> LatexToken? {
    let byte = text[index]
    if byte.isSpace {
      return token(.skipped, text.skippingSpace(from: index))
    }
    if byte.isDigit || (byte == UInt8(ascii: ".") && text.byte(at: index + 1)?.isDigit ?? false) {
      return number()
    }
    if byte == UInt8(ascii: "\\") { return command() }
    if byte.isLetter { return letter() }
    if let entry = LatexCommands.shared.symbol(in: text, at: index) {
      return token(entry.kind, index + entry.text.count, detail: entry.detail)
    }
    return nil
  }

  private func token(_ kind: LatexToken.Kind, _ end: Int, detail: UInt8 = 0) -> LatexToken {
    LatexToken(kind: kind, start: index, end: end, detail: detail)
  }

  private func digitsEnd(_ start: Int) -> Int {
    var cursor = start
    while let byte = text.byte(at: cursor), byte.isDigit { cursor += 1 }
    return cursor
  }

  /// A token, with text after it that is skipped.
  private mutating func token(
    _ kind: LatexToken.Kind, _ end: Int, through resume: Int
  ) -> LatexToken {
    self.resume = resume
    return token(kind, end)
  }

  private mutating func number() -> LatexToken {
    var end = digitsEnd(index)
    if text.byte(at: end) == UInt8(ascii: "."), text.byte(at: end + 1)?.isDigit ?? false {
      end = digitsEnd(end + 1)
      // 3.14… is meant as its digits.
      let dots = text.skippingSpace(from: end)
      if text.matches("\\ldots", at: dots) { return token(.number, end, through: dots + 6) }
    }
    if text.byte(at: end) == UInt8(ascii: "E") {
      var digits = end + 1
      if let sign = text.byte(at: digits), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        digits += 1
      }
      let exponent = digitsEnd(digits)
      if exponent > digits { return token(.scientific, exponent) }
    }
    if let exponent = lowerCaseExponent(after: end) { return token(.scientific, exponent) }
    var percent = end
    if let byte = text.byte(at: percent), byte.isSpace { percent += 1 }
    if text.matches("\\%", at: percent) { return token(.percentNumber, percent + 2) }
    if text.byte(at: percent) == UInt8(ascii: "%") { return token(.percentNumber, percent + 1) }
    return token(.number, end)
  }

  /// `7.02e5` and `1e400`; `2e-3` may be 2e − 3, so a sign needs a decimal point before it.
  private func lowerCaseExponent(after end: Int) -> Int? {
    guard scientific, text.byte(at: end) == UInt8(ascii: "e") else { return nil }
    var digits = end + 1
    if let sign = text.byte(at: digits), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
      guard text[index..<end].contains(UInt8(ascii: ".")) else { return nil }
      digits += 1
    }
    let exponent = digitsEnd(digits)
    return exponent > digits ? exponent : nil
  }

  private func command() -> LatexToken? {
    if let array = arrayStart() { return array }
    guard let entry = LatexCommands.shared.command(in: text, at: index) else { return nil }
    let end = index + 1 + entry.text.count
    switch entry.kind {
    case .accent: return accent(after: end)
    case .greek, .otherSymbol: return token(entry.kind, end, detail: entry.detail)
    case .infinity:
      if text.matches("\\%", at: end) { return token(.infinity, end + 2) }
      return token(.infinity, text.byte(at: end) == UInt8(ascii: "%") ? end + 1 : end)
    default: return token(entry.kind, end, detail: entry.detail)
    }
  }

  /// `\text{…}` and its like, up to the first closing brace.
  private func accent(after end: Int) -> LatexToken? {
    var open = end
    if let byte = text.byte(at: open), byte.isSpace { open += 1 }
    guard text.byte(at: open) == UInt8(ascii: "{") else { return nil }
    var close = open + 1
    while let byte = text.byte(at: close) {
      if byte == UInt8(ascii: "}"), text[close - 1] != UInt8(ascii: "\\") || close - 1 == open {
        let isPercent = close - open < 6 && text[close - 1] == UInt8(ascii: "%")
        return token(isPercent ? .percentWord : .accent, close + 1)
      }
      close += 1
    }
    guard let first = text[(open + 1)...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
    return token(.accent, first + 1)
  }

  private func arrayStart() -> LatexToken? {
    guard text.matches("\\begin{array}{", at: index) else { return nil }
    var cursor = index + 14
    while let byte = text.byte(at: cursor),
      Bytes("clr| ".utf8).contains(byte)
    {
      cursor += 1
    }
    return text.byte(at: cursor) == UInt8(ascii: "}") ? token(.matrixStart, cursor + 1) : nil
  }

  private func letter() -> LatexToken {
    let byte = text[index]
    let keyword = LatexCommands.shared.keyword(in: text, at: index)
    if byte == UInt8(ascii: "d"), let end = differentialEnd(),
      end - index > (keyword?.text.count ?? 0)
    {
      return token(.differential, end)
    }
    if let keyword { return token(.keyword, index + keyword.text.count) }
    return token(byte == UInt8(ascii: "e") ? .euler : .letter, index + 1)
  }

  /// `dx`, `d x`, `d\theta`.
  private func differentialEnd() -> Int? {
    let start = text.skippingSpace(from: index + 1)
    guard let byte = text.byte(at: start) else { return nil }
    if byte.isLetter { return start + 1 }
    guard byte == UInt8(ascii: "\\"), text.byte(at: start + 1)?.isLetter ?? false else {
      return nil
    }
    var end = start + 2
    while let next = text.byte(at: end), next.isLetter { end += 1 }
    return end
  }
}
