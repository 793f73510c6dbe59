@_spi(_Unicode) import Swift

/// Unicode normalization form C of short texts by the standard library, and of any text in
/// O(n log n).
///
/// The standard library's own form takes quadratic time in the length of a run of combining marks;
/// long runs are sorted and composed here. Source: The Unicode Standard, §3.11.
enum CanonicalComposition {
  /// Longer runs of combining marks are sorted here.
  private static let longestRun = 32

  /// Appends a scalar of a text that is to be composed.
  ///
  /// Marks that begin with a mark when taken apart come apart here: the standard library takes them
  /// for starters and leaves the marks around them unordered.
  static func append(_ scalar: Unicode.Scalar, to text: inout String.UnicodeScalarView) {
    let parts: String? =
      switch scalar.value {
      case 0x0344: "\u{308}\u{301}"
      case 0x0F73: "\u{F71}\u{F72}"
      case 0x0F75: "\u{F71}\u{F74}"
      case 0x0F81: "\u{F71}\u{F80}"
      default: nil
      }
    if let parts { text.append(contentsOf: parts.unicodeScalars) } else { text.append(scalar) }
  }

  static func compose(_ text: String.UnicodeScalarView) -> [Unicode.Scalar] {
    var run = 0
    for scalar in text {
      run = markClass(scalar) == 0 ? 0 : run + 1
      if run > longestRun { return composeLongRuns(text) }
    }
    return Array(String(text)._nfc)
  }

  private static func markClass(_ scalar: Unicode.Scalar) -> UInt8 {
    scalar.properties.canonicalCombiningClass.rawValue
  }

  private static func composeLongRuns(_ text: String.UnicodeScalarView) -> [Unicode.Scalar] {
    var scalars: [Unicode.Scalar] = []
    for scalar in text { scalars.append(contentsOf: String(Character(scalar))._nfd) }
    order(&scalars)
    var result: [Unicode.Scalar] = []
    var starter: Int?  // in `result`
    var last: UInt8 = 0  // class of the last scalar behind the starter; 0: none is behind it
    for scalar in scalars {
      let mark = markClass(scalar)
      let isBlocked = starter.map { result.count - 1 > $0 && (last == 0 || last >= mark) } ?? true
      if let at = starter, !isBlocked, let whole = pair(result[at], scalar) {
        result[at] = whole
        continue
      }
      if mark == 0 { starter = result.count }
      last = mark
      result.append(scalar)
    }
    return result
  }

  /// Sorts each run of marks by class; equal classes keep their order.
  private static func order(_ scalars: inout [Unicode.Scalar]) {
    var start = 0
    while start < scalars.count {
      var end = start
      while end < scalars.count, markClass(scalars[end]) != 0 { end += 1 }
      if end - start > 1 {
        let sorted = scalars[start..<end].enumerated()
          .map { (class: markClass($1), place: $0, scalar: $1) }
          .sorted { ($0.class, $0.place) < ($1.class, $1.place) }
        scalars.replaceSubrange(start..<end, with: sorted.map(\.scalar))
      }
      start = end + 1
    }
  }

  /// The scalar that two compose to.
  private static func pair(
    _ starter: Unicode.Scalar, _ scalar: Unicode.Scalar
  ) -> Unicode.Scalar? {
    var text = String.UnicodeScalarView()
    text.append(starter)
    text.append(scalar)
    let composed = Array(String(text)._nfc)
    return composed.count == 1 ? composed[0] : nil
  }
}
