extension PatternTranslator {
  /// What Oniguruma's `\w` matches: more than PCRE2's.
  private static let word =
    #"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\x{B2}\x{B3}\x{B9}\x{BC}-\x{BE}"#

  /// One escape, at its backslash.
  mutating func escape(inClass: Bool) throws(TokenizerError) {
    guard let kind = peek(1) else { return take(1) }  // PCRE2 names the error
    let word = Self.word
    switch kind {
    case "w": replace(with: inClass ? word : "[\(word)]")
    case "h": replace(with: inClass ? "0-9a-fA-F" : "[0-9a-fA-F]")
    case "W" where !inClass: replace(with: "[^\(word)]")
    case "H" where !inClass: replace(with: "[^0-9a-fA-F]")
    case "b" where !inClass:
      replace(with: "(?:(?<=[\(word)])(?![\(word)])|(?<![\(word)])(?=[\(word)]))")
    case "B" where !inClass:
      replace(with: "(?:(?<=[\(word)])(?=[\(word)])|(?<![\(word)])(?![\(word)]))")
    case "v": replace(with: #"\x0B"#)
    case "u": try codePoint()
    case "p", "P": try property(inClass: inClass)
    case "s", "S", "d", "D", "n", "r", "t", "f", "a", "e", "x", "0": take(2)
    case "A", "z", "Z", "1"..."9": try inClass ? refuse(kind) : take(2)
    case "a"..."z", "A"..."Z", "2"..."9": try refuse(kind)
    default: take(2)
    }
  }

  private func refuse(_ kind: Unicode.Scalar) throws(TokenizerError) {
    throw unsupported("\\\(kind)")
  }

  private mutating func replace(with text: String) {
    index += 2
    emit(text)
  }

  /// `\uHHHH`
  private mutating func codePoint() throws(TokenizerError) {
    let digits = source.dropFirst(index + 2).prefix(4)
    guard digits.count == 4, digits.allSatisfy(\.properties.isASCIIHexDigit) else {
      return try refuse("u")
    }
    index += 6
    emit("\\x{\(String(String.UnicodeScalarView(digits)))}")
  }

  /// `\p{…}`. A script's name means its code points, not its script extensions.
  ///
  /// Within a class under `(?i)`, Oniguruma adds the other cases of what a property matches; PCRE2
  /// does not. Only properties that hold for all cases of a letter mean the same.
  private mutating func property(inClass: Bool) throws(TokenizerError) {
    guard peek(2) == "{", let end = source[index...].firstIndex(of: "}") else { return take(2) }
    var name = String(String.UnicodeScalarView(source[index + 3..<end]))
    let negation = name.hasPrefix("^") ? "^" : ""
    name.removeFirst(negation.count)
    if inClass, isCaseless, !["L", "N", "P", "S", "Z"].contains(name) {
      throw unsupported("\\p{\(name)} in a class under (?i)")
    }
    let isScript = name.count > 2 && Pattern.compiles("\\p{sc:\(name)}")
    take(2)
    index = end + 1
    emit("{\(negation)\(isScript ? "sc:" : "")\(name)}")
  }
}
