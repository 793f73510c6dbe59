import LuffyOptions
import Testing

private struct Knobs: Sendable {
  var count = 3
  var limit: Int?
  var rate = 0.5
  var name: String?

  static let keys: [ConfigurationKey<Knobs>] = [
    .init("count", \.count, "How many", in: 1...9), .init("limit", \.limit, "At most", in: 2...4),
    .init("rate", \.rate, "How fast"), .init("name", \.name, "Whose"),
  ]
}

@Suite struct ConfigurationTests {
  private func set(_ name: String, _ value: ConfigurationValue) throws -> Knobs {
    var knobs = Knobs()
    try #require(Knobs.keys.first { $0.name == name }).set(&knobs, value, in: "file:1: ")
    return knobs
  }

  private func refusal(_ name: String, _ value: ConfigurationValue) -> String {
    do { _ = try set(name, value) } catch { return "\(error)" }
    return ""
  }

  @Test func keysTakeTheirTypeAndRange() throws {
    #expect(try set("count", .int(9)).count == 9 && set("rate", .int(2)).rate == 2)
    #expect(try set("limit", .null).limit == nil && set("limit", .int(4)).limit == 4)
    #expect(
      refusal("count", .int(10)) == "file:1: count: expected a whole number of 1 to 9, found 10")
    #expect(
      refusal("limit", .int(5)).contains("expected a whole number of 2 to 4 or null, found 5"))
    #expect(refusal("rate", .double(.infinity)).contains("expected a number"))
    #expect(refusal("name", .bool(true)).contains("expected text or null, found true"))
  }

  @Test func unknownNamesComeWithTheNearest() {
    let known = ["keep_last", "max_new_tokens", "lr"]
    #expect(
      ConfigurationError.unknown("keep-lost", "key", among: known).description
        == "keep-lost: unknown key; did you mean keep_last?")
    #expect(
      ConfigurationError.unknown("zzzzzzzz", "key", among: known).description
        .hasSuffix("known are keep_last, lr, max_new_tokens"))
  }

  @Test func jsonReadsBack() throws {
    let text = #"{"a":1,"b":[true,null,-2.5,"é"],"c":{"d":10000000000,"e":0.1}}"#
    let value = try ConfigurationValue(json: text, in: "")
    #expect(value.json == text && value["c"]?["d"] == .int(10_000_000_000))
    #expect(try ConfigurationValue(json: value.prettyJSON, in: "") == value)
    #expect(throws: ConfigurationError.self) {
      _ = try ConfigurationValue(json: "{\"a\":", in: "x: ")
    }
  }
}
