import Foundation
import Glibc
import LuffyCheckpoint
import Testing

/// The one rule for every directory that is written: whole or nothing, links followed, a user's files kept.
@Suite struct DirectoryReplacementTests {
  private func replace(
    _ path: String, with text: String, method: DirectoryReplacement.Method = .exchange,
    mayReplaceFiles: Bool = true
  ) throws {
    let replacement = try DirectoryReplacement(
      of: path, method: method, mayReplaceFiles: mayReplaceFiles
    ) { $0.hasPrefix("own") }
    // The last is not among the names that are the writer's own in any case.
    for name in ["own-a", "own-b", "config"] {
      try FileSystem.replace(replacement.file(name), with: text)
    }
    try replacement.commit()
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test(arguments: [DirectoryReplacement.Method.exchange, .renames, .files])
  func aUsersFilesLiveOn(method: DirectoryReplacement.Method) throws {
    let files = FileManager.default
    let directory = try TemporaryDirectory()
    let path = directory.path + "/model"
    try replace(path, with: "one")
    _ = try directory.file("model/README.md", Array("mine".utf8))
    _ = try directory.file("model/own-stale", [])
    try files.createDirectory(
      atPath: path + "/sub/deep", withIntermediateDirectories: true)
    _ = try directory.file("model/sub/deep/notes", Array("deep".utf8))
    try files.createSymbolicLink(atPath: path + "/link", withDestinationPath: "README.md")
    // A name that is no text.
    let odd: [CChar] = path.utf8CString.dropLast() + [47, -1, 0]
    close(open(odd, O_CREAT | O_WRONLY, 0o600))
    chmod(path, 0o750)
    try replace(path, with: "two", method: method)
    for name in ["own-a", "own-b", "config"] { #expect(try text("\(path)/\(name)") == "two") }
    #expect(try text(path + "/README.md") == "mine")
    #expect(try text(path + "/link") == "mine")
    #expect(try text(path + "/sub/deep/notes") == "deep")
    #expect(access(odd, F_OK) == 0)
    #expect(!files.fileExists(atPath: path + "/own-stale"))
    #expect(try directory.names() == ["model"])
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o750)
  }

  @Test func aLinkIsFollowed() throws {
    let directory = try TemporaryDirectory()
    try replace(directory.path + "/step-100", with: "one")
    let link = directory.path + "/latest"
    #expect(symlink("step-100", link) == 0)
    try replace(link, with: "two")
    #expect(try text(directory.path + "/step-100/own-a") == "two")
    // One that points to nothing yet.
    let other = directory.path + "/other"
    #expect(symlink(directory.path + "/made", other) == 0)
    try replace(other, with: "three")
    #expect(try text(directory.path + "/made/own-a") == "three")
    #expect(try directory.names() == ["latest", "made", "other", "step-100"])
    for name in [link, other] {
      var status = stat()
      #expect(lstat(name, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }
    // A file behind a link, too.
    let file = directory.path + "/file-link"
    #expect(symlink("step-100/own-a", file) == 0)
    try FileSystem.replace(file, with: "four")
    #expect(try text(directory.path + "/step-100/own-a") == "four")
  }

  @Test func whatDeadWritersLeftIsRemoved() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/model"
    let stale = "model.1-0123456789abcdef.incomplete"
    try FileManager.default.createDirectory(
      atPath: "\(directory.path)/\(stale)/sub", withIntermediateDirectories: true)
    _ = try directory.file("\(stale)/own-a", [1])
    // Neither a temporary name nor this target's.
    for name in ["model.backup.incomplete", "models.1-0123456789abcdef.incomplete"] {
      _ = try directory.file(name, [])
    }
    // A living writer's is locked.
    let living = try DirectoryReplacement(of: path, mayReplaceFiles: true) { _ in false }
    #expect(try !directory.names().contains(stale))
    try replace(path, with: "two")
    #expect(FileManager.default.fileExists(atPath: living.path))
    try living.commit()
    #expect(
      try directory.names() == [
        "model", "model.backup.incomplete", "models.1-0123456789abcdef.incomplete",
      ])
  }

  @Test func aWriterThatIsGivenUpLeavesNothing() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/deep/model"
    do { _ = try DirectoryReplacement(of: path, mayReplaceFiles: true) { _ in false } }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path + "/deep").isEmpty)
    _ = try directory.file("file", [1])
    #expect(throws: CheckpointError.self) { try replace(directory.path + "/file", with: "x") }
    #expect(throws: CheckpointError.self) {
      try FileSystem.replace(directory.path + "/deep", with: "x")
    }
  }

  /// Many writers and readers of one directory at once: every reader finds files of one save.
  @Test(arguments: [DirectoryReplacement.Method.exchange, .renames])
  func readersNeverMeetHalfASave(method: DirectoryReplacement.Method) async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/model"
    try replace(path, with: "0")
    // Two renames are for one writer at a time.
    let writers = method == .exchange ? 3 : 1
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 1...writers {
        group.addTask {
          for number in 0..<60 {
            try self.replace(path, with: "\(writer)-\(number)", method: method)
          }
        }
      }
      for _ in 0..<2 {
        group.addTask {
          for _ in 0..<400 {
            let (a, b) = try DirectoryReading.consistent(path) {
              (try self.text($0 + "/own-a"), try self.text($0 + "/own-b"))
            }
            #expect(a == b)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try directory.names() == ["model"])
  }

  /// In a process of its own, since it changes the working directory.
  @Test func theWorkingDirectoryStays() async {
    await #expect(processExitsWith: .success) {
      let directory = try TemporaryDirectory()
      guard chdir(directory.path) == 0 else { exit(2) }
      let before = try DirectoryReplacementTests.number(".")
      try DirectoryReplacementTests().replace(".", with: "one")
      _ = try directory.file("README.md", Array("mine".utf8))
      try DirectoryReplacementTests().replace(".", with: "two")
      guard try DirectoryReplacementTests.number(".") == before else { exit(3) }
      guard try directory.names() == ["README.md", "config", "own-a", "own-b"] else { exit(4) }
      guard try String(contentsOfFile: "own-b", encoding: .utf8) == "two" else { exit(5) }
      do {
        try DirectoryReplacementTests().replace(".", with: "three", mayReplaceFiles: false)
        exit(6)
      } catch let error as CheckpointError {
        guard error.kind == .unsupported else { exit(7) }
      }
    }
  }

  private static func number(_ path: String) throws -> UInt64 {
    var status = stat()
    guard stat(path, &status) == 0 else { throw POSIXError(.ENOENT) }
    return UInt64(status.st_ino)
  }
}
