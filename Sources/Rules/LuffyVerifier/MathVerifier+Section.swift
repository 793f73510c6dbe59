extension MathVerifier {
  /// The part of the response that is read; nil where a required `</think>` is missing.
  func section(of response: String) -> Bytes? {
    let limit = max(1, options.section.lastBytes)
    let bytes = Bytes(response.utf8)
    let marker = "</think>"
    var range = 0..<bytes.count
    switch options.section.thinking {
    case .ignore: break
    case .afterThink:
      if let last = bytes.lastIndex(of: marker, before: bytes.count) {
        range = last + marker.utf8.count..<bytes.count
      }
    case .afterThinkRequired:
      guard let first = bytes.firstIndex(of: marker, from: 0) else { return nil }
      let start = first + marker.utf8.count
      range = start..<(bytes.firstIndex(of: marker, from: start) ?? bytes.count)
    }
    var start = max(range.lowerBound, range.upperBound - limit)
    while start > range.lowerBound, start < range.upperBound, bytes[start].isContinuation {
      start += 1
    }
    return start == 0 && range.upperBound == bytes.count
      ? bytes : Bytes(bytes[start..<range.upperBound])
  }

  /// Of a longer reference only the end is read.
  static let referenceLimit = 8_192

  /// A longer reference costs a step for each byte more: it is read up to three times.
  private static let shortReference = 512

  /// Reads the reference as the options say.
  ///
  /// One that marks its own mathematics is held to Math-Verify's letter: nothing around it is dropped.
  func readReference(_ reference: Bytes, budget: WorkBudget, isLiteral: Bool = false) -> Answer {
    let reference = Bytes(reference.suffix(Self.referenceLimit)).replacing("°", with: "^\\circ ")
    budget.charge(read: max(0, reference.count - Self.shortReference))
    var reader = AnswerReader(options: .init(), budget: budget)
    reader.trims = !isWrapped(reference)
    reader.isLiteral = isLiteral
    guard options.reference == .asHeld, !Self.hasEnvironment(reference) else {
      return reader.read(reference)
    }
    let latex = reference.trimmed()
    // Math-Verify reads the number of a bare `\pm 3`, and so do we; in dollars it means both signs.
    if Self.isSignedNumber(latex) {
      let number = reader.read(reference)
      if !number.isEmpty { return number }
    }
    // What cannot be read pays for nothing but itself; a sentence has its last number.
    let whole = readWhole(latex, budget: budget)
    guard whole.value != nil ? Self.isProse(latex) : Self.isSentence(latex) else { return whole }
    let last = reader.read(reference)
    return last.isEmpty ? whole : last
  }

  /// The text as one formula, without looking for a number inside.
  private func readWhole(_ latex: Bytes, budget: WorkBudget) -> Answer {
    let normalized = LatexNormalizer.normalize(
      latex.replacing("°", with: "^\\circ ").replacing("\\text{\\$}", with: ""), boxes: .all,
      budget: budget)
    if normalized.isEmpty { return Answer() }
    var answer = Answer(value: LatexParser.parse(normalized, budget: budget), text: normalized)
    if answer.value != nil, LatexParser.isAmbiguous(normalized) {
      answer.alternative = LatexParser.parse(normalized, scientific: false, budget: budget)
    }
    return answer
  }

  /// Both signs of a bare `\pm 3`, for a response that writes ± too; nil for any other reference.
  func bothSigns(_ reference: Bytes, budget: WorkBudget) -> Answer? {
    let latex = Bytes(reference.suffix(Self.referenceLimit)).trimmed()
    guard options.reference == .asHeld, Self.isSignedNumber(latex) else { return nil }
    return AnswerReader(options: .init(), budget: budget)
      .read(Bytes("\\[".utf8) + latex + Bytes("\\]".utf8))
  }

  private static func isSignedNumber(_ text: Bytes) -> Bool {
    guard text.matches("\\pm", at: 0) else { return false }
    let rest = Bytes(text.dropFirst(3)).trimmed()
    return !rest.isEmpty && rest.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") }
  }

  /// Right where the response is the reference, or where a bare reference in words stands word for
  /// word in a box, after "answer is" or alone; nil where that says nothing.
  func wordVerdict(reference: Bytes, response: Bytes) -> Verdict? {
    let gold = Bytes(reference.suffix(Self.referenceLimit)).trimmed()
    let hasContent = gold.contains(where: \.isDigit) || !Self.hasEnvironment(gold)
    // A bare response counts only where an answer needs no anchor.
    let countsBare = options.extraction.withoutAnchor && options.extraction.boxed != .only
    if countsBare, options.reference == .asHeld, hasContent, !gold.isEmpty,
      gold == response.trimmed()
    {
      return Verdict(status: .right, extracted: gold.text)
    }
    if isNested(gold), response.count <= 32_768, stated(gold, in: response) {
      return Verdict(status: .right, extracted: gold.text)
    }
    guard options.reference == .asHeld, reference.count <= 512,
      !reference.contains(where: \.isDigit),
      !Self.hasEnvironment(reference), reference.contains(where: { $0.isLetter || $0 >= 0x80 })
    else { return nil }
    let inner = Self.withoutText(reference)
    let words = Self.words(inner)
    if options.extraction.boxed == .only, !response.contains("\\boxed") { return nil }
    guard
      let answer = (Self.plainAnswer(response) ?? (countsBare ? response : nil)),
      answer.count <= Self.wordsLimit
    else { return nil }
    let spoken = Self.words(Self.withoutText(answer))
    // The letters of a formula keep their case.
    guard !words.isEmpty, spoken == words, !inner.contains(where: Self.formulaSigns.contains),
      !inner.contains(UInt8(ascii: "-")), !inner.contains(UInt8(ascii: "("))
    else { return nil }
    return Verdict(status: .right, extracted: spoken.text)
  }

  /// A longer text is no answer in words.
  private static let wordsLimit = 2_048

  /// Whether dollars stand inside dollars, as in `$defined on $(0, 1)$$`: words and formulas that no grammar reads.
  private func isNested(_ gold: Bytes) -> Bool {
    gold.count <= 512 && gold.first == UInt8(ascii: "$") && gold.last == UInt8(ascii: "$")
      && gold.count { $0 == UInt8(ascii: "$") } >= 4 && gold.contains(where: \.isLetter)

  }

  /// Whether the response ends with such a reference, blanks and stops aside.
  private func stated(_ gold: Bytes, in response: Bytes) -> Bool {
    let ends = Bytes("$. \n".utf8)
    func core(_ text: ArraySlice<UInt8>) -> Bytes {
      var result = text.filter { !$0.isSpace }
      while let last = result.last, ends.contains(last) { result.removeLast() }
      return Bytes(result)
    }
    let (wanted, last) = (core(gold[...]), core(response.suffix(2 * gold.count + 8)))
    return wanted.count > 8 && last.suffix(wanted.count).elementsEqual(wanted)
  }

  /// Wrong where the reference is in words and the response names something else in words.
  func otherWords(reference: Bytes, response: Bytes) -> Verdict? {
    guard options.reference == .asHeld, reference.contains(where: \.isLetter),
      !reference.contains(where: \.isDigit), !Self.hasEnvironment(reference),
      let found = Self.plainAnswer(response), found.count <= Self.wordsLimit
    else { return nil }
    let answer = Self.words(found)
    return answer.isEmpty ? nil : Verdict(status: .wrong, extracted: answer.text)
  }

  private static let marks = Bytes(".,;:*!?\"'".utf8)

  /// Lower-case words without punctuation between or around them.
  private static func words(_ text: Bytes) -> Bytes {
    let plain = text.map { byte -> UInt8 in
      byte.isSpace || marks.contains(byte) ? 0x20 : byte.lowercased
    }
    return Bytes(plain.split(separator: 0x20).joined(separator: [0x20]))
  }

  /// The inside of a `\text{…}` that is the whole text.
  static func withoutText(_ text: Bytes) -> Bytes {
    let plain = text.trimmed()
    for name in ["\\text{", "\\mathrm{", "\\textbf{", "\\mathbf{"]
    where plain.matches(name, at: 0) && plain.last == UInt8(ascii: "}") {
      return Bytes(plain[name.utf8.count..<(plain.count - 1)])
    }
    return plain
  }

  /// Whether the text marks its mathematics itself.
  private static func hasEnvironment(_ text: Bytes) -> Bool {
    if text.contains("\\boxed") || text.contains("\\[") || text.contains("\\(") { return true }
    var dollars = 0
    for (index, byte) in text.enumerated()
    where byte == UInt8(ascii: "$") && (index == 0 || text[index - 1] != UInt8(ascii: "\\")) {
      dollars += 1
    }
    return dollars > 1
  }

  /// Words around an answer, with or without commands: signs of a formula stand in its numbers only.
  private static func isSentence(_ text: Bytes) -> Bool {
    var words = 0
    var isCommand = false
    var length = 0
    for byte in text + [0x20] {
      if byte.isLetter {
        length += 1
        continue
      }
      if length >= 3, !isCommand { words += 1 }
      length = 0
      isCommand = byte == UInt8(ascii: "\\")
    }
    if text.contains(UInt8(ascii: "\\")) { return words >= 3 }
    return words >= 2 || !text.contains { formulaSigns.contains($0) || $0 >= 0x80 }
  }

  private static let formulaSigns = Bytes("=<>^_{}|*+".utf8)

  /// Whether the reference is given as Math-Verify's own are: in dollars or a box.
  func isWrapped(_ reference: Bytes) -> Bool {
    options.reference == .verbatim || Self.hasEnvironment(reference)
  }

  /// Several words and no commands: a sentence around the answer, not mathematics.
  private static func isProse(_ text: Bytes) -> Bool {
    if text.contains(UInt8(ascii: "\\")) { return false }
    let words = text.split { !$0.isLetter }
    return words.count { $0.count >= 3 } >= 2
  }
}
