/// A whole page: everything it needs is in it.
struct ReportPage {
  var title: String
  var summary: [Markup]
  var sections: [Markup]

  var html: String {
    let head = Markup.element(
      "head", [:],
      [
        .empty("meta", ["charset": "utf-8"]),
        .empty("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .empty(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content":
              "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:",
          ]),
        .empty("link", ["rel": "icon", "href": "data:,"]),
        .element("title", text: title),
        // A style sheet and a script of ours: their text is not HTML.
        .element("style", [:], [Markup(html: ReportStyle.css + TokenScale.css)]),
      ])
    let body = Markup.element(
      "body", [:],
      [.element("header", [:], [.element("h1", text: title)] + summary)] + sections
        + [
          .element(
            "footer", text: "Made by luffy-train report; what each part means: docs/report.md."),
          .element("script", [:], [Markup(html: ReportStyle.script)]),
        ])
    return "<!DOCTYPE html>\n"
      + Markup.element("html", ["lang": "en"], [head, body]).html + "\n"
  }
}
