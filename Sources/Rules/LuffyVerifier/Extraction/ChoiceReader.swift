/// Reads which option of a multiple-choice question a response chose.
struct ChoiceReader {
  let choices: ChoiceOptions

  /// The option that a reference names: its label, its text, or its label in LaTeX.
  func reference(_ text: Bytes) -> Int? {
    let plain = MathVerifier.plainAnswer(text) ?? text
    return label(in: plain) ?? option(plain)
  }

  /// The option that a response chose: a box, then "answer …", then a line that is a label, then
  /// the last label that stands alone, then the last option quoted.
  func read(_ response: Bytes) -> Int? {
    if let plain = MathVerifier.plainAnswer(response) {
      if let found = label(in: plain) ?? option(plain) { return found }
    }
    var index = response.count - 6
    while index >= 0 {
      if response.matchesFolded("answer", at: index),
        let found = standalone(in: response, from: index + 6, to: min(response.count, index + 60))
      {
        return found
      }
      index -= 1
    }
    return lastStandalone(response) ?? quoted(response)
  }

  /// A label at the start: `A`, `(A)`, `A)`, `A.`, `**A**`, `\text{A}`.
  func label(in text: Bytes) -> Int? {
    var index = 0
    let skipped = Bytes(" \t\r\n*($:[\"'{".utf8)
    while index < text.count {
      if text.matches("\\text{", at: index) {
        index += 6
      } else if text.matches("\\mathrm{", at: index) || text.matches("\\textbf{", at: index) {
        index += 8
      } else if skipped.contains(text[index]) {
        index += 1
      } else {
        break
      }
    }
    return labelIndex(in: text, at: index)
  }

  private func labelIndex(in text: Bytes, at index: Int) -> Int? {
    for (position, label) in choices.labels.enumerated() {
      guard text.matchesFolded(label.lowercased(), at: index) else { continue }
      let end = index + label.utf8.count
      if let next = text.byte(at: end), isWord(next) { continue }
      // A lower-case "a" or "i" in running text is a word, not a label.
      if !text.matches(label, at: index), end < text.count,
        text[end].isSpace, text.skippingSpace(from: end) < text.count
      {
        continue
      }
      return position
    }
    return nil
  }

  private func isWord(_ byte: UInt8) -> Bool {
    byte.isLetter || byte.isDigit || byte >= 0x80 || byte == UInt8(ascii: "'")
  }

  /// The first label between two positions that stands alone, in its own case.
  private func standalone(in text: Bytes, from start: Int, to end: Int) -> Int? {
    for index in start..<max(start, end) {
      if let found = exactLabel(in: text, at: index) { return found }
    }
    return nil
  }

  private func lastStandalone(_ text: Bytes) -> Int? {
    for index in text.indices.reversed() {
      guard let found = exactLabel(in: text, at: index) else { continue }
      // "A" before a word is an article.
      let end = index + choices.labels[found].utf8.count
      let after = text.skippingSpace(from: end)
      if after > end, let next = text.byte(at: after), next.isLetter { continue }
      return found
    }
    return nil
  }

  private func exactLabel(in text: Bytes, at index: Int) -> Int? {
    if let before = text.byte(at: index - 1), isWord(before) { return nil }
    for (position, label) in choices.labels.enumerated() where text.matches(label, at: index) {
      if let next = text.byte(at: index + label.utf8.count), isWord(next) { continue }
      return position
    }
    return nil
  }

  /// The option whose text this is.
  private func option(_ text: Bytes) -> Int? {
    let folded = MathVerifier.folded(text)
    if folded.isEmpty { return nil }
    return choices.texts.prefix(choices.labels.count)
      .firstIndex { MathVerifier.folded(Bytes($0.utf8)) == folded }
  }

  /// The option whose text is quoted last.
  private func quoted(_ text: Bytes) -> Int? {
    let folded = MathVerifier.folded(text).text
    var best: (position: Int, end: String.Index)?
    for (position, option) in choices.texts.prefix(choices.labels.count).enumerated() {
      let wanted = MathVerifier.folded(Bytes(option.utf8))
      guard !wanted.isEmpty,
        let start = Bytes(folded.utf8).lastIndex(of: wanted.text, before: folded.utf8.count)
      else { continue }
      let end = folded.utf8.index(folded.startIndex, offsetBy: start + wanted.count)
      if best == nil || end > best!.end { best = (position, end) }
    }
    return best?.position
  }
}
