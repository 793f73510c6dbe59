/// Candidates in plain text: what anchors introduce, the whole text, and what stands anywhere.
extension CandidateScanner {
  mutating func plainFinal(hope: Bool) -> [Candidate] {
    var found: [Candidate] = []
    var cursor = 0
    for start in anchors.finals where start >= cursor {
      guard let match = plainFinalMatch(at: start, hope: hope) else { continue }
      found.append(match)
      cursor = match.end
    }
    return found
  }

  private mutating func plainFinalMatch(at start: Int, hope: Bool) -> Candidate? {
    if let anchor = anchors.anchor(at: start + 6), anchor.readsPlainly {
      guard case .phrase(let phrase) = anchor.reading else { return nil }
      let end = phrase.range.upperBound
      if hope {
        return numbers.hopeEnd(at: end).map {
          Candidate(start: start, end: $0, content: .phrase(phrase))
        }
      }
      if isPositions(after: start, newlines: false).isEmpty { return nil }
      return Candidate(start: start, end: end, content: .phrase(phrase))
    }
    guard options.nearAnchor else { return nil }
    var positions: [Int] = []
    if hope {
      guard text.matchesFolded(" is", at: start + 12) else { return nil }
      var content = start + 15
      if text.byte(at: content) == UInt8(ascii: ":") { content += 1 }
      let end = text.skippingSpace(from: content)
      positions = end > content ? [end, end - 1] : [end]
    } else {
      positions = isPositions(after: start, newlines: false)
    }
    for content in positions {
      if let match = numbers.expressionOrNumber(at: content, before: hope ? .hope : .nothing) {
        return Candidate(start: start, end: match.end, content: match.content)
      }
    }
    return nil
  }

  mutating func plainAnswer(colon: Bool) -> [Candidate] {
    var found: [Candidate] = []
    var cursor = 0
    for anchor in anchors.all where anchor.start >= cursor && (!colon || anchor.hasColon) {
      guard let match = plainMatch(anchor, colon: colon) else { continue }
      found.append(Candidate(start: anchor.start, end: match.end, content: match.content))
      cursor = match.end
    }
    return found
  }

  private mutating func plainMatch(_ anchor: AnswerAnchors.Anchor, colon: Bool) -> Candidate? {
    switch anchor.reading {
    case .phrase(let phrase):
      return Candidate(
        start: anchor.start, end: phrase.range.upperBound, content: .phrase(phrase))
    case .denied: return nil
    case .environment, .nothing:
      guard options.nearAnchor, !budget.isExhausted else { return nil }
      budget.charge(Self.nearCost)
      return afterEquals(from: anchor.end) ?? nearest(from: anchor.end)
    }
  }

  /// What the characters after an anchor cost.
  private static let nearCost = 26

  /// A number after the last `=` of the next hundred characters of the line.
  private mutating func afterEquals(from start: Int) -> Candidate? {
    var equals: [Int] = []
    var cursor = start
    for _ in 0...100 {
      guard cursor < text.count, text[cursor] != UInt8(ascii: "\n") else { break }
      if text[cursor] == UInt8(ascii: "=") { equals.append(cursor) }
      cursor = nextCharacter(cursor)
    }
    for mark in equals.reversed() {
      let end = text.skippingSpace(from: mark + 1)
      for position in end > mark + 1 ? [end, end - 1] : [end] {
        if let match = numbers.expressionOrNumber(at: position, before: .noEquals) { return match }
      }
    }
    return nil
  }

  private mutating func nearest(from start: Int) -> Candidate? {
    var cursor = start
    for _ in 0...50 {
      guard cursor < text.count else { break }
      if let match = numbers.expressionOrNumber(at: cursor, before: .noEquals) { return match }
      if text[cursor] == UInt8(ascii: "\n") { break }
      cursor = nextCharacter(cursor)
    }
    return nil
  }

  // MARK: without an anchor

  private static let openers = Bytes("*_`\"'([#=>: \t\r\n".utf8)
  private static let closers = Bytes("*_`\"').,;:!?] \t\r\n".utf8)

  /// The whole text where it is one answer, whatever emphasis it stands in.
  func wholeText() -> [Candidate] {
    guard text.count <= PhraseReader.lengthLimit else { return [] }
    var start = 0
    while true {
      let mark = start > 0 ? text[start - 1] : 0
      if let phrase = PhraseReader.phrase(
        in: text, at: start, mark: mark, budget: budget), phrase.isWhole,
        !isLiteral || phrase.latex.contains(UInt8(ascii: ","))
      {
        let rest = text[phrase.range.upperBound...]
        if rest.allSatisfy({ Self.closers.contains($0) }) || rest.elementsEqual("。".utf8) {
          return [Candidate(start: 0, end: text.count, content: .phrase(phrase))]
        }
      }
      guard let byte = text.byte(at: start), Self.openers.contains(byte) else { return [] }
      start += 1
    }
  }

  /// Only so many bytes at the text's end are read as phrases; before them plain numbers count.
  private static let phraseReach = 2_048

  /// Numbers and arithmetic without an anchor are looked for in so many bytes at the text's end.
  private static let numberReach = 8_192

  mutating func plainAnywhere() -> [Candidate] {
    if isLiteral { return numbersAnywhere(before: text.count) }
    let border = tailStart(Self.phraseReach)
    return numbersAnywhere(before: border) + phrasesAnywhere(from: border)
  }

  /// Where the last `reach` bytes begin, at a blank where that is inside the text.
  private func tailStart(_ reach: Int) -> Int {
    var start = max(0, text.count - reach)
    while start > 0, start < text.count, !text[start].isSpace { start += 1 }
    return start
  }

  private mutating func numbersAnywhere(before border: Int) -> [Candidate] {
    let first = tailStart(Self.numberReach)
    var kept: [Candidate] = []
    for arithmetic in [true, false] {
      var found: [Candidate] = []
      var cursor = first
      while cursor < border, !budget.isExhausted {
        let match =
          arithmetic
          ? numbers.expression(at: cursor, before: .nothing)
          : numbers.number(at: cursor, before: .nothing)
        if let match {
          found.append(match)
          cursor = max(match.end, cursor + 1)
        } else {
          cursor += 1
        }
      }
      kept += found.suffix(Self.keptLimit)
    }
    return kept
  }

  private func phrasesAnywhere(from border: Int) -> [Candidate] {
    var found: [Candidate] = []
    var cursor = border
    var isDenied = false
    while cursor < text.count, !budget.isExhausted {
      let byte = text[cursor]
      if let phrase = phrase(at: cursor) {
        let end = phrase.countEnd ?? phrase.range.upperBound
        if phrase.countEnd == nil, phrase.latex.contains(where: \.isDigit), !isDenied {
          found.append(Candidate(start: cursor, end: end, content: .phrase(phrase)))
        }
        isDenied = false
        cursor = max(end, cursor + 1)
      } else if byte.isLetter {
        let word = PhraseReader.word(in: text, at: cursor)
        isDenied = word == "not" || word.hasSuffix("n't")
        cursor += max(1, word.utf8.count)
      } else if byte.isDigit {
        while let digit = text.byte(at: cursor), digit.isDigit { cursor += 1 }
      } else {
        if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "\n") { isDenied = false }
        cursor = nextCharacter(cursor)
      }
    }
    return found
  }

  /// A phrase that begins at `start`, which no letter or digit touches from the left.
  private func phrase(at start: Int) -> PlainPhrase? {
    if let before = text.byte(at: start - 1), before.isLetter || before.isDigit || before == 0x5F {
      return nil
    }
    if text[start].isSpace || isBullet(start) { return nil }
    let before = text.byte(at: start - 1) ?? 0
    if Self.binders.contains(before) || isArgument(start) { return nil }
    // The argument of a command.
    if before == UInt8(ascii: "{"), text.byte(at: start - 2)?.isLetter ?? false { return nil }
    let mark = Self.emphasis.contains(before) ? before : 0
    return PhraseReader.phrase(in: text, at: start, mark: mark, budget: budget)
  }

  /// The text in a call: `exec('3')`.
  private func isArgument(_ start: Int) -> Bool {
    guard let quote = text.byte(at: start - 1), quote == UInt8(ascii: "'") || quote == 0x22,
      text.byte(at: start - 2) == UInt8(ascii: "(")
    else { return false }
    return text.byte(at: start - 3)?.isLetter ?? false
  }

  /// `- 20 of them` at the beginning of a line.
  private func isBullet(_ start: Int) -> Bool {
    text[start] == UInt8(ascii: "-") && text.byte(at: start + 1) == 0x20
      && (text.byte(at: start - 1) ?? 0x0A) == 0x0A
  }

  /// What takes the number after it along: a number there is a part of something.
  private static let binders = Bytes("-+/^_\\".utf8)
  private static let emphasis = Bytes("*_`\"".utf8)
}
