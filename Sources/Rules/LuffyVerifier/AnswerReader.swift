/// What a text was read as: a value, and the normalised text of the first candidate.
struct Answer {
  var value: Expression?
  var text: Bytes?
  /// The other reading of an ambiguous notation: 7.02e5 as 7.02 · e · 5.
  var alternative: Expression?

  var isEmpty: Bool { value == nil && text == nil }
}

/// Reads the answer out of a response or a reference.
struct AnswerReader {
  let options: ExtractionOptions
  let budget: WorkBudget

  /// Longer LaTeX than this is no answer; it is kept as text only.
  static let latexLimit = 8_192
  /// Candidates tried before giving up.
  static let candidateLimit = 48

  func read(_ text: Bytes) -> Answer {
    var answer = Answer()
    var tried = 0
    var scanner = CandidateScanner(text, options: options)
    for priority in CandidateScanner.Priority.allCases {
      let candidates = scanner.candidates(priority)
      for candidate in candidates {
        tried += 1
        if tried > Self.candidateLimit || budget.isExhausted { return answer }
        let (value, normalized) = read(candidate, of: text)
        if answer.text == nil, !normalized.isEmpty { answer.text = normalized }
        if let value {
          answer.value = value
          if LatexParser.isAmbiguous(normalized) {
            answer.alternative = LatexParser.parse(normalized, scientific: false, budget: budget)
          }
          return answer
        }
        if options.firstMatchOnly { return answer }
      }
    }
    return answer
  }

  private func read(_ candidate: Candidate, of text: Bytes) -> (Expression?, Bytes) {
    switch candidate.content {
    case .latex(let environments):
      return latex(environments.map { (Bytes(text[$0.content]), $0.isPercent) }, boxes: .all)
    case .rawBox(let range): return latex([(Bytes(text[range]), false)], boxes: .last)
    case .number(let match): return number(match, of: text)
    case .expression(let range):
      let source = Bytes(text[range])
      return (PlainParser.parse(source, budget: budget), source)
    }
  }

  private func latex(
    _ sources: [(text: Bytes, isPercent: Bool)], boxes: BoxedContent.Mode
  ) -> (Expression?, Bytes) {
    var values: [Expression?] = []
    var texts: [Bytes] = []
    for (source, isPercent) in sources {
      let normalized = LatexNormalizer.normalize(source, boxes: boxes)
      texts.append(normalized)
      var value = LatexParser.parse(normalized, budget: budget)
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
