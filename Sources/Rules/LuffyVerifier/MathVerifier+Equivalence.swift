/// Comparing answers with each other, as a majority vote does.
extension MathVerifier {
  /// Whether the reference is a time of day and the answer another one: 6:20 is not 3:10, which as ratios are the same. A
  /// ratio in lowest terms is taken for a ratio.
  func isOtherTime(_ gold: Bytes?, _ answer: Bytes?) -> Bool {
    guard let gold, let answer, gold.count <= 5, answer.count <= 5, gold != answer,
      let (hours, minutes) = Self.clock(gold), let other = Self.clock(answer),
      hours != other.0 || minutes != other.1
    else { return false }
    var (a, b) = (hours, minutes)
    while b != 0 { (a, b) = (b, a % b) }
    return a > 1
  }

  private static func clock(_ text: Bytes) -> (Int, Int)? {
    let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].count == 2, let hours = Int(Bytes(parts[0]).text),
      let minutes = Int(Bytes(parts[1]).text), (0...24).contains(hours), (0..<60).contains(minutes)
    else { return nil }
    return (hours, minutes)
  }

  /// True where two answers that were extracted from responses are the same answer to this grader: equal texts, or
  /// the second judged right against the first.
  public func isEquivalent(_ first: String, _ second: String) -> Bool {
    if first == second { return true }
    var options = options
    // The answers have been cut out of their responses already.
    options.section = ResponseSection(lastBytes: options.section.lastBytes)
    switch options.grader {
    case .choice: return false
    case .exactString, .normalizedString:
      return MathVerifier(options: options).verify(reference: first, response: second).isCorrect
    case .math, .integer:
      let verifier = MathVerifier(options: options)
      return verifier.verify(reference: first, response: "\\boxed{\(second)}").isCorrect
    }
  }

  /// For each answer the index of the first one that it is equivalent to (its own where there is none before); nil
  /// where there is no answer.
  ///
  /// Mathematical equality with rounding is not transitive, so an answer is compared only with the first of each class.
  public func equivalenceClasses(_ answers: [String?]) -> [Int?] {
    var firsts: [(index: Int, answer: String)] = []
    return answers.enumerated().map { index, answer in
      guard let answer else { return nil }
      if let found = firsts.first(where: { isEquivalent($0.answer, answer) }) { return found.index }
      firsts.append((index, answer))
      return index
    }
  }
}
