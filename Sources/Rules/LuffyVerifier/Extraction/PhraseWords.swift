/// The words that mean something inside or around a plain answer.
enum PhraseWords {
  /// Names that stand for mathematics, and what they are in LaTeX.
  static let mathematics: [String: String] = [
    "sqrt": "\\sqrt", "cbrt": "\\sqrt[3]", "pi": "\\pi ", "infinity": "\\infty ",
    "inf": "\\infty ", "sin": "\\sin ", "cos": "\\cos ", "tan": "\\tan ", "cot": "\\cot ",
    "sec": "\\sec ", "csc": "\\csc ", "log": "\\log ", "ln": "\\ln ", "exp": "\\exp ",
    "arcsin": "\\arcsin ", "arccos": "\\arccos ", "arctan": "\\arctan ", "sinh": "\\sinh ",
    "cosh": "\\cosh ", "tanh": "\\tanh ", "max": "\\max ", "abs": "\\abs ", "min": "\\min ",
    "gcd": "\\gcd ",
    "theta": "\\theta ", "alpha": "\\alpha ", "beta": "\\beta ", "lambda": "\\lambda ",
  ]

  /// Names that take an argument in parentheses: as words they are not mathematics.
  static let calls: Set<String> = [
    "sqrt", "cbrt", "sin", "cos", "tan", "cot", "sec", "csc", "log", "ln", "exp", "arcsin",
    "arccos", "arctan", "sinh", "cosh", "tanh", "max", "min", "gcd", "abs",
  ]

  /// Symbols past ASCII: an operand, an operator or the like.
  static let operands: [(String, String)] = [
    ("π", "\\pi "), ("∞", "\\infty "), ("∅", "\\emptyset "), ("θ", "\\theta "), ("α", "\\alpha "),
    ("β", "\\beta "), ("λ", "\\lambda "), ("ℝ", "\\mathbb{R}"), ("ℤ", "\\mathbb{Z}"),
    ("ℕ", "\\mathbb{N}"), ("ℚ", "\\mathbb{Q}"), ("½", "\\frac{1}{2}"), ("⅓", "\\frac{1}{3}"),
    ("⅔", "\\frac{2}{3}"), ("¼", "\\frac{1}{4}"), ("¾", "\\frac{3}{4}"), ("⅕", "\\frac{1}{5}"),
    ("⅖", "\\frac{2}{5}"), ("⅗", "\\frac{3}{5}"), ("⅘", "\\frac{4}{5}"), ("⅙", "\\frac{1}{6}"),
    ("⅚", "\\frac{5}{6}"), ("⅛", "\\frac{1}{8}"), ("⅜", "\\frac{3}{8}"), ("⅝", "\\frac{5}{8}"),
    ("⅞", "\\frac{7}{8}"),
  ]
  static let operators: [(String, String)] = [
    ("×", "\\times "), ("÷", "/"), ("·", "\\cdot "), ("−", "-"), ("≤", "\\le "), ("≥", "\\ge "),
    ("≠", "\\ne "), ("≈", "\\approx "), ("∪", "\\cup "), ("∩", "\\cap "), ("∈", "\\in "),
    ("±", "\\pm "), ("\u{2010}", "-"), ("\u{2011}", "-"), ("\u{FF1D}", "="), ("\u{FF0B}", "+"),
  ]
  /// What may stand between an anchor and the answer without being the answer.
  static let qualifiers: Set<String> = [
    "approximately", "about", "around", "roughly", "exactly", "approx", "nearly", "almost",
    "simply", "just", "equal", "equals", "to", "the", "number", "value", "thus", "therefore",
    "hence", "is", "are", "be", "then", "indeed", "still", "now", "clearly", "given", "by",
    "only", "option", "choice", "rs", "usd", "eur", "gbp", "a", "total", "of", "so", "i", "s",
    "was", "were", "must", "should", "will", "would", "final", "correct", "probability",
    "fraction", "sum", "product", "ratio", "point", "set", "interval", "pair", "list", "integer",
    "integers", "numbers", "values", "range", "equation", "expression", "function", "polynomial",
    "both", "here", "found", "as", "in", "this", "question", "problem", "it", "that",
  ]

  /// Words that turn what follows into something that is not the answer.
  static let denials: Set<String> = [
    "not", "isn't", "isn", "aren't", "never", "neither", "nor", "cannot", "less", "greater",
    "fewer", "more", "least", "most", "between", "except", "unlike", "larger", "smaller", "bigger",
    "higher", "lower", "above", "below", "exceeds", "from", "unknown", "wasn't", "doesn't",
  ]

  /// Words that begin a statement of a program.
  static let statements: Set<String> = ["return", "import", "lambda", "def"]

  /// Functions of programs that are mathematics, beside those of `mathematics`.
  static let callables: Set<String> = [
    "abs", "floor", "ceil", "lcm", "factorial", "binomial", "acos", "asin", "atan",
  ]

  /// Units that join into one measure: "4 hours and 30 minutes" is one answer.
  static let measures: Set<String> = [
    "hours", "hour", "minutes", "minute", "seconds", "second", "days", "day", "weeks", "week",
    "months", "month", "years", "year", "feet", "foot", "inches", "inch", "yards", "yard", "miles",
    "mile", "pounds", "pound", "ounces", "ounce", "dollars", "dollar", "euros", "euro", "meters",
    "meter", "metres", "metre", "kilometers", "kilometer", "centimeters", "grams", "gram",
    "kilograms", "kilogram", "liters", "liter", "litres", "litre", "gallons", "gallon", "quarts",
    "quart", "pints", "pint", "cups", "cup", "degrees", "degree", "tens", "ten", "hundreds",
    "hundred", "thousands", "thousand", "hr", "hrs", "h", "min", "mins", "s", "sec", "ft", "in",
    "m", "km", "cm", "kg", "g", "lb", "lbs", "oz",
  ]

  /// Words after a number that make it a part of something else.
  static let continuations: Set<String> = [
    "to", "plus", "minus", "times", "divided", "over", "multiplied", "through", "choose",
    "squared", "cubed", "mod", "modulo", "factorial", "squares",
  ]

  /// Words of two or three letters that are no product of variables.
  static let shortWords: Set<String> = [
    "is", "of", "in", "to", "at", "on", "by", "if", "so", "as", "we", "it", "the", "for", "per",
    "out", "all", "any", "are", "was", "but", "not", "and", "or", "he", "she", "his", "her", "has",
    "had", "be", "cm", "km", "mm", "kg", "mg", "ml", "hr", "ft", "mi", "min", "sec", "lb", "oz",
    "mph", "th", "st", "nd", "rd", "am", "pm", "yd", "no", "do", "my", "me", "us", "you", "now",
    "who", "how", "yes", "let", "can", "may", "one", "two", "six", "ten", "day", "men", "hz",
  ]

  /// One-letter units that stand right after a number in prose ("2600g").
  static let unitLetters = Set("gmshlLWVJNkK".utf8)
}
