/// Unit words that are dropped from the end of an answer.
enum UnitWords {
  /// A trailing word counts where a digit, `}` or white space stands before it. A dot stands for
  /// any one character, as in the pattern that the list comes from.
  private static let words: [Bytes] = [
    "integerpoint", "feet", "sue", "digit", "pound", "meal", "edge", "student", "children ticket",
    "multiple", "east", "degree", "mph", "kmph", "ft", "m square", " m east", "sq m", "deg",
    "mile", "q .", "monkey", "prime", "ratio", "profit of rs", "rd", "o", "gm", "p . m", "lb",
    "tile", "per", "dm", "lt", "gain", "ab", "way", "west", "a .", "b .", "c .", "d .", "e .",
    "f .", "g .", "h .", "t", "h", "no change", "men", "soldier", "pie", "bc", "excess", "st",
    "inches", "noon", "cent", "by", "gal", "kmh", "c", "acre", "rise", "a . m", "th", "π r 2",
    "sq", "mark", "l", "toy", "coin", "sq . m", "gallon", "° f", "profit", "minw", "yr", "women",
    "am", "pm", "hr", "cu cm", "square", "v â € ™", "are", "rupee", "rounds", "cubic", "cc",
    "mtr", "s", "ohm", "number", "day", "hour", "minute", "min", "second", "man", "woman", "sec",
    "cube", "mt", "sq inch", "mp", "∏ cm ³", "hectare", "more", "unit", "cu . m", "cm 2", "rs .",
    "rs", "kg", "g", "month", "km", "m", "cm", "mm", "apple", "liter", "loss", "yard", "pure",
    "year", "increase", "decrease", "d", "less", "Surface", "litre", "pi sq m", "s .", "metre",
    "meter", "inch",
  ].map { Bytes($0.utf8) }

  /// Words by their first byte, so that one position asks a few words only.
  private static let byFirst: [[Bytes]] = {
    var table = [[Bytes]](repeating: [], count: 256)
    for word in words { table[Int(word[0])].append(word) }
    return table
  }()

  private static let longest = words.map(\.count).max() ?? 0

  /// Where the text before a trailing unit ends, or nil where there is no unit.
  static func valueEnd(_ text: Bytes) -> Int? {
    var end = text.count
    while end > 0, text[end - 1].isSpace { end -= 1 }
    guard end > 1 else { return nil }
    var best: Int?
    var start = end - 1
    while start > 0, start >= end - longest - 2 {
      defer { start -= 1 }
      guard isUnit(text, start..<end), let value = valueEnd(text, unit: start) else { continue }
      best = min(best ?? value, value)
    }
    return best
  }

  /// A unit, alone or with a plural s or es.
  private static func isUnit(_ text: Bytes, _ range: Range<Int>) -> Bool {
    for word in byFirst[Int(text[range.lowerBound])] {
      let rest = range.count - word.count
      guard rest >= 0, rest <= 2, fits(word, text, at: range.lowerBound) else { continue }
      if rest == 0 { return true }
      if text[range.upperBound - 1] != UInt8(ascii: "s") { continue }
      if rest == 1 || text[range.upperBound - 2] == UInt8(ascii: "e") { return true }
    }
    return false
  }

  private static func fits(_ word: Bytes, _ text: Bytes, at start: Int) -> Bool {
    for (offset, byte) in word.enumerated()
    where byte != UInt8(ascii: ".") && text[start + offset] != byte { return false }
    return true
  }

  private static func valueEnd(_ text: Bytes, unit start: Int) -> Int? {
    var blank = start
    while blank > 0, text[blank - 1].isSpace { blank -= 1 }
    if blank > 0, text[blank - 1].isDigit || text[blank - 1] == UInt8(ascii: "}") { return blank }
    return blank < start ? blank + 1 : nil
  }
}
