/// The commands and symbols of the grammar, by their text.
struct LatexCommands {
  struct Entry {
    let text: Bytes
    let kind: LatexToken.Kind
    let detail: UInt8
  }

  /// Entries by the byte after the backslash (or by their first byte), longest first.
  private let commands: [[Entry]]
  private let symbols: [[Entry]]
  private let keywords: [[Entry]]

  static let shared = LatexCommands()

  /// The longest command whose text stands at `index`, where there is a backslash.
  func command(in text: Bytes, at index: Int) -> Entry? {
    guard let next = text.byte(at: index + 1) else { return nil }
    return Self.longest(commands[Int(next)], in: text, at: index + 1)
  }

  /// The longest non-letter symbol at `index`.
  func symbol(in text: Bytes, at index: Int) -> Entry? {
    Self.longest(symbols[Int(text[index])], in: text, at: index)
  }

  /// The longest reserved word at `index`.
  func keyword(in text: Bytes, at index: Int) -> Entry? {
    Self.longest(keywords[Int(text[index])], in: text, at: index)
  }

  private static func longest(_ entries: [Entry], in text: Bytes, at index: Int) -> Entry? {
    entries.first { entry in
      guard index + entry.text.count <= text.count else { return false }
      for offset in entry.text.indices where text[index + offset] != entry.text[offset] {
        return false
      }
      return true
    }
  }

  private init() {
    var list: [Entry] = []
    func add(_ kind: LatexToken.Kind, _ names: String, detail: UInt8 = 0) {
      for name in names.split(separator: " ") {
        list.append(Entry(text: Bytes(name.utf8), kind: kind, detail: detail))
      }
    }
    func table() -> [[Entry]] {
      var result = [[Entry]](repeating: [], count: 256)
      for entry in list { result[Int(entry.text[0])].append(entry) }
      list = []
      return result.map { entries in
        entries.enumerated().sorted {
          ($1.element.text.count, $0.offset) < ($0.element.text.count, $1.offset)
        }.map(\.element)
      }
    }
    Self.addLayout(add)
    Self.addFunctions(add)
    Self.addOperators(add)
    Self.addNames(add)
    commands = table()
    Self.addSymbols(add)
    symbols = table()
    add(
      .keyword,
      "arsinh arcsinh arcosh arccosh artanh arctanh gcd lcm floor ceil eye zeros ones cols rows "
        + "diag norm rank trace tr rref hstack vstack orth ortho orthogonal orthogonalize "
        + "nullspace eig eigen diagonalize eigenvals eigenvalues eigenvects eigenvectors svd SVD "
        + "matrix pmatrix bmatrix vmatrix")
    keywords = table()
  }

  private typealias Add = (LatexToken.Kind, String, UInt8) -> Void

  private static func addLayout(_ add: Add) {
    add(.skipped, ", thinspace : medspace ; thickspace quad qquad ! negthinspace negmedspace", 0)
    add(.skipped, "negthickspace $ vrule vcenter vbox vskip vspace hfil", 0)
    add(.leftParenthesis, "(", 0)
    add(.rightParenthesis, ")", 0)
    add(.leftGroup, "lgroup", 0)
    add(.rightGroup, "rgroup", 0)
    add(.leftSet, "{ lbrace", 0)
    add(.rightSet, "} rbrace", 0)
    add(.leftBracket, "lbrack", 0)
    add(.rightBracket, "rbrack", 0)
    add(.boxed, "phantom boxed", 0)
    add(.leftVertical, "lvert", 0)
    add(.rightVertical, "rvert", 0)
    add(.vertical, "vert", 0)
    add(.norm, "|", 0)
    add(.leftFloor, "lfloor llcorner", 0)
    add(.rightFloor, "rfloor lrcorner", 0)
    add(.leftCeiling, "lceil ulcorner", 0)
    add(.rightCeiling, "rceil urcorner", 0)
    for kind in ["matrix", "pmatrix", "bmatrix"] {
      add(.matrixStart, "begin{\(kind)}", 0)
      add(.matrixEnd, "end{\(kind)}", 0)
    }
    add(.matrixEnd, "end{array}", 0)
    add(.determinantStart, "begin{vmatrix}", 0)
    add(.determinantEnd, "end{vmatrix}", 0)
    add(.rowEnd, "\\ cr", 0)
    add(.casesStart, "begin{cases}", 0)
    add(.casesEnd, "end{cases}", 0)
    add(.systemStart, "begin{system}", 0)
    add(.systemEnd, "end{system}", 0)
    add(.condition, "mid", 0)
    add(.percentSign, "%", 0)
  }

  private static func addFunctions(_ add: Add) {
    let functions: [(String, Function)] = [
      ("log lg", .log), ("ln", .ln), ("abs", .absolute), ("factorial", .factorial), ("exp", .exp),
      ("sin", .sin), ("cos", .cos), ("tan", .tan),
      ("csc", .csc), ("sec", .sec), ("cot", .cot), ("arcsin", .arcsin), ("arccos", .arccos),
      ("arctan", .arctan), ("arccsc", .arccsc), ("arcsec", .arcsec), ("arccot", .arccot),
      ("sinh", .sinh), ("cosh", .cosh), ("tanh", .tanh), ("arsinh arcsinh", .arsinh),
      ("arcosh arccosh", .arcosh), ("artanh arctanh", .artanh), ("floor", .floor),
      ("ceil", .ceiling), ("det", .determinant),
    ]
    for (names, function) in functions { add(.function, names, function.rawValue) }
    let lists: [(String, Function)] = [
      ("gcd", .gcd), ("lcm", .lcm), ("max", .maximum), ("min", .minimum),
      ("binomial", .binomial),
    ]
    for (names, function) in lists { add(.listFunction, names, function.rawValue) }
    add(.gammaFunction, "Gamma gamma", 0)
    add(.limit, "lim", 0)
    add(.approach, "to rightarrow Rightarrow longrightarrow Longrightarrow", 0)
    add(.integral, "int", 0)
    add(.bigSum, "sum", 0)
    add(.bigProduct, "prod", 0)
    add(.root, "sqrt", 0)
    add(.fraction, "frac dfrac tfrac cfrac", 0)
    add(.binomial, "binom tbinom dbinom", 0)
    add(.choose, "choose", 0)
    add(.operatorName, "operatorname", 0)
    add(.euler, "exponentialE", 0)
  }

  private static func addOperators(_ add: Add) {
    add(.times, "times cdot", 0)
    add(.divide, "div over", 0)
    add(.modulo, "mod bmod", 0)
    add(.congruence, "pmod", 0)
    add(.element, "in", 0)
    add(.notElement, "notin", 0)
    add(.equal, "equiv", 0)
    add(.approximately, "approx", 0)
    add(.less, "lt", 0)
    add(.lessOrEqual, "leq le leqslant", 0)
    add(.greater, "gt", 0)
    add(.greaterOrEqual, "geq ge geqslant", 0)
    add(.unequal, "ne neq not\\equiv", 0)
    add(.union, "cup", 0)
    add(.intersection, "cap", 0)
    add(.setMinus, "setminus", 0)
    add(.plusMinus, "pm", 0)
    add(.plusMinus, "mp", 1)
    add(.subset, "supseteq subseteq", 0)
    add(.infinity, "infty", 0)
    add(.partial, "partial", 0)
    add(.degree, "degree", 0)
    for (name, set) in [
      ("N", NumberSet.naturals), ("Z", .integers), ("Q", .rationals), ("R", .reals),
      ("C", .complexes),
    ] { add(.numberSet, "mathbb{\(name)}", set.rawValue) }
    add(.numberSet, "emptyset varnothing {\\} lbrace\\rbrace", NumberSet.empty.rawValue)
  }

  private static func addNames(_ add: Add) {
    add(
      .greek,
      "alpha beta delta Delta epsilon varepsilon zeta eta theta Theta vartheta iota kappa lambda "
        + "Lambda mu nu xi Xi omicron pi Pi varpi rho varrho sigma Sigma varsigma tau upsilon "
        + "Upsilon phi Phi varphi chi psi Psi omega Omega", 0)
    add(
      .otherSymbol,
      "Bbbk wp nabla bigstar angle nexists diagdown measuredangle eth diagup sphericalangle "
        + "clubsuit Diamond complement diamondsuit imath Finv triangledown heartsuit "
        + "jmath Game triangle spadesuit ell hbar vartriangle hslash blacklozenge lozenge "
        + "blacksquare mho blacktriangle sharp prime Im flat square backprime Re natural surd "
        + "circledS ldots", 0)
    add(
      .accent,
      "acute bar overline breve check widecheck dot ddot grave hat tilde widetilde vec "
        + "overrightarrow bm boldsymbol text textit textbf textnormal mathbb mathbin mathbf "
        + "mathcal mathclap mathclose mathellipsis mathfrak mathinner mathit mathnormal mathop "
        + "mathopen mathord mathpunct mathrel mathring mathrlap mathrm mathscr mathsf "
        + "mathsterling mathtt mbox", 0)
  }

  private static func addSymbols(_ add: Add) {
    add(.plus, "+ ∔ ⊕ ⊞", 0)
    add(.minus, "- − ∸", 0)
    add(.times, "* × ⋅ ⋄ ⊡ ∗ ⋆ ∘ ∙ ⊗ ⊠ ⋈ ⋉ ⋊", 0)
    add(.divide, "/ ÷ ∕ :", 0)
    add(.leftParenthesis, "(", 0)
    add(.rightParenthesis, ")", 0)
    add(.leftBracket, "[", 0)
    add(.rightBracket, "]", 0)
    add(.leftBrace, "{", 0)
    add(.rightBrace, "}", 0)
    add(.bar, "|", 0)
    add(.ampersand, "&", 0)
    add(.underscore, "_", 0)
    add(.caret, "^", 0)
    add(.transpose, "^T ^{T} ^{\\top} '", 0)
    add(.degree, "^\\circ ^\\degree ^\\circle ^° ^{\\circ} ^{\\degree} ^{\\circle} ^{°}", 0)
    add(.semicolon, ";", 0)
    add(.comma, ",", 0)
    add(.period, ".", 0)
    add(.bang, "!", 0)
    add(.equal, "= == ≡ ≣ ≟ ≎ ≏ ≐ ≑ ≒ ≓ ≔ ≕ ≖ ≗", 0)
    add(.approximately, "~= ≈ ≊ ≋ ≃ ≅", 0)
    add(.less, "< ≪ ≺ ⋖", 0)
    add(.lessOrEqual, "≤ ≦ ≲ ≾ <=", 0)
    add(.greater, "> ≫ ≻ ⋗", 0)
    add(.greaterOrEqual, "≥ ≧ ≳ ≿ >=", 0)
    add(.unequal, "!= !== ≠ ≁ ≄ ≇ ≉ ≢", 0)
    add(.union, "∪", 0)
    add(.intersection, "∩", 0)
    add(.setMinus, "∖", 0)
    add(.plusMinus, "±", 0)
    add(.plusMinus, "∓", 1)
    add(.percentSign, "%", 0)
    add(.doubleBang, "!!", 0)
    add(.subset, "⊇ ⊆", 0)
    add(.notElement, "∉", 0)
    add(.numberSet, "∅", NumberSet.empty.rawValue)
    for (name, set) in [
      ("ℕ", NumberSet.naturals), ("ℤ", .integers), ("ℚ", .rationals), ("ℝ", .reals),
      ("ℂ", .complexes),
    ] { add(.numberSet, name, set.rawValue) }
    add(
      .greek,
      "α β γ Γ δ Δ ε ϵ ζ η θ Θ ϑ ι κ λ Λ μ ν ξ Ξ ο π Π ϖ ρ ϱ σ Σ ς τ υ Υ φ Φ ϕ χ ψ Ψ ω Ω", 0)
    add(.otherSymbol, "ℵ ℶ ℷ ℸ", 0)
  }
}
