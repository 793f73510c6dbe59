/// Commands that say how a formula looks, not what it means.
enum StyleCommands {
  enum Kind {
    /// Dropped, with the empty delimiter `.` that may follow.
    case size
    case ignored
    /// Dropped with so many arguments, which are not shown.
    case hidden(Int)
    /// Dropped with the name of a colour, before a number.
    case coloured
    /// The argument stands as it is.
    case transparent
    /// Words.
    case text
    /// Letters in another font.
    case letters
    /// Letters of another alphabet, which are other names.
    case alphabet(String)
    case operatorName
    /// Another spelling.
    case renamed(String)
  }

  static let kinds: [String: Kind] = {
    var table: [String: Kind] = [:]
    func add(_ kind: Kind, _ names: String) {
      for name in names.split(separator: " ") { table[String(name)] = kind }
    }
    add(
      .size,
      "left right middle mleft mright big Big bigg Bigg bigl bigr bigm Bigl Bigr Bigm biggl biggr "
        + "biggm Biggl Biggr Biggm")
    add(
      .ignored,
      "displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits tiny small normalsize "
        + "large Large LARGE huge Huge footnotesize scriptsize bf rm it sf tt sl boldmath strut "
        + "mathstrut notag nonumber hline bfseries itshape rmfamily enspace")
    add(.hidden(1), "hspace vspace label tag phantom hphantom vphantom")
    add(.coloured, "color textcolor colorbox")
    add(
      .transparent,
      "mathop mathbin mathrel mathord mathopen mathclose mathinner mathpunct ensuremath")
    add(.letters, "underline uline")
    add(.text, "text textbf textit textrm textsf texttt textsc textmd textup textsl textnormal")
    add(.text, "mbox hbox emph")
    add(.letters, "mathrm mathbf mathit mathsf mathtt mathnormal boldsymbol bm pmb symbf symrm")
    add(.alphabet("mathcal"), "mathcal mathscr cal")
    add(.alphabet("mathfrak"), "mathfrak frak")
    add(.alphabet("mathbb"), "mathbb Bbb")
    add(.operatorName, "operatorname")
    for (from, to) in [
      ("dfrac", "frac"), ("tfrac", "frac"), ("cfrac", "frac"), ("nicefrac", "frac"),
      ("sfrac", "frac"), ("tg", "tan"), ("ctg", "cot"),
      ("arctg", "arctan"), ("arcctg", "arccot"), ("cosec", "csc"), ("R", "mathbb{R}"),
      ("Z", "mathbb{Z}"), ("N", "mathbb{N}"), ("Q", "mathbb{Q}"), ("C", "mathbb{C}"),
      ("dots", "ldots"), ("cdots", "ldots"), ("dotsc", "ldots"), ("dotsb", "ldots"),
      ("vdots", "ldots"), ("ddots", "ldots"), ("dotsm", "ldots"), ("colon", "mid"),
      ("pounds", "$"), ("euro", "$"), ("yen", "$"),
    ] { table[from] = .renamed(to) }
    return table
  }()

  /// Names that `\operatorname{…}` gives to functions which have a command of their own.
  static let functions: Set<String> = [
    "sin", "cos", "tan", "csc", "sec", "cot", "arcsin", "arccos", "arctan", "arccsc", "arcsec",
    "arccot", "sinh", "cosh", "tanh", "log", "ln", "exp", "max", "min", "det", "abs",
  ]
  /// Names that the grammar reads inside `\operatorname{…}`.
  static let operators: Set<String> = [
    "gcd", "lcm", "floor", "ceil", "arsinh", "arcsinh", "arcosh", "arccosh", "artanh", "arctanh",
    "rank", "trace", "tr", "norm",
  ]
}
