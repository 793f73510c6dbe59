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
    pthread_setspecific(key, strdup(text))
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
