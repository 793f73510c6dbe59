/// HTML or SVG whose text is escaped already.
struct Markup: Sendable {
  let html: String

  /// Text of a file or an option, escaped.
  static func text(_ text: String) -> Markup { Markup(html: escape(text)) }

  static let nothing = Markup(html: "")

  /// An element with attributes in the order given; their values are escaped.
  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup]
  ) -> Markup {
    Markup(html: opening(name, attributes) + ">" + joined(children) + "</\(name)>")
  }

  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String
  ) -> Markup { element(name, attributes, [.text(text)]) }

  /// An element that holds nothing: `<br>` of HTML; SVG wants the slash.
  static func empty(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) -> Markup {
    Markup(html: opening(name, attributes) + "/>")
  }

  static func + (left: Markup, right: Markup) -> Markup { Markup(html: left.html + right.html) }

  private static func opening(
    _ name: String, _ attributes: KeyValuePairs<String, String>
  ) -> String {
    "<\(name)" + attributes.map { " \($0.key)=\"\(escape($0.value))\"" }.joined()
  }

  private static func joined(_ children: [Markup]) -> String {
    children.map(\.html).joined()
  }

  /// Also of what HTML forbids: control characters become U+FFFD.
  static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Markup {
  /// A titled part of a page.
  static func section(_ title: String, _ children: [Markup]) -> Markup {
    element("section", [.element("h2", text: title)] + children)
  }

  static func paragraph(_ text: String) -> Markup { element("p", text: text) }

  /// A table that scrolls sideways where it is wider than the page. First cells of rows are headings.
  static func table(_ head: [String], _ rows: [[String]]) -> Markup {
    let top = element("tr", head.map { element("th", ["scope": "col"], text: $0) })
    let body = rows.map { row in
      element(
        "tr",
        row.enumerated().map { index, cell in
          index == 0
            ? element("th", ["scope": "row"], text: cell) : element("td", text: cell)
        })
    }
    return element(
      "div", ["class": "scroll"],
      [
        element(
          "table", [element("thead", head.isEmpty ? [] : [top]), element("tbody", body)])
      ])
  }

  private static func element(_ name: String, _ children: [Markup]) -> Markup {
    element(name, [:], children)
  }
}
