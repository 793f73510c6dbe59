import Foundation
import Glibc
import LuffyCheckpoint
import Testing

/// A full disk gives a typed error and leaves what was there.
@Suite struct DiskFullTests {
  @Test func aFullDeviceIsDiskFull() throws {
    let file = OutputFile(path: "/dev/full", descriptor: open("/dev/full", O_WRONLY))
    let error = #expect(throws: CheckpointError.self) { try file.write("x") }
    #expect(error?.kind == .diskFull)
    // The torn file cannot be completed any more.
    #expect(throws: CheckpointError.self) { try file.write("y") }
    #expect(throws: CheckpointError.self) { try file.close() }
  }

  /// In a process of its own, since the limit holds for all of a process's files.
  @Test func aFileSizeLimitLeavesThePreviousArchive() async {
    await #expect(processExitsWith: .success) {
      let directory = try TemporaryDirectory()
      let path = directory.path + "/state"
      try Self.write(path, count: 10)
      let model = try directory.file("model.safetensors", [1, 2, 3])
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1 << 20, rlim_max: 1 << 20)
      guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(3) }
      do {
        try Self.write(path, count: 2_000_000)
        exit(4)
      } catch let error as CheckpointError {
        guard error.kind == .diskFull else { exit(5) }
      }
      guard try StateArchive(path: path).words("x").count == 10 else { exit(6) }
      do {
        try Self.writeTensor(model, count: 1_000_000)
        exit(7)
      } catch let error as CheckpointError {
        guard error.kind == .diskFull else { exit(8) }
      }
      guard try Data(contentsOf: URL(fileURLWithPath: model)).count == 3 else { exit(9) }
      guard try directory.names() == ["model.safetensors", "state"] else { exit(10) }
    }
  }

  static func write(_ path: String, count: Int) throws {
    let writer = try StateArchiveWriter(path: path)
    try writer.add("x", [UInt64](repeating: 7, count: count))
    try writer.commit()
  }

  static func writeTensor(_ path: String, count: Int) throws {
    let tensor = TensorDescription(name: "x", shape: [count], storedType: .f32)
    let writer = try SafetensorsWriter(path: path, tensors: [tensor])
    try [Float](repeating: 1, count: count).withUnsafeBufferPointer { try writer.write("x", $0) }
    try writer.finish()
  }
}
