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
    return start == 0 && range.upperBound == bytes.count ? bytes : Bytes(bytes[start..<range.upperBound])
  }

  /// Reads the reference as the options say.
  func readReference(_ reference: Bytes, budget: WorkBudget) -> Answer {
    let reader = AnswerReader(options: .init(), budget: budget)
    let verbatim = reader.read(reference)
    guard options.reference == .asHeld, !Self.hasEnvironment(reference) else { return verbatim }
    let wrapped = reader.read(Bytes("$".utf8) + reference.trimmed() + Bytes("$".utf8))
    if verbatim.isEmpty || (wrapped.value != nil && !Self.isPlain(reference)) { return wrapped }
    return verbatim
  }

  /// Whether the text marks its mathematics itself.
  private static func hasEnvironment(_ text: Bytes) -> Bool {
    text.contains(UInt8(ascii: "$")) || text.contains("\\boxed") || text.contains("\\[")
      || text.contains("\\(")
  }

  /// Digits and arithmetic only: the plain reading is the one meant.
  private static func isPlain(_ text: Bytes) -> Bool {
    text.allSatisfy { byte in
      byte.isDigit || byte.isSpace || [UInt8](".,+-*/()^%".utf8).contains(byte)
    }
  }
}
