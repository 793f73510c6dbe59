import Foundation
import LuffyRecords
import Testing

@Suite struct RecordFileTests {
  private let path = FileManager.default.temporaryDirectory
    .appendingPathComponent(UUID().uuidString).path

  private var text: String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }

  @Test func linesAreKeptAndCut() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    do {
      let file = try RecordFile(path, keeping: 0)
      for line in 1...5 { try file.append("{\"n\":\(line)}") }
      #expect(file.lines == 5)
    }
    do {
      let file = try RecordFile(path, keeping: 3)
      try file.append("new")
    }
    #expect(text == "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\nnew\n")
    let error = #expect(throws: RecordError.self) { _ = try RecordFile(path, keeping: 9) }
    #expect(error?.description.contains("has 9 lines of it, but it holds 4") == true)
    #expect(text.hasSuffix("new\n"))
  }

  @Test func oneWriterAtATime() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try RecordFile(path, keeping: 0)
    try file.append("first")
    #expect(throws: RecordError.self) { _ = try RecordFile(path, keeping: 0) }
    #expect(text == "first\n")
    try withExtendedLifetime(file) { try file.append("second") }
    #expect(text == "first\nsecond\n")
  }

  @Test func numbersAreWrittenAsCWritesThem() {
    #expect((2.0 / 3).rounded(to: 3) == "0.667" && 1e20.rounded(to: 0) == "100000000000000000000")
    #expect((-0.04).rounded(to: 1) == "-0.0" && 1234.5.significant(3) == "1.23e+03")
  }
}
