import Foundation
import LuffyCheckpoint
import Testing

@Suite struct StateArchiveTests {
  private func write(_ path: String, seed: Float, count: Int = 300_000) throws {
    let writer = try StateArchiveWriter(path: path)
    let values = (0..<count).map { seed + Float($0) }
    try values.withUnsafeBufferPointer { try writer.add("weights", $0) }
    try writer.add("loss", [0.1, -.infinity, .nan])
    try writer.add("rng", [UInt64.max, 7])
    try writer.add("settings", Array("{}".utf8))
    try writer.add("nothing", [UInt64]())
    try values.withUnsafeBufferPointer { try writer.add("moments", $0) }
    try writer.commit()
  }

  private func seed(_ path: String) throws -> Float {
    try #require(try StateArchive(path: path).floats("weights").first)
  }

  @Test func roundTripIsExact() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/deep/state/"
    // More than one block of data.
    try write(path, seed: 0.5, count: 1_500_000)
    let archive = try StateArchive(path: path)
    #expect(
      archive.arrays.map(\.name)
        == ["weights", "loss", "rng", "settings", "nothing", "moments"])
    let expected = (0..<1_500_000).map { 0.5 + Float($0) }
    #expect(try archive.floats("weights") == expected)
    var moments = [Float](repeating: 0, count: expected.count)
    try moments.withUnsafeMutableBufferPointer { try archive.read("moments", into: $0) }
    #expect(moments == expected)
    #expect(
      try archive.doubles("loss").map(\.bitPattern)
        == [0.1, -.infinity, .nan].map(\.bitPattern))
    #expect(try archive.words("rng") == [.max, 7])
    #expect(try archive.bytes("settings") == Array("{}".utf8))
    #expect(try archive.words("nothing").isEmpty)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: directory.path + "/deep") == ["state"])
  }

  @Test func wrongQuestionsGetTypedErrors() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/state"
    try write(path, seed: 1)
    let archive = try StateArchive(path: path)
    #expect(throws: CheckpointError.self) { try archive.floats("absent") }
    #expect(throws: CheckpointError.self) { try archive.words("weights") }
    var short = [Float](repeating: 0, count: 3)
    let error = #expect(throws: CheckpointError.self) {
      try short.withUnsafeMutableBufferPointer { try archive.read("weights", into: $0) }
    }
    #expect(error?.kind == .shape)
    let writer = try StateArchiveWriter(path: path)
    try writer.add("twice", [UInt64(1)])
    #expect(throws: CheckpointError.self) { try writer.add("twice", [UInt64(1)]) }
  }

  @Test func replacesAndCleansUp() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/state"
    for number in 1...3 {
      try write(path, seed: Float(number))
      #expect(try seed(path) == Float(number))
      #expect(try directory.names() == ["state"])
    }
    // A writer that is given up leaves the archive and no trace.
    do {
      let writer = try StateArchiveWriter(path: path)
      try writer.add("x", [UInt64(1)])
    }
    #expect(try directory.names() == ["state"])
    #expect(try seed(path) == 3)
  }

  /// Every moment of a commit at which the process can die, on file systems without an exchange, too.
  @Test func recoversFromACrashAtEachStep() throws {
    let files = FileManager.default
    let directory = try TemporaryDirectory()
    let path = directory.path + "/state"
    try write(path, seed: 1)
    // While writing: a torso beside the archive.
    let torso = "state.1-00000000000000aa.incomplete"
    try files.createDirectory(
      atPath: directory.path + "/" + torso, withIntermediateDirectories: false)
    _ = try directory.file(torso + "/arrays.bin", [1, 2, 3])
    #expect(try seed(path) == 1)
    // Between two renames.
    try files.moveItem(atPath: path, toPath: path + ".luffy-previous")
    #expect(try seed(path) == 1)
    #expect(try StateArchive(path: path).path.hasSuffix(".luffy-previous"))
    // The next writer puts it back before it starts, and its own crash changes nothing.
    do { _ = try StateArchiveWriter(path: path) }
    #expect(try seed(path) == 1)
    #expect(try directory.names() == ["state"])
  }

  @Test func damageIsFoundWhereverItIs() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/state"
    try write(path, seed: 1, count: 1_500_000)
    for name in ["arrays.bin", "manifest.json", "manifest.xxh64"] {
      let file = "\(path)/\(name)"
      let good = try Data(contentsOf: URL(fileURLWithPath: file))
      for place in [0, good.count / 2, good.count - 1] {
        var bad = good
        bad[place] ^= 4
        try bad.write(to: URL(fileURLWithPath: file))
        let error = #expect(throws: CheckpointError.self) { try StateArchive(path: path) }
        #expect(error?.kind == .corrupt)
        if name == "arrays.bin" {
          #expect(error?.file == file)
          #expect(error?.byte == place / (4 << 20) * (4 << 20))
        }
      }
      for length in [0, 1, good.count - 1] {
        try good.prefix(length).write(to: URL(fileURLWithPath: file))
        #expect(throws: CheckpointError.self) { try StateArchive(path: path) }
      }
      try FileManager.default.removeItem(atPath: file)
      let error = #expect(throws: CheckpointError.self) { try StateArchive(path: path) }
      #expect(error?.kind == .missing)
      try good.write(to: URL(fileURLWithPath: file))
    }
    #expect(try seed(path) == 1)
  }

  @Test func nothingElseIsReplaced() throws {
    let directory = try TemporaryDirectory()
    _ = try directory.file("thesis.tex", [1])
    let error = #expect(throws: CheckpointError.self) {
      try StateArchiveWriter(path: directory.path)
    }
    #expect(error?.kind == .unsupported)
    #expect(try directory.names() == ["thesis.tex"])
    #expect(throws: CheckpointError.self) {
      try StateArchiveWriter(path: directory.path + "/thesis.tex")
    }
  }
}
