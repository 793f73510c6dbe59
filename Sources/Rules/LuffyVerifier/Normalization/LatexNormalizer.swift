/// Rewrites an answer's LaTeX into the plain form that the parser reads, in Math-Verify's order:
/// boxes, commands, units, malformed operators.
struct LatexNormalizer {
  private(set) var text: Bytes

  mutating func setText(_ new: Bytes) { text = new }

  /// The normalised form of `latex`; what is too long to be an answer stays as it is.
  static func normalize(_ latex: Bytes, boxes: BoxedContent.Mode) -> Bytes {
    let content = BoxedContent(text: latex).extract(boxes).plainSpaces()
    guard content.count <= AnswerReader.latexLimit else { return content.trimmed() }
    var normalizer = LatexNormalizer(text: UnicodeMath.rewritten(content))
    normalizer.simplifyCommands()
    normalizer.dropUnits()
    normalizer.fixLeadingDecimal()
    normalizer.fixOperators()
    return normalizer.text.trimmed()
  }

  private init(text: Bytes) { self.text = text }

  // MARK: commands

  private mutating func simplifyCommands() {
    if text.contains(UInt8(ascii: "\\")) {
      if text.contains("\\mathrm{") {
        text = text.replacing("\\mathrm{T}", with: "T").replacing("\\mathrm{d}", with: "d")
      }
      if text.contains("{\\rm d}") { text = text.replacing("{\\rm d}", with: "d") }
      if text.contains("matrix}") {
        text = text.replacing("\\left[\\begin{matrix}", with: "\\begin{bmatrix}")
          .replacing("\\end{matrix}\\right]", with: "\\end{bmatrix}")
      }
      dropSizing()
    }
    expandPermutations()
    removeNoise()
    replaceWords()
    for index in text.indices where text[index] == 0x0A || text[index] == 0x09 {
      text[index] = 0x20
    }
    if text.contains("\\\\"), !text.contains("matrix") { halveBackslashes() }
  }

  private static let leftDelimiters = [
    "\\{", "{", "\\|", "|", "[", "(", "\\rbracl", "\\lgroup", "\\lbrace", "\\lbrack", "\\vert",
    "\\lvert", "\\lceil", "\\lfloor", "\\langle", "\\llcorner", "\\ulcorner",
  ]
  private static let rightDelimiters = [
    "\\}", "}", "\\|", "|", "]", ")", "\\rbrack", "\\rgroup", "\\rbrace", "\\vert", "\\rvert",
    "\\rceil", "\\rfloor", "\\rangle", "\\lrcorner", "\\urcorner",
  ]

  /// `\left(` becomes `(`; a `\left` before anything else stays.
  private mutating func dropSizing() {
    guard text.contains("left") || text.contains("right") else { return }
    var result = Bytes()
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if text[index] == UInt8(ascii: "\\") {
        let name = text.byte(at: index + 1) == UInt8(ascii: "m") ? index + 2 : index + 1
        var end: Int?
        if text.matches("left", at: name),
          Self.leftDelimiters.contains(where: { text.matches($0, at: name + 4) })
        {
          end = name + 4
        } else if text.matches("right", at: name),
          Self.rightDelimiters.contains(where: { text.matches($0, at: name + 5) })
        {
          end = name + 5
        }
        if let end {
          // The delimiter itself is kept whole, so that its backslash is not read again.
          index = end
          result.append(text[index])
          index += 1
          continue
        }
      }
      result.append(text[index])
      index += 1
    }
    text = result
  }

  /// `(a)_{b}`, falling factorials: a! / (a − b)!.
  private mutating func expandPermutations() {
    guard let mark = text.firstIndex(of: ")_{", from: 0) else { return }
    func allowed(_ byte: UInt8) -> Bool {
      byte.isLetter || byte.isDigit || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "*")
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
        || byte == UInt8(ascii: " ")
    }
    var open = mark - 1
    while open >= 0, allowed(text[open]) { open -= 1 }
    var close = mark + 3
    while close < text.count, allowed(text[close]) { close += 1 }
    guard open >= 0, text[open] == UInt8(ascii: "("), open < mark - 1, close < text.count,
      text[close] == UInt8(ascii: "}"), close > mark + 3
    else { return }
    let a = Bytes(text[(open + 1)..<mark]).text
    let b = Bytes(text[(mark + 3)..<close]).text
    text =
      Bytes(text[..<open]) + Bytes("\\frac{(\(a))!}{((\(a))-(\(b)))!}".utf8)
      + Bytes(text[(close + 1)...])
  }

  /// Drops `\!`, empty `\text{}`, dollars, quotes, `\displaystyle` and `\mathrm{th}`.
  private mutating func removeNoise() {
    var result = Bytes()
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      switch text[index] {
      case UInt8(ascii: "$"):
        index += 1
        continue
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        if index == 0 || text[index - 1] != UInt8(ascii: "\\") {
          index += 1
          continue
        }
      case UInt8(ascii: "\\"):
        if let end = noiseEnd(at: index) {
          index = end
          continue
        }
      default: break
      }
      result.append(text[index])
      index += 1
    }
    text = result
  }

  private func noiseEnd(at index: Int) -> Int? {
    switch text.byte(at: index + 1) {
    case UInt8(ascii: "!"): return text.skippingSpace(from: index + 2)
    case UInt8(ascii: "$"): return index + 2
    case UInt8(ascii: "m"): return text.matches("\\mathrm{th}", at: index) ? index + 11 : nil
    case UInt8(ascii: "d"): return text.matches("\\displaystyle", at: index) ? index + 13 : nil
    case UInt8(ascii: "t"):
      guard text.matches("\\text", at: index) else { return nil }
      let open = text.skippingSpace(from: index + 5)
      guard text.byte(at: open) == UInt8(ascii: "{") else { return nil }
      let close = text.skippingSpace(from: open + 1)
      return text.byte(at: close) == UInt8(ascii: "}") ? close + 1 : nil
    default: return nil
    }
  }

  /// `\\alpha` becomes `\alpha`.
  private mutating func halveBackslashes() {
    var result = Bytes()
    var index = 0
    while index < text.count {
      if text[index] == UInt8(ascii: "\\"), text.byte(at: index + 1) == UInt8(ascii: "\\"),
        let next = text.byte(at: index + 2), next.isLetter
      {
        index += 1
      }
      result.append(text[index])
      if text[index] == UInt8(ascii: "\\"), text.byte(at: index + 1).map({ !$0.isLetter }) ?? false,
        text[index + 1] == UInt8(ascii: "\\"), !(text.byte(at: index + 2)?.isLetter ?? false)
      {
        result.append(text[index + 1])
        index += 1
      }
      index += 1
    }
    text = result
  }

  // MARK: units and decimals

  private mutating func dropUnits() {
    if let start = trailingText() {
      let rest = Bytes(text[..<start]).trimmed()
      if !rest.isEmpty { text = rest }
    }
    for _ in 0..<2 {
      guard let end = UnitWords.valueEnd(text) else { break }
      text.removeSubrange(end...)
    }
  }

  /// Where a `\text{…}` begins that reaches to the end (possibly with an exponent).
  private func trailingText() -> Int? {
    var end = text.count
    guard end > 0 else { return nil }
    if end >= 4, text[end - 1] == UInt8(ascii: "}"), text[end - 2].isDigit,
      text[end - 3] == UInt8(ascii: "^"),
      text[end - 4] == UInt8(ascii: "{"), end >= 5, text[end - 5] == UInt8(ascii: "}")
    {
      end -= 4
    } else if end >= 3, text[end - 1].isDigit, text[end - 2] == UInt8(ascii: "^"),
      text[end - 3] == UInt8(ascii: "}")
    {
      end -= 2
    }
    guard text[end - 1] == UInt8(ascii: "}") else { return nil }
    for index in 0..<end where text[index] == UInt8(ascii: "\\") {
      if text.matches("\\text{", at: index), end > index + 6 { return index }
      if text.matches("\\mbox{", at: index), end > index + 6 { return index }
    }
    return nil
  }

  private mutating func fixLeadingDecimal() {
    if text.first == UInt8(ascii: ".") { text.insert(UInt8(ascii: "0"), at: 0) }
    if text.count == 3, text.matches("0.5", at: 0) { text = Bytes("\\frac{1}{2}".utf8) }
  }
}
