import LuffyCheckpoint
import LuffyOptions

/// The configuration that a run or comparison stored, as a table.
struct ConfigurationTable {
  private let directory: String

  init(_ directory: String) { self.directory = directory }

  /// The first that is there; `config.yaml` is of version 0.1.0.
  private static let files = ["compare.json", "options.json", "config.json", "config.yaml"]

  var markup: Markup {
    for name in Self.files {
      guard let bytes = try? FileSystem.contents(of: FileSystem.join(directory, name)) else {
        continue
      }
      let text = String(decoding: bytes, as: UTF8.self)
      let content: Markup =
        if case .map(let members)? = try? ConfigurationValue(json: text, in: "") {
          table(members)
        } else {
          .element("pre", ["class": "scroll"], text: text)
        }
      return .section("Configuration", [.element("p", ["class": "note"], text: name), content])
    }
    return .nothing
  }

  private func table(_ members: [ConfigurationValue.Member]) -> Markup {
    .element(
      "div", ["class": "pairs"],
      [.table(["key", "value"], members.map { [$0.key, Self.text($0.value)] })])
  }

  private static func text(_ value: ConfigurationValue) -> String {
    switch value {
    case .null: "–"
    case .string(let text): text
    case .list(let items): items.map(text).joined(separator: ", ")
    case .map(let members):
      members.map { "\($0.key): \(text($0.value))" }.joined(separator: ", ")
    default: value.description
    }
  }
}
