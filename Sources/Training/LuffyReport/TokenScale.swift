import LuffyRecords

/// What tokens can be coloured by, and the colours: classes that the style sheet fills for the chosen mode.
enum TokenScale: String, CaseIterable {
  case probability = "p"
  case weight = "w"
  case shaped = "s"
  case gradient = "g"
  case advantage = "a"

  var title: String {
    switch self {
    case .probability: "log-prob"
    case .weight: "weight before shaping"
    case .shaped: "weight after shaping"
    case .gradient: "gradient weight"
    case .advantage: "advantage"
    }
  }

  var explanation: String {
    switch self {
    case .probability: "π_θ of the token before the step: the rarer, the stronger the colour."
    case .weight:
      "The importance ratio: 1 for own tokens (π_θ = π_old), π_θ for teacher tokens (π_φ = 1). Without shaping it is "
        + "the gradient weight, too: the rarer a teacher token, the less it is learned."
    case .shaped: "f of the ratio: with LUFFY π/(π+γ) on teacher tokens, which lifts rare ones."
    case .gradient:
      "∂f/∂log π, what the advantage is multiplied by in the token's gradient: with LUFFY γπ/(π+γ)², largest at π = γ, "
        + "so rare teacher tokens are pushed and certain ones left alone. Same colours as the weights."
    case .advantage:
      "The row's reward minus the mean of its group: blue tokens are made more probable, orange ones less."
    }
  }

  /// Upper edges of the classes; the last class is open.
  private var edges: [Double] {
    switch self {
    case .probability: [0.003, 0.01, 0.03, 0.1, 0.3, 0.7, 0.95]
    case .weight, .shaped, .gradient: [0.003, 0.01, 0.03, 0.1, 0.2, 0.4, 0.8]
    case .advantage: [-0.5, -0.2, -0.001, 0.001, 0.2, 0.5]
    }
  }

  /// Of a value: a probability, a weight or an advantage.
  func cssClass(_ value: Double) -> String {
    "\(rawValue)\(edges.firstIndex { value < $0 } ?? edges.count)"
  }

  /// The classes' ranges, in words.
  private var labels: [String] {
    func text(_ value: Double) -> String { Axis.label(value, .number) }
    if self == .advantage {
      return ["< −0.5", "−0.5…", "−0.2…", "0", "0…", "0.2…", "≥ 0.5"]
    }
    return ["< \(text(edges[0]))"] + edges.map { "\(text($0))…" }
  }

  /// Red, green and blue of the hue, and how much of it.
  private func colour(_ index: Int) -> (hue: String, strength: Double) {
    if self == .advantage {
      let distance = Double(abs(index - 3))
      return (index < 3 ? "--warm" : "--cool", distance / 3)
    }
    let position = Double(index) / Double(edges.count)
    return ("--cool", self == .probability ? 1 - position : position)
  }

  var legend: Markup {
    .element(
      "div", ["class": "key key-\(rawValue)"],
      [
        .element("p", ["class": "note"], text: explanation),
        .element(
          "ul", ["class": "k\(rawValue)"],
          labels.enumerated().map { index, label in
            .element("li", ["class": "\(rawValue)\(index)"], text: label)
          }),
      ])
  }

  /// For every mode: its tokens' colours, its legend and its pressed button while it is chosen.
  static var css: String {
    allCases.map { mode in
      let name = mode.rawValue
      let colours = mode.labels.indices.map { index in
        let (hue, strength) = mode.colour(index)
        let share = strength.rounded(to: 2)
        let fill = "rgb(var(\(hue)) / calc(\(share) * var(--depth)))"
        return
          "#mode-\(name):checked ~ .groups .\(name)\(index), .k\(name) .\(name)\(index) { background: \(fill); }"
      }
      return
        (colours + [
          "#mode-\(name):checked ~ .key-\(name) { display: block; }",
          "#mode-\(name):checked ~ .modes label[for=mode-\(name)] { border-color: var(--c0); box-shadow: inset 0 0 0 1px var(--c0); }",
          "#mode-\(name):focus-visible ~ .modes label[for=mode-\(name)] { outline: 2px solid var(--c0); }",
        ]).joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
