/// Arithmetic that a problem asks for: "26 + 28" in a response is the question, not its answer.
struct RestatedProblem {
  private let problem: Bytes
  /// A reference that is arithmetic itself may be given as such.
  private let isAsked: Bool

  init(_ problem: String, reference: String) {
    self.problem = Self.squeezed(Bytes(problem.utf8.suffix(Self.limit))[...])
    isAsked = !Self.holdsOperator(
      Self.squeezed(
        Bytes(reference.utf8.suffix(MathVerifier.referenceLimit))[...]))
  }

  /// Of a longer problem only the end is looked at.
  private static let limit = 16_384

  /// Whether what stands after the last `=` of `source` is arithmetic with an operator, copied from the problem.
  func restates(_ source: ArraySlice<UInt8>) -> Bool {
    guard isAsked, source.count <= 400 else { return false }
    var text = Self.squeezed(source)
    if let box = text.lastIndex(of: "{", before: text.count), text.last == UInt8(ascii: "}"),
      text.contains("\\boxed")
    {
      text = Bytes(text[(box + 1)..<(text.count - 1)])
    }
    if let equals = text.lastIndex(of: UInt8(ascii: "=")) { text = Bytes(text[(equals + 1)...]) }
    guard Self.holdsOperator(text) else { return false }
    return problem.firstIndex(of: text.text, from: 0) != nil
  }

  /// Without blanks, dollars and sizing; every sign of multiplication and division as one.
  private static func squeezed(_ source: ArraySlice<UInt8>) -> Bytes {
    var text = Bytes(source)
    if text.contains(UInt8(ascii: "\\")) {
      for (command, sign) in [("\\times", "*"), ("\\cdot", "*"), ("\\div", "/"), ("\\,", "")] {
        text = text.replacing(command, with: sign)
      }
    }
    for (symbol, sign) in [("×", "*"), ("÷", "/"), ("−", "-"), ("·", "*")] {
      text = text.replacing(symbol, with: sign)
    }
    return text.filter { !$0.isSpace && $0 != UInt8(ascii: "$") }
  }

  /// Digits with at least one operator between them, and nothing else.
  private static func holdsOperator(_ text: Bytes) -> Bool {
    let signs = Bytes("+-*/^".utf8)
    let allowed = Bytes("().,%".utf8)
    guard text.contains(where: \.isDigit),
      text.allSatisfy({ $0.isDigit || signs.contains($0) || allowed.contains($0) })
    else { return false }
    // `1/2` alone is a fraction and may be copied; `-5` has a sign only.
    let operators = text.dropFirst().filter { signs.contains($0) }
    return operators.count > 1 || (operators.first.map { $0 != UInt8(ascii: "/") } ?? false)
  }
}
