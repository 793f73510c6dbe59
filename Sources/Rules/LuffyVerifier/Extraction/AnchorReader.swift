/// Reads what an anchor ("answer", "答案", `####`) introduces.
struct AnchorReader {
  enum Reading {
    /// Plain mathematics.
    case phrase(PlainPhrase)
    /// A LaTeX environment or a box begins here.
    case environment
    /// The sentence says what the answer is not, or only bounds it; nothing up to here is an answer.
    case denied(upTo: Int)
    /// Other words.
    case nothing
  }

  let text: Bytes
  let budget: WorkBudget
  private static let reach = 120

  /// What stands after an anchor that ends at `end`.
  func reading(after end: Int) -> Reading {
    let start = skippingMarks(from: end).index
    let first = PhraseReader.word(in: text, at: start)
    if isCode(first, at: start) { return denied(from: start + first.utf8.count) }
    if let byte = text.byte(at: start), byte.isLetter || byte == UInt8(ascii: "("),
      !Self.copulas.contains(PhraseReader.word(in: text, at: start))
    {
      // "answer to question 3 is …": the answer follows the verb.
      if let verb = connective(from: start) { return content(from: verb) }
      if byte == UInt8(ascii: "(") || !isVariable(at: start) { return content(from: start) }
    }
    return content(from: end)
  }

  /// What a line `#### …` says, where the line says nothing else.
  func line(after end: Int) -> Reading {
    let found = content(from: end)
    guard case .phrase(let phrase) = found else { return found }
    var index = phrase.range.upperBound
    var words = 0
    if text.byte(at: index) == UInt8(ascii: "."), let next = text.byte(at: index + 1), next == 0x20
    {
      return .nothing
    }
    while let byte = text.byte(at: index), byte != 0x0A {
      if byte.isDigit { return .nothing }
      if byte.isLetter, !(text.byte(at: index - 1)?.isLetter ?? false) { words += 1 }
      index += 1
    }
    return words <= 3 ? found : .nothing
  }

  private func isVariable(at index: Int) -> Bool {
    PhraseReader.word(in: text, at: index).count == 1
  }

  private static let copulas: Set<String> = [
    "is", "are", "was", "were", "will", "would", "should", "must", "equals", "be",
  ]

  /// After the first verb, colon or equals sign of the rest of the sentence.
  private func connective(from start: Int) -> Int? {
    var index = start
    let limit = min(text.count, start + 100)
    while index < limit {
      let byte = text[index]
      if byte == 0x0A || byte == UInt8(ascii: "$") || byte == UInt8(ascii: "\\") { return nil }
      if byte == UInt8(ascii: "."), text.byte(at: index + 1)?.isSpace ?? true { return nil }
      if byte == UInt8(ascii: ":") { return index + 1 }
      guard byte.isLetter else {
        index += 1
        continue
      }
      var end = index
      while end < limit, text[end].isLetter { end += 1 }
      let word = Bytes(text[index..<end].map(\.lowercased)).text
      // "cannot be 3": the denial is read, not the verb after it.
      if word == "cannot" || word == "never" || Self.copulas.contains(word) { return index }
      index = end
    }
    return nil
  }

  /// The answer after qualifiers and emphasis.
  private func content(from start: Int) -> Reading {
    var index = start
    var mark: UInt8 = 0
    var verbs = 0
    let limit = min(text.count, start + Self.reach)
    while index < limit {
      let skipped = skippingMarks(from: index)
      if skipped.index > index { mark = skipped.mark }
      index = skipped.index
      guard index < text.count else { return .nothing }
      if beginsEnvironment(at: index) { return .environment }
      if let end = wideWord(at: index) {
        index = end
        continue
      }
      if text.matches("不", at: index) || text.matches("并非", at: index) {
        return denied(from: index + 3)
      }
      let word = PhraseReader.word(in: text, at: index)
      if PhraseWords.denials.contains(word) { return denied(from: index + word.utf8.count) }
      if isCode(word, at: index) { return denied(from: index + word.utf8.count) }
      if word.utf8.count > 1, PhraseWords.qualifiers.contains(word) {
        verbs += 1
        index += word.utf8.count
        continue
      }
      if let phrase = PhraseReader.phrase(in: text, at: index, mark: mark, budget: budget) {
        return .phrase(phrase)
      }
      if word == "a" || word == "rs" {
        index += word.utf8.count
        continue
      }
      return word.isEmpty ? .nothing : otherWords(from: index)
    }
    return .nothing
  }

  /// A program's statement, or a call of a function that is no mathematics: `print(3)`, `os.system("3")`. The numbers in
  /// it are no answer.
  private func isCode(_ word: String, at index: Int) -> Bool {
    if PhraseWords.statements.contains(word) { return true }
    let (name, end) = identifier(at: index)
    guard name.utf8.count > 1 else { return false }
    if text.byte(at: end) == UInt8(ascii: ".") {
      let (method, close) = identifier(at: end + 1)
      return !method.isEmpty && text.byte(at: close) == UInt8(ascii: "(")
        && PhraseWords.mathematics[method] == nil
    }
    guard text.byte(at: end) == UInt8(ascii: "("), PhraseWords.mathematics[name] == nil,
      !PhraseWords.callables.contains(name), let next = text.byte(at: end + 1)
    else { return false }
    return next.isDigit || Bytes("'\"[-_".utf8).contains(next)
  }

  /// The name of a program's object at `index` in lower case, and its end; empty where none begins there.
  private func identifier(at index: Int) -> (name: String, end: Int) {
    var end = index
    while let byte = text.byte(at: end), end < index + 32,
      byte.isLetter || byte == UInt8(ascii: "_") || (byte.isDigit && end > index)
    {
      end += 1
    }
    return (Bytes(text[min(index, text.count)..<end].map(\.lowercased)).text, end)
  }

  /// Words that are no qualifiers: a denial among them before the next number counts.
  private func otherWords(from start: Int) -> Reading {
    var index = start
    let limit = min(text.count, start + 60)
    while index < limit, text[index] != 0x0A, text[index] != UInt8(ascii: ".") {
      if text[index].isDigit { return .nothing }
      guard text[index].isLetter else {
        index += 1
        continue
      }
      let word = PhraseReader.word(in: text, at: index)
      if PhraseWords.denials.contains(word) { return denied(from: index + word.utf8.count) }
      index += max(1, word.utf8.count)
    }
    return .nothing
  }

  /// "not 3 but 5" still says what the answer is.
  private func denied(from start: Int) -> Reading {
    var index = start
    let limit = min(text.count, start + 100)
    while index < limit, text[index] != 0x0A {
      if text[index] == UInt8(ascii: "."), text.byte(at: index + 1)?.isSpace ?? true { break }
      if text.matches(" but ", at: index) || text.matches("而是", at: index) {
        let next = index + (text[index] == 0x20 ? 5 : 6)
        let word = PhraseReader.word(in: text, at: next)
        if PhraseWords.denials.contains(word) { break }
        let phrase = PhraseReader.phrase(
          in: text, at: text.skippingBlanks(from: next), budget: budget)
        if let phrase { return .phrase(phrase) }
      }
      index += 1
    }
    return .denied(upTo: index)
  }

  // MARK: marks

  private static let marks = Bytes("*_`\"'#|>:=~".utf8)
  private static let wideMarks = ["：", "“", "”", "「", "『", "【", "\u{A0}", "\u{3000}", "✅"]

  /// Blanks, new lines, emphasis and colons; the last mark that touches what follows.
  private func skippingMarks(from start: Int) -> (index: Int, mark: UInt8) {
    var index = start
    var mark: UInt8 = 0
    var lines = 0
    scan: while let byte = text.byte(at: index), index < start + Self.reach {
      if byte.isSpace {
        if byte == 0x0A { lines += 1 }
        if lines > 3 { break }
        mark = 0
        index += 1
      } else if Self.marks.contains(byte) {
        mark = byte
        index += 1
      } else {
        for wide in Self.wideMarks where text.matches(wide, at: index) {
          index += wide.utf8.count
          continue scan
        }
        break
      }
    }
    return (index, mark)
  }

  private static let wideWords = [
    "应该是", "应该为", "等于", "应为", "大约", "是", "为", "為", "約", "约", "就", "：", "はい", "は",
    "共有", "共", "有",
  ]

  private func wideWord(at index: Int) -> Int? {
    guard let byte = text.byte(at: index), byte >= 0xE3 else { return nil }
    for word in Self.wideWords where text.matches(word, at: index) {
      return index + word.utf8.count
    }
    return nil
  }

  private func beginsEnvironment(at index: Int) -> Bool {
    if text.byte(at: index) == UInt8(ascii: "$") {
      guard let end = text[(index + 1)..<min(text.count, index + 400)].firstIndex(of: 0x24)
      else { return false }
      // `$5 … $7` is money.
      return end == index + 1 || !(text.byte(at: end - 1)?.isSpace ?? false)
    }
    return text.matches("\\(", at: index) || text.matches("\\[", at: index)
      || text.matches("\\boxed", at: index) || text.matches("\\fbox", at: index)
  }
}
