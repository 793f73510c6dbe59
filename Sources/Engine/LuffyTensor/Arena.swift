internal import CLuffySIMD
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory that could not be had.
public struct OutOfMemory: Error, CustomStringConvertible, Equatable {
  public let bytes: Int

  package init(bytes: Int) { self.bytes = bytes }

  public var description: String { "out of memory: \(bytes) bytes were asked for" }
}

/// Bytes that the library's arenas hold, over the whole process.
public struct MemoryStatistics: Sendable, Equatable {
  /// In buffers now.
  public var live: Int
  /// The most that `live` has been.
  public var peak: Int
  /// Taken from the system: `live` rounded up to pages or to the allocator's size classes.
  public var mapped: Int

  private static let liveBytes = Atomic<Int>(0)
  private static let peakBytes = Atomic<Int>(0)
  private static let mappedBytes = Atomic<Int>(0)

  public static var current: MemoryStatistics {
    MemoryStatistics(
      live: liveBytes.load(ordering: .relaxed), peak: peakBytes.load(ordering: .relaxed),
      mapped: mappedBytes.load(ordering: .relaxed))
  }

  static func add(_ bytes: Int, mapped: Int) {
    let now = liveBytes.add(bytes, ordering: .relaxed).newValue
    peakBytes.max(now, ordering: .relaxed)
    mappedBytes.add(mapped, ordering: .relaxed)
  }
}

/// Where an engine's memory comes from: an arena of jemalloc when the process has jemalloc, else pages of its own.
package final class Arena: Sendable {
  private let number: UInt32
  private let usesJemalloc: Bool
  private let liveBytes = Atomic<Int>(0)

  /// Bytes in this arena's buffers now.
  package var live: Int { liveBytes.load(ordering: .relaxed) }

  package init() {
    number = luffy_jemalloc_create_arena()
    usesJemalloc = luffy_has_jemalloc() != 0
  }

  /// Every buffer holds its arena, so none is left here.
  deinit { luffy_jemalloc_destroy_arena(number) }

  /// As in `luffy_build_info()`.
  package static var allocatorName: String { luffy_has_jemalloc() != 0 ? "jemalloc" : "mmap" }

  private static let page = 4096

  private static func pages(_ bytes: Int) -> Int { (bytes + page - 1) & ~(page - 1) }

  /// Uninitialised memory, aligned to 64 bytes at least.
  func allocate(_ bytes: Int) throws(OutOfMemory) -> UnsafeMutableRawPointer {
    guard bytes >= 0, bytes < 1 << 46 else { throw OutOfMemory(bytes: bytes) }
    let size = max(bytes, 64)
    if usesJemalloc {
      guard let block = luffy_jemalloc_allocate(size, number) else {
        throw OutOfMemory(bytes: bytes)
      }
      Self.askForHugePages(block, size)
      account(bytes, mapped: size)
      return block
    }
    let mapped = Self.pages(size)
    let block = mmap(nil, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
    guard let block, block != MAP_FAILED else { throw OutOfMemory(bytes: bytes) }
    Self.askForHugePages(block, mapped)
    account(bytes, mapped: mapped)
    return block
  }

  /// Only a wish: fewer page faults and fewer misses of the table of pages, where the system has it.
  private static func askForHugePages(_ block: UnsafeMutableRawPointer, _ bytes: Int) {
    #if canImport(Glibc)
      if bytes >= Int(LUFFY_HUGE_BYTES) { madvise(block, bytes & ~(page - 1), MADV_HUGEPAGE) }
    #endif
  }

  private func account(_ bytes: Int, mapped: Int) {
    liveBytes.add(bytes, ordering: .relaxed)
    MemoryStatistics.add(bytes, mapped: mapped)
  }

  func free(_ block: UnsafeMutableRawPointer, _ bytes: Int) {
    let size = max(bytes, 64)
    if usesJemalloc {
      luffy_jemalloc_free(block, size, number)
      account(-bytes, mapped: -size)
    } else {
      munmap(block, Self.pages(size))
      account(-bytes, mapped: -Self.pages(size))
    }
  }
}

/// A span of an arena with one owner; its memory goes back when the owner goes.
package struct Buffer<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
  package let pointer: UnsafeMutablePointer<Element>
  package let count: Int
  private let arena: Arena

  /// Uninitialised.
  package init(_ count: Int, in arena: Arena) throws(OutOfMemory) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflow, count >= 0 else { throw OutOfMemory(bytes: Int.max) }
    pointer = try arena.allocate(bytes).bindMemory(to: Element.self, capacity: max(count, 1))
    self.count = count
    self.arena = arena
  }

  package init(_ count: Int, filledWith value: Element, in arena: Arena) throws(OutOfMemory) {
    try self.init(count, in: arena)
    pointer.initialize(repeating: value, count: count)
  }

  /// Of numbers whose zero is all bits clear.
  package init(zeros count: Int, in arena: Arena) throws(OutOfMemory) {
    try self.init(count, in: arena)
    memset(pointer, 0, count * MemoryLayout<Element>.stride)
  }

  package var span: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: pointer, count: count)
  }

  deinit { arena.free(UnsafeMutableRawPointer(pointer), count * MemoryLayout<Element>.stride) }

  /// A buffer behind a reference, for collections of them.
  package final class Owner {
    package let buffer: Buffer

    package init(_ count: Int, in arena: Arena) throws(OutOfMemory) {
      buffer = try Buffer(count, in: arena)
    }

    package init(zeros count: Int, in arena: Arena) throws(OutOfMemory) {
      buffer = try Buffer(zeros: count, in: arena)
    }

    package var pointer: UnsafeMutablePointer<Element> { buffer.pointer }
    package var count: Int { buffer.count }
    package var span: UnsafeMutableBufferPointer<Element> { buffer.span }

    package convenience init(
      copying source: UnsafeMutableBufferPointer<Element>, in arena: Arena
    ) throws(OutOfMemory) {
      try self.init(source.count, in: arena)
      if let start = source.baseAddress {
        buffer.pointer.update(from: start, count: source.count)
      }
    }
  }
}

/// A buffer that grows when more is asked for and is otherwise used again. What it held is lost when it grows.
package final class Scratch<Element: BitwiseCopyable> {
  private let arena: Arena
  private var pointer: UnsafeMutablePointer<Element>?
  private var capacity = 0

  package init(in arena: Arena) { self.arena = arena }

  /// Room for `count` elements, with whatever the last user left in it.
  package func take(_ count: Int) throws(OutOfMemory) -> UnsafeMutablePointer<Element> {
    if let pointer, (0...capacity).contains(count) { return pointer }
    release()
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflow, count >= 0 else { throw OutOfMemory(bytes: Int.max) }
    let made = try arena.allocate(bytes).bindMemory(to: Element.self, capacity: max(count, 1))
    pointer = made
    capacity = count
    return made
  }

  package func release() {
    if let pointer {
      arena.free(UnsafeMutableRawPointer(pointer), capacity * MemoryLayout<Element>.stride)
    }
    pointer = nil
    capacity = 0
  }

  deinit { release() }
}
