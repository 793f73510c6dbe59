import CLuffy
import LuffyJSON
import LuffyKernels
import LuffyTensor

@_cdecl("luffy_abi_version") @implementation
public func luffy_abi_version() -> Int32 { Int32(LUFFY_ABI_VERSION) }

private let version = CText(LUFFY_VERSION)

@_cdecl("luffy_version_string") @implementation
public func luffy_version_string() -> UnsafePointer<CChar>? { version.pointer }

private let statusNames = [
  "LUFFY_OK", "LUFFY_ERROR_INVALID_ARGUMENT", "LUFFY_ERROR_OUT_OF_MEMORY", "LUFFY_ERROR_IO",
  "LUFFY_ERROR_CORRUPT", "LUFFY_ERROR_UNSUPPORTED", "LUFFY_ERROR_NOT_FOUND", "LUFFY_ERROR_SHAPE",
  "LUFFY_ERROR_BUSY", "LUFFY_ERROR_CANCELLED", "LUFFY_ERROR_NON_FINITE",
  "LUFFY_ERROR_BUFFER_TOO_SMALL", "LUFFY_ERROR_INTERNAL",
].map(CText.init)
private let unknownStatus = CText("unknown status")

@_cdecl("luffy_status_string") @implementation
public func luffy_status_string(_ status: luffy_status) -> UnsafePointer<CChar>? {
  let index = Int(status)
  return (statusNames.indices.contains(index) ? statusNames[index] : unknownStatus).pointer
}

private let noError = CText("")

@_cdecl("luffy_last_error") @implementation
public func luffy_last_error() -> UnsafePointer<CChar>? { LastError.pointer ?? noError.pointer }

private let buildInfo = ThreadText()

@_cdecl("luffy_build_info") @implementation
public func luffy_build_info() -> UnsafePointer<CChar>? {
  let writer = JSONWriter()
  writer.object {
    writer.key("version")
    writer.write(LUFFY_VERSION)
    writer.key("abi")
    writer.write(Int(LUFFY_ABI_VERSION))
    writer.key("isa")
    writer.write(Kernels.instructionSet)
    writer.key("allocator")
    writer.write(Arena.allocatorName)
    writer.key("threads")
    writer.write(Threads.pool.threads)
  }
  buildInfo.set(writer.text)
  return buildInfo.pointer
}

// MARK: The whole process

@_cdecl("luffy_set_threads") @implementation
public func luffy_set_threads(_ count: Int32) -> luffy_status {
  call {
    guard (0...1024).contains(count) else {
      throw CallError.invalid("count is \(count), expected 0 (one a core) to 1024")
    }
    Threads.set(count == 0 ? Threads.coreCount : Int(count))
  }
}

extension luffy_memory_stats_t: VersionedStruct {
  static let typeName = "luffy_memory_stats"
  static var initial: Self {
    Self(
      struct_size: UInt32(size), reserved: 0, live_bytes: 0, peak_bytes: 0, mapped_bytes: 0)
  }
}

@_cdecl("luffy_memory_stats") @implementation
public func luffy_memory_stats(
  _ stats: UnsafeMutablePointer<luffy_memory_stats_t>?
) -> luffy_status {
  call {
    let now = MemoryStatistics.current
    var result = luffy_memory_stats_t.initial
    result.live_bytes = UInt64(clamping: now.live)
    result.peak_bytes = UInt64(clamping: now.peak)
    result.mapped_bytes = UInt64(clamping: now.mapped)
    try result.write(stats, "stats")
  }
}
