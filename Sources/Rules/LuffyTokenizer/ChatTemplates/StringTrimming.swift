/// Which ends of a text are trimmed.
enum TextEnd {
  case start, end, both
}

extension String {
  /// Without the scalars at its ends that `isTrimmed` says, as Python's `strip`, `lstrip` and `rstrip` do it.
  func trimmed(_ end: TextEnd, _ isTrimmed: (Unicode.Scalar) -> Bool) -> String {
    var scalars = Substring(self).unicodeScalars
    if end != .end { scalars = scalars.drop(while: isTrimmed) }
    while end != .start, let last = scalars.last, isTrimmed(last) { scalars.removeLast() }
    return String(scalars)
  }
}

extension Unicode.Scalar {
  var isLineFeed: Bool { self == "\n" }

  /// What Python's `str.strip()` takes away: white space of Unicode and the separators U+001C to U+001F.
  var isPythonSpace: Bool { properties.isWhitespace || (0x1c...0x1f).contains(value) }
}
