/// What a text was read as: a value, and the normalised text of the first candidate.
struct Answer {
  var value: Expression?
  var text: Bytes?
  /// The other reading of an ambiguous notation: 7.02e5 as 7.02 · e · 5.
  var alternative: Expression?

  /// Whether the value is that of the first candidate, not of one that came after it failed.
  var isFirst = false

  var isEmpty: Bool { value == nil && text == nil }
}

/// Reads the answer out of a response or a reference.
struct AnswerReader {
  let options: ExtractionOptions
  let budget: WorkBudget
  /// Whether stops, currency signs and units in words around an answer are dropped.
  var trims = true
  /// Exactly as Math-Verify: what cannot be read gives way to the numbers in it, and plain text
  /// holds numbers and arithmetic only.
  var isLiteral = false
  /// What of the response is the problem once more.
  var question: RestatedProblem?

  /// Longer LaTeX than this is no answer; it is kept as text only. Digits count up to four times as much.
  static let latexLimit = 2_048

  static func isTooLong(_ latex: Bytes) -> Bool {
    if latex.count <= latexLimit { return false }
    return latex.count > 4 * latexLimit || latex.count { !$0.isDigit } > latexLimit / 4
  }

  /// Candidates tried before giving up.
  static let candidateLimit = 48

  func read(_ text: Bytes) -> Answer {
    var answer = Answer()
    var tried = 0
    var scanner = CandidateScanner(
      text, options: options, isLiteral: isLiteral, budget: budget)
    var blocked = scanner.anchors.denied
    var blockedNumbers: [Range<Int>] = []
    for priority in CandidateScanner.Priority.allCases {
      for candidate in scanner.candidates(priority) {
        if budget.isExhausted { return answer }
        let range = candidate.start..<candidate.end
        if blocked.contains(where: { $0.overlaps(range) }) { continue }
        if candidate.isPlain, blockedNumbers.contains(where: { $0.overlaps(range) }) { continue }
        budget.charge(scanned: candidate.source.count)
        if let question, isRestated(candidate, by: question, in: text) { continue }
        tried += 1
        if tried > Self.candidateLimit || budget.isExhausted { return answer }
        let (value, normalized) = read(candidate, of: text)
        if answer.text == nil, !normalized.isEmpty { answer.text = normalized }
        if let value {
          answer.value = value
          answer.isFirst = tried == 1
          if LatexParser.isAmbiguous(normalized) {
            answer.alternative = LatexParser.parse(normalized, scientific: false, budget: budget)
          }
          return answer
        }
        if options.firstMatchOnly { return answer }
        guard !isLiteral, isMathematics(candidate, in: text) else { continue }
        // Environments inside a box in words may still be the answer, numbers may not.
        let holdsDollar = text[range].dropFirst().dropLast().contains(UInt8(ascii: "$"))
        if holdsDollar { blockedNumbers.append(range) } else { blocked.append(range) }
      }
    }
    return answer
  }

  /// Whether the candidate is the problem once more; each look goes through the whole problem.
  private func isRestated(
    _ candidate: Candidate, by question: RestatedProblem, in text: Bytes
  ) -> Bool {
    budget.charge(read: 256 + min(candidate.source.count, 400))
    return question.restates(text[candidate.source])
  }

  /// Whether what could not be read was meant as an answer: numbers inside it are none then.
  private func isMathematics(_ candidate: Candidate, in text: Bytes) -> Bool {
    switch candidate.content {
    case .rawBox(let range): return isBalanced(text[range]) && !isProse(text[range])
    case .phrase: return true
    case .latex(let environments):
      return environments.allSatisfy { isTypeset($0, in: text) && !isProse(text[$0.content]) }
    case .number, .expression: return false
    }
  }

  /// A box that never closes was cut off: what can be read in it counts.
  private func isBalanced(_ text: ArraySlice<UInt8>) -> Bool {
    text.reduce(0) { $0 + ($1 == UInt8(ascii: "{") ? 1 : $1 == UInt8(ascii: "}") ? -1 : 0) } == 0
  }

  /// Several words: a sentence, whose numbers count as those of any sentence.
  private func isProse(_ text: ArraySlice<UInt8>) -> Bool {
    var words = 0
    var index = text.startIndex
    while index < text.endIndex {
      let start = index
      while index < text.endIndex, text[index].isLetter { index += 1 }
      let before = start > text.startIndex ? text[start - 1] : 0
      if index - start >= 3, before != UInt8(ascii: "\\"), before != UInt8(ascii: "{") {
        words += 1
      }
      index = max(index, start + 1)
    }
    return words >= 3
  }

  /// Not two prices: dollars that blanks or digits touch on the wrong side are currency signs.
  private func isTypeset(_ environment: Environment, in text: Bytes) -> Bool {
    let content = environment.content
    guard text.byte(at: content.lowerBound - 1) == UInt8(ascii: "$"),
      let first = text[content].first,
      let last = text[content].last
    else { return true }
    if first.isDigit, last.isSpace { return false }
    return !(text.byte(at: content.upperBound + 1)?.isDigit ?? false)
  }

  private func read(_ candidate: Candidate, of text: Bytes) -> (Expression?, Bytes) {
    budget.charge(scanned: candidate.source.count)
    switch candidate.content {
    case .latex(let environments):
      return latex(environments.map { (Bytes(text[$0.content]), $0.isPercent) }, boxes: .all)
    case .rawBox(let range): return latex([(Bytes(text[range]), false)], boxes: .last)
    case .number(let match): return number(match, of: text)
    case .phrase(let phrase):
      let normalized = LatexNormalizer.normalize(phrase.latex, boxes: .all, budget: budget)
      guard phrase.isWhole else { return (nil, Bytes(text[phrase.range])) }
      return (LatexParser.parse(normalized, budget: budget), normalized)
    case .expression(let range):
      let source = Bytes(text[range])
      return (PlainParser.parse(source, budget: budget), source)
    }
  }

  /// What Math-Verify cannot read: a sized bracket at the beginning, or a sign before dollars.
  private static func isUnread(_ content: Bytes) -> Bool {
    let plain = content.trimmed()
    return plain.matches("\\big", at: 0) || plain.matches("\\Big", at: 0)
      || plain.matches("-$", at: 0)
  }

  /// A number before or behind what Math-Verify takes for a name: `\text{It is } 7`, `51\phantom{1}`.
  private static func isNamedNumber(_ content: Bytes) -> Bool {
    if content.matches("\\text{", at: 0), let close = content.firstIndex(of: UInt8(ascii: "}")) {
      return content[..<close].split(separator: 0x20).last.map(Bytes.init)?.text == "is"
    }
    guard let mark = content.firstIndex(of: "\\phantom{", from: 0) else { return false }
    return Bytes(content[..<mark]).trimmed().allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") }
  }

  /// A decimal in bold or in words, which is a name to Math-Verify.
  private static func isStyledNumber(_ content: Bytes) -> Bool {
    if content == Bytes("½".utf8) { return true }
    guard content.last == UInt8(ascii: "}"),
      let open = content.firstIndex(of: UInt8(ascii: "{")),
      ["\\mathbf", "\\text"].contains(Bytes(content[..<open]).text)
    else { return false }
    let inner = content[(open + 1)..<(content.count - 1)]
    return inner.contains(UInt8(ascii: "."))
      && inner.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") }
  }

  private func latex(
    _ sources: [(text: Bytes, isPercent: Bool)], boxes: BoxedContent.Mode
  ) -> (Expression?, Bytes) {
    var values: [Expression?] = []
    var texts: [Bytes] = []
    for (source, isPercent) in sources {
      budget.charge(scanned: 4 * source.count)
      let boxed = BoxedContent(text: source, trims: trims).extract(boxes)
      let content = trims ? AnswerTrimming.bare(boxed) : boxed
      let isName =
        isLiteral && (Self.isStyledNumber(content) || Self.isNamedNumber(content))
      let isUnread = isLiteral && Self.isUnread(content)
      let isKept = isName || isUnread
      let normalized =
        isKept
        ? content : LatexNormalizer.normalize(content, boxes: .all, budget: budget)
      texts.append(normalized)
      var value: Expression? =
        isName
        ? .symbol(normalized.text)
        : isUnread ? nil : LatexParser.parse(normalized, budget: budget)
      // Beside a decimal the word is the sign, but for a reference held to Math-Verify's letter.
      if !isLiteral, let plain = value?.percentWord, plain.isDecimalAtom { value = .percent(plain) }
      if isPercent, let plain = value { value = .percent(plain) }
      values.append(value)
    }
    guard values.count > 1, !values.contains(nil) else { return (values[0], texts[0]) }
    var elements: [Expression] = []
    for case .some(let value) in values {
      if case .finiteSet(let inner) = value { elements += inner } else { elements.append(value) }
    }
    return (.set(elements), Bytes(texts.joined(separator: Bytes(" and ".utf8))))
  }

  private func number(_ match: NumberMatch, of text: Bytes) -> (Expression?, Bytes) {
    var digits = text[match.integer].filter { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: " ") }
    let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
    digits.removeFirst(zeros)
    if digits.isEmpty { digits = [UInt8(ascii: "0")] }
    let decimals: Bytes = text[match.decimals].map { $0 == 0x2C ? 0x2E : $0 }
    let source = Bytes(digits) + Bytes(decimals)
    guard let value = try? Rational(decimal: source) else { return (nil, source) }
    let number = decimals.isEmpty ? Expression.number(value) : .decimal(value)
    return (match.isPercent ? .percent(number) : number, source)
  }
}
