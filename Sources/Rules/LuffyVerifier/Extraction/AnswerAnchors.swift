/// The places that announce an answer: "answer", `<answer>`, 答案 and, for rewards, `####`.
struct AnswerAnchors {
  struct Anchor {
    let start: Int
    /// The position after the word, and after its colon where one follows.
    let end: Int
    let hasColon: Bool
    let reading: AnchorReader.Reading

    var isEnvironment: Bool {
      if case .environment = reading { return true }
      return false
    }

    /// Plain mathematics, or nothing that could be the answer: environments further on do not count.
    var readsPlainly: Bool {
      switch reading {
      case .phrase, .denied: true
      case .environment, .nothing: false
      }
    }
  }

  let all: [Anchor]
  /// Where "final answer" begins.
  let finals: [Int]

  /// Only so many of the last anchors are looked at.
  private static let limit = 128
  /// What one costs, with the words after it: about six microseconds.
  private static let cost = 61

  /// Where `isLiteral` is true, plain mathematics is left to Math-Verify's rules.
  init(_ text: Bytes, isStrict: Bool, isLiteral: Bool = false, budget: WorkBudget) {
    var starts: [Int] = []
    var index = 0
    while index < text.count {
      let length = Self.length(in: text, at: index, isStrict: isStrict)
      if length > 0 { starts.append(index) }
      index += max(1, length)
    }
    let reader = AnchorReader(text: text, budget: budget)
    var anchors: [Anchor] = []
    var finals: [Int] = []
    for start in starts.suffix(Self.limit) {
      budget.charge(Self.cost)
      let word = start + Self.length(in: text, at: start, isStrict: isStrict)
      let isHash = text[start] == UInt8(ascii: "#")
      var reading = isHash ? reader.line(after: word) : reader.reading(after: word)
      if isLiteral, case .phrase = reading { reading = .nothing }
      let colon = text[start] < 0x80 && !isHash ? Self.colonEnd(in: text, after: word) : word
      anchors.append(
        Anchor(start: start, end: colon ?? word, hasColon: colon != nil, reading: reading))
      if start >= 6, text.matchesFolded("final ", at: start - 6) { finals.append(start - 6) }
    }
    all = anchors
    self.finals = finals
  }

  /// What the text says is not the answer.
  var denied: [Range<Int>] {
    all.compactMap { anchor in
      guard case .denied(let end) = anchor.reading else { return nil }
      return anchor.start..<max(end, anchor.end)
    }
  }

  func readsPlainly(_ start: Int) -> Bool { anchor(at: start)?.readsPlainly ?? false }

  func anchor(at start: Int) -> Anchor? { all.first { $0.start == start } }

  private static func length(in text: Bytes, at index: Int, isStrict: Bool) -> Int {
    switch text[index] {
    case UInt8(ascii: "a"), UInt8(ascii: "A"):
      guard text.matchesFolded("answer", at: index), text.byte(at: index - 1) != UInt8(ascii: "/")
      else { return 0 }
      return 6
    case 0xE7: return text.matches("答案", at: index) ? 6 : 0
    case UInt8(ascii: "#"):
      guard isStrict, text.matches("####", at: index) else { return 0 }
      var end = index + 4
      while text.byte(at: end) == UInt8(ascii: "#") { end += 1 }
      return end - index
    default: return 0
    }
  }

  /// After a colon that emphasis may stand before, or the bracket of `<answer>`.
  private static func colonEnd(in text: Bytes, after end: Int) -> Int? {
    var index = end
    while let byte = text.byte(at: index), byte == UInt8(ascii: "*") || byte == UInt8(ascii: "_"),
      index < end + 4
    {
      index += 1
    }
    guard let byte = text.byte(at: index) else { return nil }
    if text.matches("：", at: index) { return index + 3 }
    return byte == UInt8(ascii: ":") || byte == UInt8(ascii: ">") ? index + 1 : nil
  }
}
