/// Rewrites an answer's LaTeX into the plain form that the parser reads, in Math-Verify's order:
/// boxes, commands, units, malformed operators.
struct LatexNormalizer {
  private(set) var text: Bytes

  mutating func setText(_ new: Bytes) { text = new }

  /// The normalised form of `latex`; what is too long to be an answer stays as it is, as does everything once the budget
  /// is spent.
  static func normalize(_ latex: Bytes, boxes: BoxedContent.Mode, budget: WorkBudget) -> Bytes {
    if budget.isExhausted { return latex.trimmed() }
    budget.charge(scanned: 16 * latex.count)
    let content = BoxedContent(text: latex.plainSpaces()).extract(boxes)
    guard !AnswerReader.isTooLong(content) else { return content.trimmed() }
    var normalizer = LatexNormalizer(text: UnicodeMath.rewritten(content))
    normalizer.pay(budget)
    normalizer.simplifyCommands()
    normalizer.resolveTexts()
    normalizer.dropUnits()
    normalizer.fixLeadingDecimal()
    normalizer.fixOperators()
    return normalizer.text.trimmed()
  }

  private init(text: Bytes) { self.text = text }

  /// Some forty passes go over the text, and ten more over its commands.
  private func pay(_ budget: WorkBudget) {
    let commands = text.count { $0 == UInt8(ascii: "\\") }
    budget.charge(read: Self.fixedCost + text.count + 4 * commands)
  }

  /// What a short text costs.
  private static let fixedCost = 20

  // MARK: commands

  private mutating func simplifyCommands() {
    if text.contains("\\\\"), !text.contains("\\begin{") { halveBackslashes() }
    if text.contains(UInt8(ascii: "\\")) {
      if text.contains("{\\") { oldFonts() }
      if text.contains("matrix}") {
        text = text.replacing("\\left[\\begin{matrix}", with: "\\begin{bmatrix}")
          .replacing("\\end{matrix}\\right]", with: "\\end{bmatrix}")
      }
      if text.contains("\\begin{") { plainEnvironments() }
      for name in ["max", "min"] where text.contains("_{\\\(name)}") {
        text = text.replacing("_{\\\(name)}", with: "_{\\text{\(name)}}")
      }
      plainStyles()
    }
    expandPermutations()
    expandChoices()
    removeNoise()
    nameCode()
    replaceWords()
    separateEquations()
    for index in text.indices where text[index] == 0x0A || text[index] == 0x09 {
      text[index] = 0x20
    }
  }

  /// `{\rm d}` becomes `\mathrm{d}`, and the like.
  private mutating func oldFonts() {
    for (old, new) in [("rm", "mathrm"), ("bf", "mathbf"), ("it", "mathit"), ("cal", "mathcal")]
    where text.contains("{\\\(old) ") {
      text = text.replacing("{\\\(old) ", with: "\\\(new){")
    }
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

  /// Drops `\!`, empty `\text{}`, dollars and quotes.
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
      case UInt8(ascii: ","):
        if let end = thousandsEnd(at: index) {
          index = end
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

  /// After the `,\!` before the three digits of a group, in an argument: `\sqrt{6,\!000}` holds one number.
  private func thousandsEnd(at index: Int) -> Int? {
    guard index > 0, text[index - 1].isDigit, text.matches("\\!", at: index + 1) else { return nil }
    var end = index + 3
    while let byte = text.byte(at: end), byte.isDigit, end < index + 7 { end += 1 }
    var start = index - 1
    while start > max(0, index - 24),
      text[start].isDigit || Bytes(",\\!".utf8).contains(text[start])
    {
      start -= 1
    }
    guard text[start] == UInt8(ascii: "{") || text[start] == UInt8(ascii: "(") else { return nil }
    return end == index + 6 ? index + 3 : nil
  }

  private func noiseEnd(at index: Int) -> Int? {
    switch text.byte(at: index + 1) {
    case UInt8(ascii: "!"): return text.skippingSpace(from: index + 2)
    case UInt8(ascii: "$"): return index + 2
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

  // MARK: words and decimals

  /// `x = 1 \quad x = 5`, `x = 1 \vee x = 5`: several equations are a list.
  private mutating func separateEquations() {
    for mark in ["\\vee", "\\lor", "\\wedge", "\\land", "\\qquad", "\\quad"]
    where text.contains(mark) {
      var segments: [Bytes] = []
      var start = 0
      while let next = text.firstIndex(of: mark, from: start), segments.count < 16 {
        segments.append(Bytes(text[start..<next]))
        start = next + mark.utf8.count
      }
      segments.append(Bytes(text[start...]))
      let isList = segments.allSatisfy { segment in
        segment.contains {
          $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">")
        }
          && segment.trimmed().last.map { !Bytes(",;=".utf8).contains($0) } ?? false
      }
      if isList { text = Bytes(segments.joined(separator: [UInt8(ascii: ",")])) }
    }
  }

  private mutating func fixLeadingDecimal() {
    if text.first == UInt8(ascii: ".") { text.insert(UInt8(ascii: "0"), at: 0) }
    if text.count == 3, text.matches("0.5", at: 0) { text = Bytes("\\frac{1}{2}".utf8) }
  }
}
