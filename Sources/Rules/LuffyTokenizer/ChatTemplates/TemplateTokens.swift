/// The words of a Jinja template, without what its author may write one way or another.
///
/// Two texts of a template have the same words where they differ only in comments, in white space within tags or where
/// Jinja strips it (`{%-`, `-%}`, and with the options `trim_blocks` and `lstrip_blocks` that transformers sets), in the
/// quotes of strings, in how a line break is written in a string (`\n` or the break itself), and in one line break at the
/// end of the text. Any other difference, as white space that is printed, gives other words.
struct TemplateTokens {
  enum Token: Equatable {
    /// Text that is printed as it is.
    case data([UInt8])
    /// The start of `{{` or `{%`.
    case open(UInt8)
    case string([UInt8])
    /// A name, a number or one sign.
    case word([UInt8])
  }

  private(set) var tokens: [Token] = []
  private var source: [UInt8]
  private var place = 0
  /// Whether what comes next begins a line.
  private var startsLine = true

  /// Nil where the text has a tag that does not end, or a string with an escape that no known template has.
  init?(_ text: String) {
    source = Self.lines(text)
    while place < source.count {
      guard step() else { return nil }
    }
  }

  /// Unix line ends, without one at the end.
  private static func lines(_ text: String) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count)
    var wasReturn = false
    for byte in text.utf8 {
      if !(wasReturn && byte == .newline) { result.append(byte == .carriage ? .newline : byte) }
      wasReturn = byte == .carriage
    }
    if result.last == .newline { result.removeLast() }
    return result
  }

  private func byte(_ index: Int) -> UInt8 { index < source.count ? source[index] : 0 }

  /// The next text with the tag that ends it.
  private mutating func step() -> Bool {
    let start = place
    while place < source.count, !isTag(place) { place += 1 }
    var text = Array(source[start..<place])
    guard place < source.count else {
      append(text)
      return true
    }
    let (kind, mark) = (byte(place + 1), byte(place + 2))
    if mark == .minus {
      while let last = text.last, last.isSpace { text.removeLast() }
    } else if kind != .openBrace, mark != .plus {
      stripLineStart(&text)
    }
    append(text)
    place += mark == .minus || mark == .plus ? 3 : 2
    return kind == .hash ? skipComment() : readTag(kind)
  }

  private func isTag(_ index: Int) -> Bool {
    byte(index) == .openBrace && [.openBrace, .percent, .hash].contains(byte(index + 1))
  }

  private mutating func append(_ text: [UInt8]) {
    if !text.isEmpty { tokens.append(.data(text)) }
  }

  /// `lstrip_blocks`: spaces between the start of a line and a block go.
  private func stripLineStart(_ text: inout [UInt8]) {
    let line = (text.lastIndex(of: .newline) ?? -1) + 1
    guard line > 0 || startsLine else { return }
    if text[line...].allSatisfy(\.isSpace) { text.removeLast(text.count - line) }
  }

  private mutating func skipComment() -> Bool {
    while place < source.count, !(byte(place) == .hash && byte(place + 1) == .closeBrace) {
      place += 1
    }
    guard place < source.count else { return false }
    let mark = byte(place - 1)
    place += 2
    end(mark, isBlock: true)
    return true
  }

  /// The words of a tag and its end.
  private mutating func readTag(_ kind: UInt8) -> Bool {
    let close: UInt8 = kind == .percent ? .percent : .closeBrace
    tokens.append(.open(kind))
    while place < source.count {
      let head = byte(place)
      if head == close, byte(place + 1) == .closeBrace {
        place += 2
        end(0, isBlock: kind == .percent)
        return true
      }
      if head == .minus || head == .plus, byte(place + 1) == close, byte(place + 2) == .closeBrace {
        place += 3
        end(head, isBlock: kind == .percent)
        return true
      }
      if head.isSpace {
        place += 1
      } else if head == .quote || head == .doubleQuote {
        guard readString(head) else { return false }
      } else {
        readWord()
      }
    }
    return false
  }

  private mutating func readWord() {
    let start = place
    while place < source.count, byte(place).isWord { place += 1 }
    if place == start { place += 1 }
    tokens.append(.word(Array(source[start..<place])))
  }

  private mutating func readString(_ quote: UInt8) -> Bool {
    var value: [UInt8] = []
    place += 1
    while place < source.count, byte(place) != quote {
      var found = byte(place)
      if found == .backslash {
        place += 1
        switch byte(place) {
        case UInt8(ascii: "n"): found = .newline
        case UInt8(ascii: "t"): found = 9
        case .backslash, .quote, .doubleQuote: found = byte(place)
        default: return false
        }
      }
      value.append(found)
      place += 1
    }
    guard place < source.count else { return false }
    place += 1
    tokens.append(.string(value))
    return true
  }

  /// White space after a tag that Jinja does not print: all of it after a minus, one line break after a block.
  private mutating func end(_ mark: UInt8, isBlock: Bool) {
    startsLine = false
    if mark == .minus {
      while place < source.count, byte(place).isSpace { place += 1 }
    } else if isBlock, mark != .plus, byte(place) == .newline {
      place += 1
      startsLine = true
    }
  }
}

extension UInt8 {
  fileprivate static let newline = UInt8(ascii: "\n")
  fileprivate static let carriage = UInt8(ascii: "\r")
  fileprivate static let openBrace = UInt8(ascii: "{")
  fileprivate static let closeBrace = UInt8(ascii: "}")
  fileprivate static let percent = UInt8(ascii: "%")
  fileprivate static let hash = UInt8(ascii: "#")
  fileprivate static let minus = UInt8(ascii: "-")
  fileprivate static let plus = UInt8(ascii: "+")
  fileprivate static let quote = UInt8(ascii: "'")
  fileprivate static let doubleQuote = UInt8(ascii: "\"")
  fileprivate static let backslash = UInt8(ascii: "\\")
  fileprivate var isSpace: Bool { self == 32 || (9...13).contains(self) }
  fileprivate var isWord: Bool {
    self == 95 || (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self)
  }
}
