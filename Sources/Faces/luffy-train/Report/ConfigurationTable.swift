import Foundation

/// The configuration that a run or comparison stored, as a table.
struct ConfigurationTable {
  let directory: URL

  init(_ directory: URL) { self.directory = directory }

  /// The first that is there.
  private static let files = ["compare.json", "options.json", "config.yaml"]

  var markup: Markup {
    for name in Self.files {
      let url = directory.appendingPathComponent(name)
      guard let data = try? Data(contentsOf: url) else { continue }
      let content: Markup
      if let object = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] {
        content = table(object)
      } else {
        content = .element("pre", ["class": "scroll"], text: String(decoding: data, as: UTF8.self))
      }
      return .section("Configuration", [.element("p", ["class": "note"], text: name), content])
    }
    return .nothing
  }

  private func table(_ object: [String: Any]) -> Markup {
    .element(
      "div", ["class": "pairs"],
      [
        .table(
          ["key", "value"], object.keys.sorted().map { [$0, Self.text(object[$0])] })
      ])
  }

  private static func text(_ value: Any?) -> String {
    switch value {
    case nil, is NSNull: "–"
    case let list as [Any]: list.map { text($0) }.joined(separator: ", ")
    case let number as NSNumber: number.description
    case .some(let other): "\(other)"
    }
  }
}
