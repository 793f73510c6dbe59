/// Takes off what people write around an answer inside a box or between dollars: spacing, a final
/// stop or comma, "approximately", a currency sign, a unit in plain words.
enum AnswerTrimming {
  /// So many pieces are taken off at each end; more stand around no answer.
  private static let roundLimit = 32

  static func bare(_ source: Bytes) -> Bytes {
    var text = source[...]
    var length = -1
    var rounds = 0
    while length != text.count, rounds < roundLimit {
      rounds += 1
      length = text.count
      dropFront(&text)
      dropBack(&text)
    }
    if text.isEmpty { return source.trimmed() }
    return withoutWords(Bytes(text)).replacing("°", with: "^\\circ ").replacing(
      "{}^\\circ", with: "^\\circ")
  }

  private static let spacing = ["\\,", "\\;", "\\:", "\\!", "\\ ", "~", "\\quad", "\\qquad"]
  private static let front = PieceTable(
    spacing + [
      "\\sim", "\\approx", "≈", "\\text{approximately}", "\\text{approximately }", "\\text{about }",
      "\\text{about}", "\\text{approx. }", "\\text{approx.}", "\\text{exactly }", "approximately ",
      "about ", "roughly ", "exactly ", "approx. ", "£", "€", "¥", "￥", "₹", "₩", "\\pounds",
      "\\euro", "\\yen", "US\\$", "US$",
      "\\text{\\$}", "\\text{\\$ }", "\\text{Rs. }", "\\text{Rs.}", "USD ", "\\text{USD }",
    ], by: \.first)
  private static let back = PieceTable(
    spacing + ["€", "£", "¥", "￥", "₹", "₩", "\\euro", "\\pounds", "。"], by: \.last)

  private static func dropFront(_ text: inout ArraySlice<UInt8>) {
    while let byte = text.first, byte.isSpace { text = text.dropFirst() }
    if text.first == UInt8(ascii: "="), text.count > 1 { text = text.dropFirst() }
    guard let first = text.first else { return }
    for piece in front[first] where text.starts(with: piece) {
      let rest = text.dropFirst(piece.count)
      // `\sim` is not the beginning of `\simeq`.
      if piece.first == UInt8(ascii: "\\"), piece.last?.isLetter == true,
        rest.first?.isLetter == true
      {
        continue
      }
      if rest.isEmpty { continue }
      text = rest
      return
    }
  }

  private static func dropBack(_ text: inout ArraySlice<UInt8>) {
    while let byte = text.last, byte.isSpace, !isEscaped(text) { text = text.dropLast() }
    while let byte = text.last, text.count > 1, !isEscaped(text),
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: ":")
        || isStop(text)
    {
      text = text.dropLast()
    }
    guard let last = text.last else { return }
    for piece in back[last]
    where text.count > piece.count && text.suffix(piece.count).elementsEqual(piece) {
      text = text.dropLast(piece.count)
      return
    }
  }

  /// A final stop; dots that stand for more are none.
  private static func isStop(_ text: ArraySlice<UInt8>) -> Bool {
    text.last == UInt8(ascii: ".") && text.dropLast().last != UInt8(ascii: ".")
  }

  private static func isEscaped(_ text: ArraySlice<UInt8>) -> Bool {
    text.dropLast().last == UInt8(ascii: "\\")
  }

  // MARK: units in plain words

  /// `12 km/h`, `12 people`: the number before the words.
  private static func withoutWords(_ text: Bytes) -> Bytes {
    guard text.count <= 80, let last = text.last, last.isLetter || last >= 0x80 else { return text }
    var index = 0
    if text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "$") { index += 1 }
    let start = index
    while let byte = text.byte(at: index),
      byte.isDigit || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",")
        || byte == UInt8(ascii: "/")
    {
      index += 1
    }
    guard index > start, text[index - 1].isDigit, let next = text.byte(at: index) else {
      return text
    }
    if next >= 0xE4 { return isWideUnit(text[index...]) ? Bytes(text[..<index]) : text }
    guard next.isSpace else { return text }
    return isUnit(text[index...]) ? Bytes(text[..<index]) : text
  }

  /// `18个`: up to six characters that count or measure, not numerals.
  private static func isWideUnit(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.count <= 18, text.allSatisfy({ $0 >= 0x80 }) else { return false }
    let words = Bytes(text)
    return !["十", "百", "千", "万", "亿", "或", "和", "到", "至", "不", "分之", "倍"]
      .contains { words.contains($0) }
  }

  private static let noUnits: Set<String> = [
    "and", "or", "if", "mod", "when", "for", "to", "plus", "times", "minus", "not", "choose", "is",
    "are", "more", "less", "over", "modulo", "remainder", "with", "where", "than", "percent",
    "percentage", "pct", "hundred", "thousand", "million", "billion", "trillion", "dozen", "score",
    "squared", "cubed", "factorial",
  ]

  private static func isUnit(_ text: ArraySlice<UInt8>) -> Bool {
    let allowed = text.allSatisfy {
      $0.isLetter || $0.isSpace || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "-")
    }
    let words = text.split { !$0.isLetter }.map { Bytes($0.map(\.lowercased)).text }
    guard allowed, let first = words.first else { return false }
    if words.contains(where: { noUnits.contains($0) || PhraseWords.mathematics[$0] != nil }) {
      return false
    }
    return first.utf8.count >= 4
      || first.utf8.count > 1 && PhraseWords.shortWords.contains(first)
  }
}

/// Short texts by their first or last byte, so that most ends of an answer are compared with none of them.
private struct PieceTable {
  private var pieces = [[Bytes]](repeating: [], count: 256)

  init(_ texts: [String], by end: (Bytes) -> UInt8?) {
    for text in texts {
      let piece = Bytes(text.utf8)
      if let byte = end(piece) { pieces[Int(byte)].append(piece) }
    }
  }

  subscript(_ byte: UInt8) -> [Bytes] { pieces[Int(byte)] }
}
