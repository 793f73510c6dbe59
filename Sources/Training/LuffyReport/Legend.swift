/// Names beside the strokes that a page's charts use for them.
struct Legend {
  /// Colours and dashes there are; see `ReportStyle`.
  static let slots = 8

  var entries: [(name: String, slot: Int)]

  var markup: Markup {
    .element(
      "ul", ["class": "legend"],
      entries.map { entry in
        .element(
          "li", [:],
          [
            .element(
              "svg", ["viewBox": "0 0 28 8", "aria-hidden": "true"],
              [
                .empty(
                  "line", ["class": "s\(entry.slot)", "x1": "0", "x2": "28", "y1": "4", "y2": "4"])
              ]),
            .text(entry.name),
          ])
      })
  }
}
