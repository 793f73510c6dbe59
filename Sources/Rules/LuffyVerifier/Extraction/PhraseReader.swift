/// Reads plain text as mathematics from one position on, for as long as it is mathematics.
///
/// A phrase ends with its line or sentence, at a word, at the mark that closes its emphasis, or
/// before a bracket with words in it. What it is made of becomes LaTeX.
struct PhraseReader {
  enum Last { case nothing, operand, binary, sign, separator, open }

  let text: Bytes
  let limit: Int
  var cursor: Int
  var latex = Bytes()
  var last = Last.nothing
  var sawBlank = false
  /// The emphasis that the phrase stands in: `*`, `_`, a quote, a backtick; 0 for none.
  let mark: UInt8
  /// Where each open bracket stands.
  var brackets: [UInt8] = []
  /// The last place at which the phrase may end.
  var safe: (latex: Int, cursor: Int)?
  /// An operator waits for its right side.
  var dangles = false
  /// The number that was read last: a mixed number's integer.
  var integerEnd: Int?
  var holdsNumber = false

  /// A longer phrase is no answer.
  static let lengthLimit = 600

  /// The phrase that begins at `start`; nil where nothing there is mathematics.
  static func phrase(
    in text: Bytes, at start: Int, mark: UInt8 = 0, budget: WorkBudget
  ) -> PlainPhrase? {
    if budget.isExhausted { return nil }
    var reader = PhraseReader(text, start, mark)
    reader.run()
    budget.charge(read: 2 * (reader.cursor - start))
    guard let safe = reader.safe else { return nil }
    let latex = Bytes(reader.latex[..<safe.latex])
    let continued = reader.continuation(after: safe.cursor)
    return PlainPhrase(
      range: start..<(continued ?? safe.cursor), latex: latex,
      isWhole: !reader.dangles && continued == nil,
      countEnd: continued == nil ? nil : reader.countEnd(after: safe.cursor))
  }

  private init(_ text: Bytes, _ start: Int, _ mark: UInt8) {
    self.text = text
    self.mark = mark
    cursor = start
    limit = min(text.count, start + Self.lengthLimit)
  }

  private mutating func run() {
    while cursor < limit {
      let byte = text[cursor]
      if byte == 0x20 || byte == 0x09 {
        cursor += 1
        sawBlank = true
      } else if byte == 0xC2, text.matches("\u{A0}", at: cursor) {
        cursor += 2
        sawBlank = true
      } else {
        guard step(byte) else { break }
        sawBlank = false
      }
    }
    if cursor >= limit, limit < text.count { dangles = true }
  }

  /// Reads one piece; false where the phrase ends.
  private mutating func step(_ byte: UInt8) -> Bool {
    if byte.isDigit || (byte == 0x2E && (text.byte(at: cursor + 1)?.isDigit ?? false)) {
      return number()
    }
    if byte.isLetter { return word() }
    if byte >= 0x80 { return symbol() }
    switch byte {
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "="),
      UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "^"), UInt8(ascii: ":"):
      return sign(byte)
    case UInt8(ascii: "*"): return star()
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): return open(byte)
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): return close(byte)
    case UInt8(ascii: ","), UInt8(ascii: ";"): return comma(byte)
    case UInt8(ascii: "%"): return suffix("\\%", 1)
    case UInt8(ascii: "!"): return bang()
    case UInt8(ascii: "_"): return subscripted()
    case UInt8(ascii: "$"):
      cursor += 1
      return last != .operand && startsNumber(cursor)
    case UInt8(ascii: "\\"): return command()
    case UInt8(ascii: "|"): return bar()
    default: return false
    }
  }

  // MARK: what every piece does

  /// Adds an operand of `length` bytes; false where none may stand here.
  mutating func operand(_ piece: Bytes, _ length: Int, joins: Bool = true) -> Bool {
    if last == .operand {
      guard joins, !sawBlank || brackets.count > 0 else { return false }
    }
    latex += piece
    cursor += length
    last = .operand
    dangles = false
    integerEnd = nil
    markSafe()
    return true
  }

  mutating func binary(_ piece: String, _ length: Int) -> Bool {
    guard last == .operand else { return false }
    latex += Bytes(piece.utf8)
    cursor += length
    last = .binary
    dangles = true
    integerEnd = nil
    return true
  }

  mutating func suffix(_ piece: String, _ length: Int) -> Bool {
    guard last == .operand else { return false }
    latex += Bytes(piece.utf8)
    cursor += length
    markSafe()
    return true
  }

  mutating func markSafe() {
    if brackets.isEmpty { safe = (latex.count, cursor) }
  }

  func startsNumber(_ index: Int) -> Bool {
    guard let byte = text.byte(at: index) else { return false }
    if byte.isDigit { return true }
    return byte == UInt8(ascii: ".") && (text.byte(at: index + 1)?.isDigit ?? false)
  }

  /// Where a number goes on in words, as "2 to 3" and "4 hours 30 minutes" do; nil where it does not.
  private func continuation(after end: Int) -> Int? {
    var index = text.skippingBlanks(from: end)
    if index == end, text.byte(at: end) == UInt8(ascii: "-"),
      let next = text.byte(at: end + 1), next.isLetter
    {
      return end + 1
    }
    let first = Self.word(in: text, at: index)
    if first.isEmpty { return nil }
    index += first.utf8.count
    if PhraseWords.continuations.contains(first) { return numberEnd(from: index) }
    // A unit, then another number with its own unit.
    guard first.count > 1 || index == end + 1, !PhraseWords.shortWords.contains(first) else {
      return nil
    }
    index = text.skippingBlanks(from: index)
    if Self.word(in: text, at: index) == "and" { index = text.skippingBlanks(from: index + 3) }
    let digits = index
    while let digit = text.byte(at: index), digit.isDigit { index += 1 }
    guard index > digits else { return nil }
    let unit = Self.word(in: text, at: text.skippingBlanks(from: index))
    return unit.isEmpty || PhraseWords.shortWords.contains(unit) && unit.count > 2 ? nil : index
  }

  /// After the number that follows a word, so that "12 to 24" hides its 24, too; `start` where none does.
  private func numberEnd(from start: Int) -> Int {
    var end = text.skippingBlanks(from: start)
    guard startsNumber(end) else { return start }
    while let byte = text.byte(at: end), byte.isDigit || byte == UInt8(ascii: ".") { end += 1 }
    return end
  }

  /// `end` where a thing counted and "and" follow, as in "18 eggs and 3 hens"; nil before a unit of measure.
  private func countEnd(after end: Int) -> Int? {
    let unit = Self.word(in: text, at: text.skippingBlanks(from: end))
    guard unit.utf8.count > 1, !PhraseWords.measures.contains(unit),
      !PhraseWords.continuations.contains(unit)
    else { return nil }
    let next = text.skippingBlanks(from: text.skippingBlanks(from: end) + unit.utf8.count)
    return Self.word(in: text, at: next) == "and" ? end : nil
  }

  /// The letters at `index` in lower case; an apostrophe belongs to them.
  static func word(in text: Bytes, at index: Int) -> String {
    var end = index
    while let byte = text.byte(at: end), byte.isLetter || byte == 0x27, end < index + 24 {
      end += 1
    }
    return Bytes(text[min(index, text.count)..<end].map(\.lowercased)).text
  }
}

extension Array where Element == UInt8 {
  /// The first position at or after `index` that is no blank; a new line is not passed.
  @inline(__always)
  func skippingBlanks(from index: Int) -> Int {
    var cursor = index
    while cursor < count, self[cursor] == 0x20 || self[cursor] == 0x09 { cursor &+= 1 }
    return cursor
  }
}
