/// Rewrites a regular expression of Oniguruma's syntax, in which `tokenizer.json` is written, in
/// PCRE2's.
///
/// Where the two read the same text differently it is rewritten (`\w`, `\h`, `\v`, `\b`, `\uHHHH`,
/// `(?m)`, scripts, `{n,m}+`, `{,n}`) or refused as unsupported (nested classes and `&&`, POSIX
/// brackets, `{n}?`, an option in the middle of a group, `(*…)`, a category such as `\p{Lu}` in a
/// class under `(?i)`).
struct PatternTranslator {
  let source: [Unicode.Scalar]
  private let place: String
  private static let longestPattern = 1 << 16
  var index = 0
  private var result: [Unicode.Scalar] = []
  private var atomStart = 0  // where in `result` the last atom begins
  private var groupStarts: [Int] = []
  private var outerCaseless: [Bool] = []
  /// Whether letters match in either case here.
  private(set) var isCaseless = false

  static func translate(_ pattern: String, place: String) throws(TokenizerError) -> String {
    if pattern.unicodeScalars.count > longestPattern {
      throw .unsupported(
        piece: "a pattern of more than \(longestPattern) code points", place: place)
    }
    var translator = PatternTranslator(source: Array(pattern.unicodeScalars), place: place)
    while translator.index < translator.source.count { try translator.step() }
    return String(String.UnicodeScalarView(translator.result))
  }

  private init(source: [Unicode.Scalar], place: String) {
    self.source = source
    self.place = place
  }

  func peek(_ offset: Int = 0) -> Unicode.Scalar? {
    index + offset < source.count ? source[index + offset] : nil
  }

  func unsupported(_ piece: String) -> TokenizerError {
    .unsupported(
      piece: "\(piece) in the pattern \(quoted(String(String.UnicodeScalarView(source))))",
      place: place)
  }

  mutating func emit(_ text: String) { result.append(contentsOf: text.unicodeScalars) }

  private mutating func beginAtom() { atomStart = result.count }

  private mutating func step() throws(TokenizerError) {
    let scalar = source[index]
    switch scalar {
    case "\\":
      beginAtom()
      try escape(inClass: false)
    case "[":
      beginAtom()
      try characterClass()
    case "(":
      groupStarts.append(result.count)
      outerCaseless.append(isCaseless)
      try openGroup()
    case ")":
      atomStart = groupStarts.popLast() ?? result.count
      isCaseless = outerCaseless.popLast() ?? isCaseless
      take(1)
    case "{": try interval()
    case "*", "+", "?", "|", "^", "$": take(1)
    default:
      beginAtom()
      take(1)
    }
  }

  mutating func take(_ count: Int) {
    for _ in 0..<count where index < source.count {
      result.append(source[index])
      index += 1
    }
  }

  /// `(`, and the options behind `(?`.
  private mutating func openGroup() throws(TokenizerError) {
    let atStart = result.isEmpty || result.last == "("
    take(1)
    if peek() == "*" { throw unsupported("(*") }
    guard peek() == "?", let kind = peek(1) else { return }
    switch kind {
    case ":", "=", "!", ">", "<": take(2)
    default:
      var options = ""
      index += 1
      while let option = peek(), "mi-".unicodeScalars.contains(option) {
        options.unicodeScalars.append(option == "m" ? "s" : option)  // Ruby's m is Perl's s
        index += 1
      }
      guard let end = peek(), end == ":" || (end == ")" && atStart), !options.isEmpty else {
        throw unsupported("the group (?\(kind)")
      }
      emit("?\(options)")
      let halves = options.split(separator: "-", omittingEmptySubsequences: false)
      isCaseless =
        halves[0].contains("i") || (isCaseless && !halves.dropFirst().joined().contains("i"))
      // `(?i)` holds for the group around it: its own parenthesis must not end it.
      if end == ")", !outerCaseless.isEmpty { outerCaseless[outerCaseless.count - 1] = isCaseless }
    }
  }

  private func isIntervalPart(_ scalar: Unicode.Scalar) -> Bool {
    ("0"..."9").contains(scalar) || scalar == ","
  }

  /// `{n,m}` and what may follow; a brace that is no interval stands for itself.
  private mutating func interval() throws(TokenizerError) {
    var end = index + 1
    while end < source.count, isIntervalPart(source[end]) {
      end += 1
    }
    let body = String(String.UnicodeScalarView(source[index + 1..<min(end, source.count)]))
    guard end < source.count, source[end] == "}", !body.isEmpty, body != "," else {
      beginAtom()
      return take(1)
    }
    index = end + 1
    emit(body.hasPrefix(",") ? "{0\(body)}" : "{\(body)}")
    if peek() == "?", !body.contains(",") { throw unsupported("{\(body)}?") }
    if peek() == "+" {  // a repetition of the repetition, not a possessive one
      result.insert(contentsOf: "(?:".unicodeScalars, at: atomStart)
      emit(")")
    }
  }

  private mutating func characterClass() throws(TokenizerError) {
    take(1)
    if peek() == "^" { take(1) }
    if peek() == "]" { emit("\\") }
    take(peek() == "]" ? 1 : 0)
    while let scalar = peek(), scalar != "]" {
      switch scalar {
      case "[": throw unsupported("a class within a class")
      case "&" where peek(1) == "&": throw unsupported("&& in a class")
      case "\\": try escape(inClass: true)
      default: take(1)
      }
    }
    take(1)
  }
}
