extension ChoiceOptions {
  /// The options that a question lists at its end, one after another from A or from 1.
  ///
  /// An option starts a line: `A) …`, `(A) …`, `A. …`, `A: …`, `1) …` or `(1) …`; lines without the next label
  /// continue the option before. Nil where fewer than two options are listed.
  public init?(question: String) {
    let lines = question.split(separator: "\n", omittingEmptySubsequences: false)
    let heads = lines.map(OptionHead.init)
    for start in lines.indices.reversed() where heads[start]?.number == 0 {
      guard let first = heads[start] else { continue }
      let options = Self.run(lines[start...], heads[start...], isDigit: first.isDigit)
      if options.count < 2 { continue }
      let labels = options.indices.map { OptionHead.label($0, isDigit: first.isDigit) }
      self.init(labels: labels, texts: options)
      return
    }
    return nil
  }

  /// The texts of consecutive options.
  private static func run(
    _ lines: ArraySlice<Substring>, _ heads: ArraySlice<OptionHead?>, isDigit: Bool
  ) -> [String] {
    var texts: [String] = []
    for (line, head) in zip(lines, heads) {
      if let head, head.isDigit == isDigit, head.number == texts.count {
        texts.append(head.text)
      } else if !line.allSatisfy(\.isWhitespace), let last = texts.indices.last {
        texts[last] += "\n" + line
      }
    }
    return texts
  }
}

/// A line that starts with an option's label.
private struct OptionHead {
  /// 0 for A and 1.
  let number: Int
  let isDigit: Bool
  let text: String

  init?(_ line: Substring) {
    var rest = line.drop(while: \.isWhitespace)
    let hasParenthesis = rest.first == "("
    if hasParenthesis { rest = rest.dropFirst() }
    guard let label = rest.first?.asciiValue, let end = rest.dropFirst().first else { return nil }
    switch label {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): number = Int(label - UInt8(ascii: "A"))
    case UInt8(ascii: "1")...UInt8(ascii: "9"): number = Int(label - UInt8(ascii: "1"))
    default: return nil
    }
    isDigit = label <= UInt8(ascii: "9")
    // "1." numbers the steps of many a question that is no choice.
    guard end == ")" || (!hasParenthesis && !isDigit && (end == "." || end == ":")) else {
      return nil
    }
    let body = rest.dropFirst(2)
    guard body.first?.isWhitespace ?? true else { return nil }
    text = String(body.drop(while: \.isWhitespace))
  }

  static func label(_ number: Int, isDigit: Bool) -> String {
    let first = isDigit ? UInt8(ascii: "1") : UInt8(ascii: "A")
    return String(UnicodeScalar(first + UInt8(clamping: number)))
  }
}
