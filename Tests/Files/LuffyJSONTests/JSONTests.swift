import LuffyJSON
import Testing

@Test func readsEveryKind() throws {
  let root = try JSONDocument(
    parsing: #"{"a":[1,2.5,-3e2],"b":{"c":"é\n"},"d":true,"e":null,"big":18446744073709551615}"#
  ).root
  #expect(root.kind == .object)
  #expect(root["a"]?.elements.compactMap(\.double) == [1, 2.5, -300])
  #expect(root["a"]?[0]?.int == 1)
  #expect(root["a"]?[1]?.int == nil)
  #expect(root["a"]?[2]?.int == -300)
  #expect(root["a"]?[3] == nil)
  #expect(root["b"]?["c"]?.string == "é\n")
  #expect(root["d"]?.bool == true)
  #expect(root["e"] == nil)
  #expect(root["big"]?.uint64 == UInt64.max)
  #expect(root["big"]?.int == nil)
  #expect(root.members.map(\.key) == ["a", "b", "d", "e", "big"])
}

@Test func refusesWithTheByte() throws {
  for (text, byte) in [("[1,2", 4), ("{\"a\":}", 5), ("", 0), ("[1] x", 4)] {
    do {
      _ = try JSONDocument(parsing: text)
      Issue.record("accepted \(text)")
    } catch { #expect(error.byte == byte, "\(text): \(error)") }
  }
  #expect(throws: JSONError.self) { try JSONDocument(parsing: [0x22, 0xff, 0x22]) }
}

@Test func aMillionBracketsCostNoStack() throws {
  let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
  #expect(throws: JSONError.self) { try JSONDocument(parsing: deep) }
  let closed = deep + [UInt8](repeating: UInt8(ascii: "]"), count: 1_000_000)
  #expect(try JSONDocument(parsing: closed).root.count == 1)
}

@Test func writesWhatItReads() throws {
  let writer = JSONWriter()
  writer.object {
    writer.key("x")
    writer.array {
      writer.write(1)
      writer.write(0.1)
      writer.write(Double.nan)
      writer.write(true)
      writer.write("\"quoted\" \u{1} ✓")
    }
  }
  let root = try JSONDocument(parsing: writer.text).root
  #expect(root["x"]?[1]?.double == 0.1)
  #expect(root["x"]?[2]?.isNull == true)
  #expect(root["x"]?[4]?.string == "\"quoted\" \u{1} ✓")
  #expect(!writer.text.contains("\n"))
}

@Test func aLargeObjectTakesLinearTime() throws {
  let text = "{" + (0..<300_000).map { "\"key \($0)\":\($0)" }.joined(separator: ",") + "}"
  let clock = ContinuousClock()
  var count = 0
  let elapsed = try clock.measure { count = try JSONDocument(parsing: text).root.members.count }
  #expect(count == 300_000)
  #expect(elapsed < .seconds(10))  // quadratic: minutes
}

/// As in Python: the last value, in the place of the first; in objects at any depth.
@Test func theLastOfEqualKeysCounts() throws {
  let text = #"{"a":1,"b":[{"c":1,"d":2,"c":3}],"a":{"e":0,"e":{"f":1,"f":2}}}"#
  let root = try JSONDocument(parsing: text).root
  #expect(root.members.map(\.key) == ["a", "b"])
  #expect(root["a"]?["e"]?["f"]?.int == 2)
  #expect(root["a"]?.count == 1)
  #expect(root["b"]?[0]?["c"]?.int == 3)
  #expect(root["b"]?[0]?.members.map(\.key) == ["c", "d"])
  let many = "{" + (0..<100_000).map { "\"k\($0 % 50_000)\":\($0)" }.joined(separator: ",") + "}"
  let large = try JSONDocument(parsing: many).root
  #expect(large.count == 50_000)
  #expect(large["k7"]?.int == 50_007)
}

@Test func ofEqualKeysTheLastCounts() throws {
  let root = try JSONDocument(
    parsing: #"{"a":1,"b":{"x":1,"x":2,"y":3},"a":2,"c":[{"k":0,"k":null}],"\u0061":3}"#
  ).root
  #expect(root["a"]?.int == 3)
  #expect(root.members.map(\.key) == ["a", "b", "c"])
  #expect(root.count == 3)
  #expect(root["b"]?["x"]?.int == 2)
  #expect(root["b"]?.members.map(\.key) == ["x", "y"])
  // Null is the last, so that the member is absent.
  #expect(root["c"]?[0]?["k"] == nil)
  let many = "{" + (0..<3000).map { "\"key \($0 % 1000)\":\($0)" }.joined(separator: ",") + "}"
  let members = try JSONDocument(parsing: many).root.members
  #expect(members.count == 1000)
  #expect(members.allSatisfy { ($0.value.int ?? 0) >= 2000 })
}

@Test func linesOfAnyEditor() throws {
  let text = "\u{FEFF}{\"a\":1}\r\n\r\n  \t\r\n{\"a\":2}\n\n{\"a\":\"\u{2028}\"}"
  let lines = Array(JSONLinesText(Array(text.utf8)))
  #expect(lines.map(\.number) == [1, 4, 6])
  #expect(try lines.map { try $0.document().root["a"]?.int } == [1, 2, nil])
  #expect(Array(JSONLinesText([])).isEmpty)
  #expect(Array(JSONLinesText(Array("\u{FEFF}\r\n".utf8))).isEmpty)
  #expect(throws: JSONError.self) { try Array(JSONLinesText(Array("{\"a\"".utf8)))[0].document() }
}
