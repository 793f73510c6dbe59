import Glibc

/// A text as UTF-8 bytes; every scanner works on these.
typealias Bytes = [UInt8]

extension UInt8 {
  @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }
  @inline(__always) var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
  /// White space in ASCII, as a regular expression's `\s` takes it.
  @inline(__always) var isSpace: Bool { self == 0x20 || self &- 0x09 < 5 || self &- 0x1C < 4 }
  @inline(__always) var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
  /// Not the first byte of a code point.
  @inline(__always) var isContinuation: Bool { self & 0xC0 == 0x80 }
}

extension Array where Element == UInt8 {
  /// Whether `literal` stands at `index`.
  @inline(__always)
  func matches(_ literal: String, at index: Int) -> Bool {
    var cursor = index
    for byte in literal.utf8 {
      guard cursor < count, self[cursor] == byte else { return false }
      cursor &+= 1
    }
    return true
  }

  /// Whether `literal` (lower case) stands at `index`, whatever the case.
  @inline(__always)
  func matchesFolded(_ literal: String, at index: Int) -> Bool {
    var cursor = index
    for byte in literal.utf8 {
      guard cursor < count, self[cursor].lowercased == byte else { return false }
      cursor &+= 1
    }
    return true
  }

  @inline(__always)
  func byte(at index: Int) -> UInt8? { index >= 0 && index < count ? self[index] : nil }

  func contains(_ literal: String) -> Bool { firstIndex(of: literal, from: 0) != nil }

  /// The first position at or after `start` where `literal` stands.
  func firstIndex(of literal: String, from start: Int) -> Int? {
    guard let first = literal.utf8.first, start >= 0 else { return nil }
    let last = count - literal.utf8.count
    var index = start
    while index <= last, let next = firstIndex(of: first, in: index..<(last + 1)) {
      if matches(literal, at: next) { return next }
      index = next + 1
    }
    return nil
  }

  /// The first position of a byte in a range.
  private func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
    unsafe withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress,
        let hit = unsafe memchr(base + range.lowerBound, Int32(byte), range.count)
      else { return nil }
      return unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }
  }

  /// The last position before `end` where `literal` fits whole.
  func lastIndex(of literal: String, before end: Int) -> Int? {
    guard let first = literal.utf8.first else { return nil }
    var index = Swift.min(end, count) - literal.utf8.count
    while index >= 0 {
      if self[index] == first && matches(literal, at: index) { return index }
      index -= 1
    }
    return nil
  }

  /// The first position at or after `index` that holds no white space.
  @inline(__always)
  func skippingSpace(from index: Int) -> Int {
    var cursor = index
    while cursor < count, self[cursor].isSpace { cursor &+= 1 }
    return cursor
  }

  /// With every Unicode space as a plain blank.
  func plainSpaces() -> Bytes {
    guard contains(where: { $0 == 0xC2 || $0 == 0xE2 || $0 == 0xE3 }) else { return self }
    var result = Bytes()
    result.reserveCapacity(count)
    var index = 0
    while index < count {
      let length = unicodeSpaceLength(at: index)
      result.append(length > 0 ? 0x20 : self[index])
      index += Swift.max(1, length)
    }
    return result
  }

  /// The length of a white space character past ASCII; 0 for anything else.
  private func unicodeSpaceLength(at index: Int) -> Int {
    switch self[index] {
    case 0xC2: return matches("\u{A0}", at: index) ? 2 : 0
    case 0xE2:
      guard index + 2 < count else { return 0 }
      let (middle, last) = (self[index + 1], self[index + 2])
      if middle == 0x80, (0x80...0x8A).contains(last) || last == 0xAF { return 3 }
      return middle == 0x81 && last == 0x9F ? 3 : 0
    case 0xE3: return matches("\u{3000}", at: index) ? 3 : 0
    default: return 0
    }
  }

  /// Without white space at both ends.
  func trimmed() -> Bytes {
    var start = 0
    var end = count
    while start < end, self[start].isSpace { start += 1 }
    while end > start, self[end - 1].isSpace { end -= 1 }
    return start == 0 && end == count ? self : Bytes(self[start..<end])
  }

  /// Every occurrence of `literal` replaced, left to right.
  func replacing(_ literal: String, with replacement: String) -> Bytes {
    guard var next = firstIndex(of: literal, from: 0) else { return self }
    var result = Bytes()
    result.reserveCapacity(count)
    var start = 0
    while true {
      result += self[start..<next]
      result += Bytes(replacement.utf8)
      start = next + literal.utf8.count
      guard let following = firstIndex(of: literal, from: start) else { break }
      next = following
    }
    result += self[start...]
    return result
  }

  var text: String { String(decoding: self, as: UTF8.self) }
}

extension Bytes {
  /// The code point that begins at `index` and its bytes; a byte that begins none stands for itself.
  func scalar(at index: Int) -> (value: UInt32, length: Int) {
    let first = self[index]
    let length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard length > 1, index + length <= count else { return (UInt32(first), 1) }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for next in self[(index + 1)..<(index + length)] {
      if !next.isContinuation { return (UInt32(first), 1) }
      value = value << 6 | UInt32(next & 0x3F)
    }
    return (value, length)
  }
}
