extension MathVerifier {
  /// Byte equality after trimming.
  func exactVerdict(reference: String, response: Bytes) -> Verdict {
    let answer = response.trimmed()
    if answer.isEmpty { return Verdict(status: .unparsed, extracted: nil) }
    let isRight = Bytes(reference.utf8).trimmed() == answer
    return Verdict(status: isRight ? .right : .wrong, extracted: answer.text)
  }

  /// Equality of the folded texts.
  func normalizedVerdict(reference: String, response: Bytes) -> Verdict {
    let gold = Self.folded(Bytes(reference.utf8))
    let answer = Self.folded(Self.plainAnswer(response) ?? response)
    if answer.isEmpty || gold.isEmpty { return Verdict(status: .unparsed, extracted: nil) }
    return Verdict(status: gold == answer ? .right : .wrong, extracted: answer.text)
  }

  /// Lower case, without punctuation, articles and repeated white space.
  static func folded(_ text: Bytes) -> Bytes {
    var result = Bytes()
    result.reserveCapacity(text.count + 1)
    var wordStart = 0
    func endWord() {
      guard result.count > wordStart else { return }
      if isArticle(result[wordStart...]) {
        result.removeSubrange(wordStart...)
      } else {
        result.append(UInt8(ascii: " "))
        wordStart = result.count
      }
    }
    for byte in text {
      if byte.isLetter || byte.isDigit || byte >= 0x80 {
        result.append(byte.lowercased)
      } else {
        endWord()
      }
    }
    endWord()
    if !result.isEmpty { result.removeLast() }
    return result
  }

  private static func isArticle(_ word: ArraySlice<UInt8>) -> Bool {
    word.count <= 3
      && (word.elementsEqual("a".utf8) || word.elementsEqual("an".utf8)
        || word.elementsEqual("the".utf8))
  }

  /// What stands in the last box or after the last "answer is", "answer:" or `####`.
  static func plainAnswer(_ text: Bytes) -> Bytes? {
    if text.contains("\\boxed") {
      return withoutText(BoxedContent(text: text).extract(.last))
    }
    var index = text.count - 2
    while index >= 0 {
      guard text[index] == UInt8(ascii: "#") || text[index].lowercased == UInt8(ascii: "a") else {
        index -= 1
        continue
      }
      for marker in ["####", "answer is:", "answer is", "answer:"]
      where text.matchesFolded(marker, at: index) {
        let start = index + marker.utf8.count
        let rest = text[start...]
        return Bytes(rest[..<(rest.firstIndex(of: 0x0A) ?? rest.endIndex)])
      }
      index -= 1
    }
    return nil
  }

  /// Math with integers only on both sides.
  func integerVerdict(
    reference: String, response: Bytes, question: RestatedProblem?
  ) -> Verdict {
    let budget = WorkBudget()
    let gold = readReference(Bytes(reference.utf8), budget: budget)
    var reader = AnswerReader(options: options.extraction, budget: budget)
    reader.question = question
    let answer = reader.read(response)
    let extracted = answer.text?.text
    guard let expected = gold.value?.plainNumber, expected.isInteger else {
      return Verdict(status: .unparsed, extracted: extracted)
    }
    guard let found = answer.value else { return Verdict(status: .unparsed, extracted: extracted) }
    if budget.isExhausted { return Verdict(status: .unparsed, extracted: extracted) }
    let isRight = found.plainNumber == expected
    return Verdict(status: isRight ? .right : .wrong, extracted: extracted)
  }

  func choiceVerdict(_ choices: ChoiceOptions, reference: String, response: Bytes) -> Verdict {
    let reader = ChoiceReader(choices: choices)
    guard let expected = reader.reference(Bytes(reference.utf8)),
      let found = reader.read(response)
    else { return Verdict(status: .unparsed, extracted: nil) }
    return Verdict(
      status: found == expected ? .right : .wrong, extracted: choices.labels[found])
  }
}
