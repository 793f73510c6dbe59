import CLuffyJSON

/// Writes one JSON text by events. Numbers that are not finite become null.
///
/// A writer that runs out of memory has an empty text, and `takeFailure` tells so.
public final class JSONWriter {
  private let handle: OpaquePointer?

  public init(pretty: Bool = false) { handle = luffyjson_writer_create(pretty) }
  deinit { luffyjson_writer_free(handle) }

  public func null() { luffyjson_write_null(handle) }
  public func write(_ value: Bool) { luffyjson_write_bool(handle, value) }
  public func write(_ value: Int) { luffyjson_write_int64(handle, Int64(value)) }
  public func write(_ value: Double) { luffyjson_write_double(handle, value) }

  public func write(_ value: String) {
    with(value) { luffyjson_write_string(handle, $0, $1) }
  }

  public func key(_ name: String) {
    with(name) { luffyjson_write_key(handle, $0, $1) }
  }

  public func array(_ body: () throws -> Void) rethrows {
    luffyjson_write_start_array(handle)
    try body()
    luffyjson_write_end_array(handle)
  }

  public func object(_ body: () throws -> Void) rethrows {
    luffyjson_write_start_object(handle)
    try body()
    luffyjson_write_end_object(handle)
  }

  /// Whether a writer of this thread ran out of memory since the last question.
  public static func takeFailure() -> Bool { luffyjson_take_failure() }

  /// What has been written so far.
  public var text: String {
    var length = 0
    guard let bytes = luffyjson_writer_text(handle, &length) else { return "" }
    return bytes.withMemoryRebound(to: UInt8.self, capacity: length) {
      String(decoding: UnsafeBufferPointer(start: $0, count: length), as: UTF8.self)
    }
  }

  /// What has been written; nil where there was no memory for all of it.
  public var wholeText: String? {
    let text = text
    return luffyjson_writer_is_whole(handle) ? text : nil
  }

  private func with(_ text: String, _ body: (UnsafePointer<CChar>, Int) -> Void) {
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        if let start = $0.baseAddress { body(start, $0.count) } else { body("", 0) }
      }
    }
  }
}
