/// Mathematics as programs write it (`x**2`, `pi/3`, `7*sqrt(3)`), as LaTeX.
extension LatexNormalizer {
  /// Words that are a command wherever they stand alone.
  private static let names: [String: String] = {
    var table = [
      "pi": "\\pi ", "Pi": "\\pi ", "infinity": "\\infty ", "Infinity": "\\infty ",
      "inf": "\\infty ", "oo": "\\infty ", "sqrt": "\\sqrt", "infty": "\\infty ", "mod": "\\bmod ",
    ]
    for name in ["alpha", "beta", "theta", "lambda", "omega", "phi", "sigma", "delta"] {
      table[name] = "\\\(name) "
    }
    return table
  }()
  /// Words that are a function where a parenthesis follows.
  private static let functions: [String: String] = {
    var table = ["Abs": "\\abs", "factorial": "\\factorial", "binomial": "\\binomial"]
    for name in [
      "sin", "cos", "tan", "csc", "sec", "cot", "arcsin", "arccos", "arctan", "sinh", "cosh",
      "tanh", "log", "ln", "exp", "abs", "max", "min", "gcd", "lcm", "floor", "ceil",
    ] { table[name] = "\\\(name)" }
    for (code, name) in [("asin", "arcsin"), ("acos", "arccos"), ("atan", "arctan")] {
      table[code] = "\\\(name)"
    }
    return table
  }()

  /// `np.arcsin(x)`, `math.pi` without the module, `1./3` without the point.
  private mutating func dropModules() {
    for module in ["np.", "numpy.", "math.", "sympy."] where text.contains(module) {
      var start = 0
      while let found = text.firstIndex(of: module, from: start) {
        start = found + 1
        let isFree = !(text.byte(at: found - 1)?.isLetter ?? false)
        guard isFree, text.byte(at: found + module.utf8.count)?.isLetter ?? false else { continue }
        setText(Bytes(text[..<found]) + text[(found + module.utf8.count)...])
      }
    }
    for index in text.indices.dropFirst().reversed()
    where text[index] == UInt8(ascii: ".") && text[index - 1].isDigit {
      guard let next = text.byte(at: index + 1), next == UInt8(ascii: "/") || next == 0x2A else {
        continue
      }
      var copy = text
      copy.remove(at: index)
      setText(copy)
      return
    }
  }

  mutating func nameCode() {
    if text.contains(UInt8(ascii: ".")) { dropModules() }
    var result = Bytes()
    result.reserveCapacity(text.count + 8)
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "*"), text.byte(at: index + 1) == UInt8(ascii: "*") {
        result.append(UInt8(ascii: "^"))
        index = text.skippingSpace(from: index + 2)
        continue
      }
      let end =
        byte.isLetter ? wordEnd(index) : byte == UInt8(ascii: "\\") ? skippedEnd(index) : index + 1
      if byte.isLetter, end - index > 1, let name = codeName(index..<end) {
        result += Bytes(name.utf8)
      } else {
        result += text[index..<end]
      }
      index = end
    }
    setText(result)
  }

  private func wordEnd(_ start: Int) -> Int {
    var end = start
    while let byte = text.byte(at: end), byte.isLetter { end += 1 }
    return end
  }

  /// The end of a command, with the words of a `\text{…}` and the name of an environment.
  private func skippedEnd(_ start: Int) -> Int {
    let end = wordEnd(start + 1)
    if end == start + 1 { return min(start + 2, text.count) }
    for name in ["\\text", "\\begin", "\\end", "\\operatorname"]
    where text.matches(name, at: start) && end == start + name.utf8.count
      && text.byte(at: end) == UInt8(ascii: "{")
    {
      return (text[end...].firstIndex(of: UInt8(ascii: "}")) ?? end - 1) + 1
    }
    return end
  }

  private func codeName(_ range: Range<Int>) -> String? {
    guard range.count <= 9 else { return nil }
    let word = Bytes(text[range]).text
    if let name = Self.names[word] { return name }
    guard let name = Self.functions[word],
      text.byte(at: text.skippingSpace(from: range.upperBound)) == UInt8(ascii: "(")
    else { return nil }
    return name
  }
}
