#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Texts that belong to a thread: freed when it sets another, and when it ends.
struct ThreadText: Sendable {
  private let key: pthread_key_t

  init() {
    var key = pthread_key_t()
    pthread_key_create(&key) { value in free(value) }
    self.key = key
  }

  func set(_ text: String) {
    free(pthread_getspecific(key))
    // Not by strdup, whose memory has no reserve.
    var text = text
    let copy = text.withUTF8 { bytes -> UnsafeMutableRawPointer? in
      let copy = malloc(bytes.count + 1)
      if let start = bytes.baseAddress { copy?.copyMemory(from: start, byteCount: bytes.count) }
      copy?.storeBytes(of: 0, toByteOffset: bytes.count, as: UInt8.self)
      return copy
    }
    pthread_setspecific(key, copy)
  }

  var pointer: UnsafePointer<CChar>? {
    pthread_getspecific(key).map { UnsafePointer($0.assumingMemoryBound(to: CChar.self)) }
  }
}

/// The text of a thread's last failure.
enum LastError {
  private static let text = ThreadText()

  static func set(_ message: String) { text.set(message) }

  static var pointer: UnsafePointer<CChar>? { text.pointer }
}
