/// `\begin{…}` of every kind that an answer uses, as one of the kinds that the grammar knows.
extension LatexNormalizer {
  /// What an environment is read as; an empty name leaves its inside alone.
  private static let environments: [String: String] = {
    var table: [String: String] = [:]
    for name in ["aligned", "align", "gathered", "gather", "split", "alignedat", "eqnarray"] {
      table[name] = "system"
    }
    for name in ["cases", "dcases", "rcases"] { table[name] = "cases" }
    for name in ["equation", "displaymath", "math", "center"] { table[name] = "" }
    for name in ["matrix", "pmatrix", "bmatrix", "vmatrix"] { table[name] = name }
    for prefix in ["", "p", "b", "v"] { table[prefix + "smallmatrix"] = prefix + "matrix" }
    table["Bmatrix"] = "bmatrix"
    return table
  }()

  mutating func plainEnvironments() {
    for name in ["\\left\\{", "\\left \\{", "\\left\\lbrace"] where text.contains(name) {
      bracedArrays(name)
    }
    var result = Bytes()
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      guard text[index] == UInt8(ascii: "\\") else {
        result.append(text[index])
        index += 1
        continue
      }
      if let end = rowEnd(at: index) {
        result += Bytes("\\\\ ".utf8)
        index = end
      } else if let (replacement, end) = environmentMark(at: index) {
        result += replacement
        index = end
      } else {
        let length = index + 1 < text.count ? 2 : 1
        result += text[index..<(index + length)]
        index += length
      }
    }
    setText(result)
  }

  /// `\left\{ \begin{array}{l} … \end{array} \right.` are cases.
  private mutating func bracedArrays(_ open: String) {
    guard let start = text.firstIndex(of: open, from: 0) else { return }
    let begin = text.skippingSpace(from: start + open.utf8.count)
    guard text.matches("\\begin{array}{", at: begin),
      let columns = text[(begin + 14)...].firstIndex(of: UInt8(ascii: "}")), columns < begin + 40,
      let end = text.firstIndex(of: "\\end{array}", from: columns)
    else { return }
    let close = text.skippingSpace(from: end + 11)
    guard text.matches("\\right", at: close) else { return }
    let rest = text.skippingSpace(from: close + 6)
    guard text.byte(at: rest) == UInt8(ascii: ".") else { return }
    setText(
      Bytes(text[..<start]) + Bytes("\\begin{cases}".utf8) + text[(columns + 1)..<end]
        + Bytes("\\end{cases}".utf8) + text[(rest + 1)...])
  }

  /// `\\`, with the `[4pt]` or star that may follow.
  private func rowEnd(at index: Int) -> Int? {
    guard text.byte(at: index + 1) == UInt8(ascii: "\\") else { return nil }
    var cursor = index + 2
    if text.byte(at: cursor) == UInt8(ascii: "*") { cursor += 1 }
    let open = text.skippingSpace(from: cursor)
    guard text.byte(at: open) == UInt8(ascii: "[") else { return cursor }
    var close = open + 1
    while let byte = text.byte(at: close), close < open + 12 {
      if byte == UInt8(ascii: "]") { return isLength(open + 1..<close) ? close + 1 : cursor }
      close += 1
    }
    return cursor
  }

  /// A length such as `4pt` or `-0.5em`.
  private func isLength(_ range: Range<Int>) -> Bool {
    let inner = Bytes(text[range]).trimmed()
    return inner.count > 2 && inner.suffix(2).allSatisfy(\.isLetter)
      && inner.dropLast(2).allSatisfy { !$0.isLetter }
  }

  private func environmentMark(at index: Int) -> (Bytes, Int)? {
    for command in ["begin", "end"] {
      let open = index + 1 + command.utf8.count
      guard text.matches(command, at: index + 1), text.byte(at: open) == UInt8(ascii: "{"),
        let close = text[open...].prefix(24).firstIndex(of: UInt8(ascii: "}"))
      else { continue }
      let name = Bytes(text[(open + 1)..<close].filter { $0 != UInt8(ascii: "*") }).text
      guard let plain = Self.environments[name] else { return nil }
      var end = close + 1
      // The columns of alignedat, the alignment of matrix*.
      if command == "begin", plain != "", let option = text.byte(at: end),
        option == UInt8(ascii: "[") || (name == "alignedat" && option == UInt8(ascii: "{")),
        let last = text[end...].prefix(8).firstIndex(where: {
          $0 == UInt8(ascii: "]") || $0 == UInt8(ascii: "}")
        }), text[(end + 1)..<last].allSatisfy({ $0.isLetter || $0.isDigit })
      {
        end = last + 1
      }
      return (plain == "" ? [] : Bytes("\\\(command){\(plain)}".utf8), end)
    }
    return nil
  }
}
