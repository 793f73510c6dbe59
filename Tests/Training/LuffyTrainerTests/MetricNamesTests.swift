import Foundation
import LuffyObjective
import LuffyTrainer
import Testing

/// `docs/metrics.md` lists every metric of a step, and nothing else.
@Suite struct MetricNamesTests {
  @Test func everyNameIsDocumented() throws {
    let fixture = TrainerFixture()
    let model = try fixture.model()
    let trainer = try Trainer(model, objective: .luffy())
    let step = try trainer.step(try fixture.groups(model)).present.map(\.name)
    let known = Set(step + ObjectiveMetric.allCases.map(\.name))
    let documented = try Self.documented()
    #expect(known.subtracting(documented).sorted() == [])
    #expect(documented.subtracting(known).sorted() == [])
  }

  /// The names in the first cells of its tables.
  private static func documented() throws -> Set<String> {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    let text = try String(
      contentsOf: root.appendingPathComponent("docs/metrics.md"), encoding: .utf8)
    var names: Set<String> = []
    for line in text.split(separator: "\n") where line.hasPrefix("| `") {
      let cell = line.dropFirst(2).split(separator: "|")[0]
      let quoted = cell.split(separator: "`", omittingEmptySubsequences: false)
      var group = ""
      for name in quoted.enumerated().filter({ $0.offset % 2 == 1 }).map(\.element) {
        let whole = name.replacing("…/", with: group)
        group = whole.split(separator: "/").dropLast().joined(separator: "/") + "/"
        if let open = whole.firstIndex(of: "{"), let close = whole.firstIndex(of: "}") {
          let choices = whole[whole.index(after: open)..<close].split(separator: ",")
          for choice in choices { names.insert(String(whole[..<open]) + choice) }
        } else {
          names.insert(String(whole))
        }
      }
    }
    return names
  }
}
