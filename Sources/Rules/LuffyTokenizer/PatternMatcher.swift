import CPCRE2
import Glibc

/// Runs one pattern over texts: what a thread needs beside the shared code.
///
/// A search is bounded in steps (a constant plus a share for each byte of the text) and, in the
/// interpreter, in heap; all searches of a text are bounded in processor time. A catastrophic pattern is an error, not a
/// hang.
@safe final class PatternMatcher {
  let pattern: Pattern
  private let data: OpaquePointer
  private let context: OpaquePointer
  private let usesJIT: Bool
  /// Searches of this text so far, and the processor time of this thread at which they end.
  private var searches = 0
  private var deadline = Double.infinity

  init(_ pattern: Pattern) throws(TokenizerError) {
    guard let data = unsafe pcre2_match_data_create_8(1, nil) else {
      throw Self.outOfMemory(pattern)
    }
    guard let context = unsafe pcre2_match_context_create_8(nil) else {
      unsafe pcre2_match_data_free_8(data)
      throw Self.outOfMemory(pattern)
    }
    self.pattern = pattern
    unsafe self.data = unsafe data
    unsafe self.context = unsafe context
    usesJIT = pattern.isJITCompiled
    unsafe pcre2_set_heap_limit_8(context, 64 << 10)  // KiB
  }

  deinit {
    unsafe pcre2_match_data_free_8(data)
    unsafe pcre2_match_context_free_8(context)
  }

  private static func outOfMemory(_ pattern: Pattern) -> TokenizerError {
    .matchingFailed(pattern: pattern.text, byte: 0, reason: "out of memory")
  }

  /// Allows for a text of this many bytes.
  func setLimit(bytes: Int) {
    let limit = min(4_000_000 + 16 * bytes, Int(UInt32.max))
    unsafe pcre2_set_match_limit_8(context, UInt32(limit))
    searches = 0
    deadline = .infinity
    allowance = 2 + 2e-6 * Double(bytes)
  }

  /// Seconds that the searches of this text may take: many times what any sensible pattern needs.
  private var allowance = 2.0

  /// How many searches pass between two looks at the clock.
  private static let interval = 64

  /// A pattern that looks at the whole text from each place costs the square of its length, in steps that no limit counts.
  private func checkTime(at start: Int) throws(TokenizerError) {
    let now = Self.processorTime
    if deadline == .infinity { deadline = now + allowance }
    if now > deadline {
      throw .matchingFailed(
        pattern: pattern.text, byte: start,
        reason: "its searches of this text took more than \(allowance) seconds")
    }
  }

  /// Seconds of this thread.
  private static var processorTime: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  /// The first match at or after `start`; nil where there is none. `text` is valid UTF-8.
  @inline(__always)
  func first(
    in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) throws(TokenizerError) -> (start: Int, end: Int)? {
    guard let base = text.baseAddress else { return nil }
    searches &+= 1
    if searches % Self.interval == 0 { try checkTime(at: start) }
    var status: Int32 = PCRE2_ERROR_JIT_STACKLIMIT
    if usesJIT {
      status = unsafe pcre2_jit_match_8(pattern.code, base, text.count, start, 0, data, context)
    }
    if status == PCRE2_ERROR_JIT_STACKLIMIT {
      let options = UInt32(PCRE2_NO_JIT) | UInt32(PCRE2_NO_UTF_CHECK)
      status = unsafe pcre2_match_8(pattern.code, base, text.count, start, options, data, context)
    }
    if status == PCRE2_ERROR_NOMATCH { return nil }
    guard status >= 0, let bounds = unsafe pcre2_get_ovector_pointer_8(data) else {
      throw .matchingFailed(
        pattern: pattern.text, byte: start, reason: Pattern.message(status))
    }
    return unsafe (min(bounds[0], bounds[1]), bounds[1])  // \K may put the start behind the end
  }
}
