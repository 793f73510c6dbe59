extension MathVerifier {
  /// Right where a reference whose dollars do not pair up (`$No. This leads to $0=1$.$`) is announced word for word, for
  /// no reading of it is safe; nil where that says nothing. Blanks and dollars do not count.
  func verbatimVerdict(reference: Bytes, response: Bytes) -> Verdict? {
    guard options.reference == .asHeld, reference.count <= Self.verbatimLimit,
      reference.count(where: { $0 == UInt8(ascii: "$") }) > 2
    else { return nil }
    let gold = Self.withoutStops(Self.compact(reference))
    let tail = Self.withoutStops(Self.compact(Bytes(response.suffix(4 * Self.verbatimLimit))))
    guard gold.count >= 4, tail.count > gold.count, tail.suffix(gold.count).elementsEqual(gold)
    else { return nil }
    let before = Bytes(tail.dropLast(gold.count).suffix(16)).text.lowercased()
    guard ["answeris", "answeris:", "answer:"].contains(where: before.hasSuffix) else { return nil }
    return Verdict(status: .right, extracted: reference.text)
  }

  private static let verbatimLimit = 512

  private static func compact(_ text: Bytes) -> Bytes {
    text.filter { !$0.isSpace && $0 != UInt8(ascii: "$") && $0 != UInt8(ascii: "*") }
  }

  private static func withoutStops(_ text: Bytes) -> Bytes {
    Bytes(text[..<(text.lastIndex { $0 != UInt8(ascii: ".") }.map { $0 + 1 } ?? 0)])
  }
}
